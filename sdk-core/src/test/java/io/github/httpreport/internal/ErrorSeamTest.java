package io.github.httpreport.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.Batching;
import io.github.httpreport.CloseSummary;
import io.github.httpreport.Destination;
import io.github.httpreport.RetryPolicy;
import io.github.httpreport.SendResult;
import io.github.httpreport.SenderMetrics;
import io.github.httpreport.SenderMetrics.BatchObserver;
import io.github.httpreport.WhenFull;
import io.github.httpreport.error.SendException;
import io.github.httpreport.http.Response;
import io.github.httpreport.internal.delivery.FakeProtocol;
import io.github.httpreport.internal.node.Lists;
import io.github.httpreport.internal.spool.store.Spool;
import io.github.httpreport.internal.transport.CannedResponses;
import io.github.httpreport.internal.transport.FakeTransport;
import io.github.httpreport.internal.transport.Transport;
import io.github.httpreport.node.NodeSelector;
import io.github.httpreport.node.NodeSource;
import io.github.httpreport.protocol.WireProtocol;
import io.github.httpreport.spool.SpoolSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An {@code Error} from every method that a sender calls on something that is not its own: each
 * future completes, so does a flush, all places and the whole buffer are free again, the next send
 * works, and the sums of {@code close} are exact.
 */
@Timeout(60)
class ErrorSeamTest {

  private static final Duration AWHILE = Duration.ofSeconds(20);
  private static final int BUFFER = 64 << 10;
  private static final List<Class<?>> SEAMS =
      List.of(
          WireProtocol.class,
          SenderMetrics.class,
          BatchObserver.class,
          NodeSource.class,
          NodeSelector.class,
          Transport.class);

  /** What every run of these tests calls often enough; the test would be blind without it. */
  private static final Set<String> REACHED =
      Set.of(
          "WireProtocol.classify/1",
          "WireProtocol.encode/3",
          "WireProtocol.maxRequestBytes/1",
          "WireProtocol.overheadOf/1",
          "WireProtocol.request/3",
          "WireProtocol.sizeOf/1",
          "WireProtocol.validate/1",
          "BatchObserver.attempted/1",
          "BatchObserver.ended/1",
          "BatchObserver.enqueued/0",
          "BatchObserver.started/2",
          "SenderMetrics.attempted/2",
          "SenderMetrics.batchOpened/1",
          "SenderMetrics.bufferUsed/2",
          "SenderMetrics.sent/3",
          "NodeSource.fetch/2",
          "NodeSelector.select/2",
          "Transport.execute/3",
          "Transport.executeHere/3",
          "Spool.append/1",
          "Spool.bytes/0",
          "Spool.commit/0",
          "Spool.entry/1",
          "Spool.remove/1");

  @TempDir Path temp;

  private final AtomicInteger accepted = new AtomicInteger();
  private final List<CompletableFuture<SendResult>> futures = new ArrayList<>();
  private final AtomicInteger requests = new AtomicInteger();

  static Stream<Arguments> seams() {
    return SEAMS.stream()
        .flatMap(seam -> Faulty.methods(seam).stream())
        .flatMap(
            method ->
                Stream.of(
                        new OutOfMemoryError("of another thread"),
                        new NoClassDefFoundError("absent"),
                        new StackOverflowError())
                    .flatMap(
                        thrown -> times(method).map(calls -> Arguments.of(method, thrown, calls))));
  }

  /** How often it throws. A group whose nodes cannot be found is asked for once a second only. */
  private static Stream<Integer> times(String method) {
    return method.equals("NodeSource.fetch/2") ? Stream.of(1) : Stream.of(1, 3);
  }

  /** Once each: a disk that failed is tried again after a second of real time. */
  static Stream<Arguments> disk() {
    return Faulty.methods(Spool.class).stream()
        .map(method -> Arguments.of(method, new OutOfMemoryError("of another thread"), 1));
  }

  @Test
  void reached_everyName_isThatOfAMethod() {
    assertThat(Stream.concat(SEAMS.stream(), Stream.of(Spool.class)).map(Faulty::methods))
        .flatMap(names -> names)
        .containsAll(REACHED);
  }

  @ParameterizedTest(name = "{0} throws {1} {2} times")
  @MethodSource("seams")
  void seamThrows_everyFutureCompletesAndTheNextSendWorks(
      String method, Throwable thrown, int calls) {
    run(new Faulty(method, thrown, calls), null);
  }

