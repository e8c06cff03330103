package io.github.httpreport.internal.telemetry;

import static io.github.httpreport.internal.delivery.DeliveryRig.DESTINATION;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.Attempt;
import io.github.httpreport.Destination;
import io.github.httpreport.SenderMetrics;
import io.github.httpreport.testsupport.LogCapture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GuardedMetricsTest {

  private static final Attempt ATTEMPT =
      Attempt.of("n0:1", Duration.ZERO, Attempt.Outcome.ACCEPTED, "0");
  private final RuntimeException cause = new IllegalStateException("no");

  /** Notes every call, and throws if told to. */
  private static final class Noting implements SenderMetrics {
    private final List<Object> calls = new ArrayList<>();
    private boolean broken;

    private void note(Object call) {
      calls.add(call);
      if (broken) {
        throw new IllegalStateException("broken");
      }
    }

    @Override
    public void attempted(Destination destination, Attempt attempt) {
      note(List.of(destination, attempt));
    }

    @Override
    public void sent(Destination destination, int messages, Duration elapsed) {
      note(List.of(destination, messages, elapsed));
    }

    @Override
    public void failed(Destination destination, int messages, RuntimeException cause) {
      note(List.of(destination, messages, cause));
    }

    @Override
    public void bufferUsed(long usedBytes, long maxBytes) {
      note(List.of(usedBytes, maxBytes));
    }

    @Override
    public void spooled(Destination destination, int messages) {
      note(List.of(destination, messages));
    }

    @Override
    public void spoolUsed(long messages, long usedBytes, long maxBytes) {
      note(List.of(messages, usedBytes, maxBytes));
    }

    @Override
    public void spoolExpired(Destination destination, int messages) {
      note(List.of("expired", destination, messages));
    }

    @Override
    public void spoolLost(long messages) {
      note(List.of("lost", messages));
    }

    @Override
    public void spoolBroken(boolean value) {
      note(List.of("broken", value));
    }

    @Override
    public void nodeEjected(String node, boolean ejected) {
      note(List.of(node, ejected));
    }

    @Override
    public void nodeRemoved(String node) {
      note(List.of("removed", node));
    }

    @Override
    public void closed() {
      note("closed");
    }
  }

  private void callAll(SenderMetrics metrics) {
    metrics.attempted(DESTINATION, ATTEMPT);
    metrics.sent(DESTINATION, 3, Duration.ofMillis(4));
    metrics.failed(DESTINATION, 5, cause);
    metrics.bufferUsed(6, 7);
    metrics.spooled(DESTINATION, 8);
    metrics.spoolUsed(9, 10, 11);
    metrics.spoolExpired(DESTINATION, 12);
    metrics.spoolLost(13);
    metrics.spoolBroken(true);
    metrics.nodeEjected("n0:1", false);
    metrics.nodeRemoved("n1:1");
    metrics.closed();
  }

  @Test
  void calls_arePassedOnAsTheyAre() {
    Noting noting = new Noting();

    callAll(GuardedMetrics.around(noting));

    assertThat(noting.calls).containsExactlyElementsOf(expected());
  }

  private List<Object> expected() {
    return List.of(
        List.of(DESTINATION, ATTEMPT),
        List.of(DESTINATION, 3, Duration.ofMillis(4)),
        List.of(DESTINATION, 5, cause),
        List.of(6L, 7L),
        List.of(DESTINATION, 8),
        List.of(9L, 10L, 11L),
        List.of("expired", DESTINATION, 12),
        List.of("lost", 13L),
        List.of("broken", true),
        List.of("n0:1", false),
        List.of("removed", "n1:1"),
        "closed");
  }

  @Test
  void calls_metricsThatThrow_areLoggedOnceAndGoOn() {
    Noting noting = new Noting();
    noting.broken = true;
    SenderMetrics guarded = GuardedMetrics.around(noting);
    try (LogCapture log = LogCapture.of(GuardedMetrics.class)) {
      callAll(guarded);
      callAll(guarded);

      assertThat(log.lines()).containsExactly("ERROR SenderMetrics threw; this is logged once");
    }
    assertThat(noting.calls).hasSize(24);
  }
}
