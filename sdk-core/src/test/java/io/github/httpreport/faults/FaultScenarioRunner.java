package io.github.httpreport.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.Batching;
import io.github.httpreport.CloseSummary;
import io.github.httpreport.HttpProxySender;
import io.github.httpreport.SendResult;
import io.github.httpreport.WhenFull;
import io.github.httpreport.error.BufferFullException;
import io.github.httpreport.error.MessageTooLargeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;

/** Puts a sender into one row and holds its promises against what happens. */
final class FaultScenarioRunner {

  private static final Duration SLACK = Duration.ofSeconds(15);
  private static final Duration TIME_TO_CLOSE = Duration.ofMillis(200);
  private static final long BUFFER = 512 * 1024;
  private static final String PROBE = "p";
  private static final int PROBES = 53;
  private static final Pattern NEEDS = Pattern.compile("needs ([0-9]+) bytes of buffer");
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private final FaultCase row;
  private final String name = "faults-" + NUMBERS.incrementAndGet();
  private final RecordingMetrics recorded = new RecordingMetrics();

  FaultScenarioRunner(FaultCase row) {
    this.row = row;
  }

  /** Lets everything settle in its own time, and then looks at what is left. */
  void complete() {
    try (FaultScenario scenario = row.scenario().get()) {
      HttpProxySender sender = sender(scenario, row.timeouts());
      try {
        Traffic traffic =
            new Traffic(sender, recorded, row.timeouts().deadline().plus(SLACK), row.expected());
        scenario.stage(traffic);
        scenario.play(traffic);
        traffic.awaitCompleted();
        int probes = probeRoom(sender);
        assertNoThreadShowsThem();
        CloseSummary summary = closeInTime(sender, Duration.ZERO);
        assertFreed(scenario);
        scenario.check();
        new Outcomes(traffic.sent(), scenario.stored(), false)
            .keepPromises()
            .addUp(summary, probes);
      } finally {
        sender.close(Duration.ZERO);
      }
    }
    assertGone();
  }

  /** Closes while the fault lasts and nothing can settle. */
  void close() {
    try (FaultScenario scenario = row.scenario().get()) {
      HttpProxySender sender = sender(scenario, TimeoutProfile.ENDLESS);
      try {
        Traffic traffic = new Traffic(sender, recorded, SLACK, row.expected().orDelivered());
        scenario.stage(traffic);
        scenario.begin(traffic);
        await("the fault is met").until(scenario::isMet);
        assertNoThreadShowsThem();
        CloseSummary summary = closeInTime(sender, TIME_TO_CLOSE);
        traffic.awaitCompleted();
        assertFreed(scenario);
        new Outcomes(traffic.sent(), scenario.stored(), true).keepPromises().addUp(summary, 0);
        assertThat(sender.close(TIME_TO_CLOSE)).as("closed again").isEqualTo(summary);
      } finally {
        sender.close(Duration.ZERO);
      }
    }
    assertGone();
  }

  private HttpProxySender sender(FaultScenario scenario, TimeoutProfile timeouts) {
    HttpProxySender.Builder builder =
        HttpProxySender.builder()
            .name(name)
            .metrics(recorded)
            .buffer(BUFFER, WhenFull.fail())
            .batching(Batching.builder().linger(Duration.ofMillis(5)).build());
    timeouts.applyTo(builder);
    scenario.show(builder);
    HttpProxySender sender = builder.build();
    Canary.assertNotIn(sender);
    return sender;
  }

  /**
   * Fills the room to its last byte, which fails when a byte of it was not given back. Returns how
   * many messages were accepted: none by a sender that the row has closed.
   */
  private static int probeRoom(HttpProxySender sender) {
    try {
      int excess = excess(sender.sendAsync(probe(0), Traffic.GROUP, Traffic.STREAM));
      CompletableFuture<SendResult> fits =
          sender.sendAsync(probe(excess), Traffic.GROUP, Traffic.STREAM);
      assertThat(failureOf(fits) instanceof BufferFullException).as("no room").isFalse();
      return PROBES;
    } catch (IllegalStateException closed) {
      return 0;
    }
  }

  private static List<String> probe(int less) {
    List<String> bodies = new ArrayList<>(Collections.nCopies(PROBES, PROBE.repeat(10_000)));
    bodies.set(0, PROBE.repeat(10_000 - less));
    return bodies;
  }

  private static int excess(CompletableFuture<SendResult> tooLarge) {
    Throwable error = failureOf(tooLarge);
    assertThat(error).isInstanceOf(MessageTooLargeException.class);
    Matcher needs = NEEDS.matcher(String.valueOf(error.getMessage()));
    assertThat(needs.find()).as("what is needed: %s", error).isTrue();
    return (int) (Long.parseLong(needs.group(1)) - BUFFER);
  }

  private static @Nullable Throwable failureOf(CompletableFuture<SendResult> future) {
    return future.isCompletedExceptionally()
        ? future.handle((result, error) -> error).join()
        : null;
  }

  /** Called on a thread of its own, so that a close that hangs is a failure like another. */
  private static CloseSummary closeInTime(HttpProxySender sender, Duration timeout) {
    CompletableFuture<CloseSummary> closed = Traffic.onItsOwnThread(() -> sender.close(timeout));
    assertThat(closed).as("close").succeedsWithin(timeout.plus(SLACK));
    return closed.join();
  }

  /** While the servers are still in their bad way. */
  private void assertFreed(FaultScenario scenario) {
    await("connections are closed").until(() -> scenario.openConnections() == 0);
    assertThat(recorded.leaks()).as("told to the metrics").isEmpty();
  }

  private void assertGone() {
    await("threads have ended").until(() -> threads().noneMatch(t -> t.startsWith(name + '-')));
  }

  private static void assertNoThreadShowsThem() {
    assertThat(threads()).noneMatch(Canary::isIn);
  }

  private static Stream<String> threads() {
    return Thread.getAllStackTraces().keySet().stream().map(Thread::getName);
  }

  private static ConditionFactory await(String what) {
    return Awaitility.await(what).atMost(SLACK).pollInterval(Duration.ofMillis(5));
  }
}