  @ParameterizedTest(name = "{0} throws {1} {2} times")
  @MethodSource("disk")
  void diskThrows_everyFutureCompletesAndTheNextSendWorks(
      String method, Throwable thrown, int calls) {
    Faulty faulty = new Faulty(method, thrown, calls);
    run(faulty, SpoolSettings.builder(temp.resolve("spool")).writeAhead(true).build());
  }

  private void run(Faulty faulty, @Nullable SpoolSettings spool) {
    Engine engine = engine(faulty, spool);
    for (int i = 0; i < 4; i++) {
      attempt(1, () -> engine.enqueue("enqueued", "group", "stream", null));
      attempt(2, () -> engine.sendAsync(List.of("a", "b"), "group", "stream", null));
      attempt(2, () -> completed(engine.send(List.of("c", "d"), "group", "stream", null)));
      flush(engine);
    }
    assertThat(futures).allSatisfy(future -> assertThat(future).isDone());
    assertThat(faulty.hasThrown() || !faulty.isOneOf(REACHED)).describedAs("was reached").isTrue();

    // Alone it needs almost all of the buffer, and the only place.
    String large = "x".repeat(BUFFER - 2_000);
    int before = futures.size();
    Awaitility.await()
        .atMost(AWHILE)
        .until(
            () -> {
              attempt(1, () -> completed(engine.send(List.of(large), "group", "stream", null)));
              return futures.size() > before;
            });

    CloseSummary summary = engine.close(AWHILE);
    assertThat(summary.sent() + summary.failed() + summary.spooled()).isEqualTo(accepted.get());
    assertThat(summary.abandoned()).isZero();
  }

  private static CompletableFuture<SendResult> completed(SendResult result) {
    return CompletableFuture.completedFuture(result);
  }

  /** What is thrown before a message was accepted is the caller's and counted by nobody. */
  private void attempt(int messages, Callable<CompletableFuture<SendResult>> call) {
    try {
      futures.add(call.call());
      accepted.addAndGet(messages);
    } catch (SendException failed) {
      accepted.addAndGet(messages);
    } catch (Throwable refused) {
      // Not accepted.
    }
  }

  private static void flush(Engine engine) {
    assertThat(engine.flush()).succeedsWithin(AWHILE.toSeconds(), TimeUnit.SECONDS);
  }

  private Engine engine(Faulty faulty, @Nullable SpoolSettings spool) {
    SenderSettings settings =
        new SenderSettings(
            "errors",
            faulty.around(WireProtocol.class, new FakeProtocol()),
            faulty.around(
                NodeSource.class, NodeSource.fixed(List.of(Lists.node(0), Lists.node(1)))),
            faulty.around(NodeSelector.class, NodeSelector.roundRobin()),
            RetryPolicy.builder()
                .maxAttempts(4)
                .backoff(Duration.ofMillis(1), Duration.ofMillis(2))
                .build(),
            Batching.builder().linger(Duration.ofMillis(1)).build(),
            BUFFER,
            WhenFull.fail(),
            AWHILE,
            AWHILE,
            1,
            null,
            null,
            null,
            spool,
            faulty.around(SenderMetrics.class, observing(faulty)),
            null);
    return new Engine(
        settings,
        (any, scheduler, callbacks) -> {
          FakeTransport transport = new FakeTransport(scheduler);
          transport.always(request -> response());
          return faulty.around(Transport.class, transport);
        },
        (known, protocol) -> faulty.around(Spool.class, Spool.open(known, protocol)));
  }

  private static SenderMetrics observing(Faulty faulty) {
    return new SenderMetrics() {
      @Override
      public BatchObserver batchOpened(Destination destination) {
        return faulty.around(BatchObserver.class, new BatchObserver() {});
      }
    };
  }

  /**
   * All that a delivery may meet: a no for a while, a refusal for its size, a node that is gone.
   */
  private CompletableFuture<Response> response() {
    return switch (requests.getAndIncrement() % 7) {
      case 1 -> CannedResponses.queueFull();
      case 2 -> CannedResponses.status(413);
      case 4 -> CannedResponses.refused();
      default -> CannedResponses.ok();
    };
  }
}
