package io.github.httpreport.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.httpreport.Attempt;
import io.github.httpreport.Destination;
import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ProxySender;
import io.github.httpreport.error.BufferFullException;
import io.github.httpreport.error.DeliveryTimeoutException;
import io.github.httpreport.error.FailureDetails;
import io.github.httpreport.error.NoNodeAvailableException;
import io.github.httpreport.error.RejectedException;
import io.github.httpreport.error.SendException;
import io.github.httpreport.inlong.InLongManager;
import io.github.httpreport.node.NodeSelector;
import io.github.httpreport.testkit.Fault;
import io.github.httpreport.testkit.LocalCluster;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class MicrometerSenderMetricsTest {

  private static final Destination DESTINATION = new Destination("g", "s");
  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void meters_afterARetriedAndARejectedSend_countBoth() {
    try (LocalCluster cluster = LocalCluster.start(1);
        ProxySender sender = sender(cluster)) {
      cluster.node(0).script(Fault.queueFull());
      sender.send(List.of("a", "b"), "group", "stream");
      cluster.node(0).script(Fault.code("115"));
      assertThat(sender.sendAsync(List.of("c"), "other", "stream")).failsWithin(TEN_SECONDS);

      assertThat(messages("sent")).isEqualTo(2);
      assertThat(messages("failed")).isEqualTo(1);
      assertThat(attempts("accepted")).isEqualTo(1);
      assertThat(attempts("refused")).isEqualTo(1);
      assertThat(attempts("rejected")).isEqualTo(1);
      assertThat(registry.get("http.report.buffer.max").gauge().value()).isEqualTo(32 << 20);
    }
  }

  @Test
  void nodesEjected_oneNodeGoneAndBack_countsIt() {
    MicrometerSenderMetrics metrics = new MicrometerSenderMetrics(registry, "test");
    metrics.nodeEjected("a:1", true);
    metrics.nodeEjected("b:1", true);
    metrics.nodeEjected("a:1", false);

    assertThat(registry.get("http.report.nodes.ejected").gauge().value()).isEqualTo(1);
  }

  @Test
  void spool_eachEvent_isCounted() {
    MicrometerSenderMetrics metrics = new MicrometerSenderMetrics(registry, "test");
    metrics.spooled(new Destination("g", "s"), 3);
    metrics.spoolExpired(new Destination("g", "s"), 2);
    metrics.spoolLost(1);
    metrics.spoolUsed(4, 5, 6);
    metrics.spoolBroken(true);

    assertThat(registry.get("http.report.spool.spooled").counter().count()).isEqualTo(3);
    assertThat(registry.get("http.report.spool.expired").counter().count()).isEqualTo(2);
    assertThat(registry.get("http.report.spool.lost").counter().count()).isEqualTo(1);
    assertThat(registry.get("http.report.spool.messages").gauge().value()).isEqualTo(4);
    assertThat(registry.get("http.report.spool.used").gauge().value()).isEqualTo(5);
    assertThat(registry.get("http.report.spool.max").gauge().value()).isEqualTo(6);
    assertThat(registry.get("http.report.spool.broken").gauge().value()).isEqualTo(1);
    metrics.spoolBroken(false);
    assertThat(registry.get("http.report.spool.broken").gauge().value()).isZero();
  }

  @Test
  void failed_eachCause_isATag() {
    MicrometerSenderMetrics metrics = new MicrometerSenderMetrics(registry, "test");
    FailureDetails why =
        FailureDetails.builder("why").retryable(true).mayHaveBeenStored(true).build();
    metrics.failed(DESTINATION, 2, new BufferFullException(why));
    metrics.failed(DESTINATION, 3, new DeliveryTimeoutException(why));
    metrics.failed(DESTINATION, 4, new RejectedException("115", why));
    metrics.failed(DESTINATION, 5, new NoNodeAvailableException(why));
    metrics.failed(DESTINATION, 6, new SendException(why));
    metrics.failed(DESTINATION, 7, new IllegalStateException("user \"1\""));

    assertThat(failed("buffer_full")).isEqualTo(2);
    assertThat(failed("delivery_timeout")).isEqualTo(3);
    assertThat(failed("rejected")).isEqualTo(4);
    assertThat(failed("no_node_available")).isEqualTo(5);
    assertThat(failed("other")).isEqualTo(13);
    assertThat(registry.find("http.report.messages").tag("cause", "none").counter()).isNotNull();
  }

  @Test
  void nodeRemoved_attemptsOfTheNode_areRemoved() {
    MicrometerSenderMetrics metrics = new MicrometerSenderMetrics(registry, "test");
    metrics.attempted(DESTINATION, attempt("a:1"));
    metrics.attempted(DESTINATION, attempt("b:1"));

    metrics.nodeRemoved("a:1");

    assertThat(registry.find("http.report.attempts").tag("node", "a:1").timers()).isEmpty();
    assertThat(registry.find("http.report.attempts").tag("node", "b:1").timers()).hasSize(1);
  }

  @Test
  void closed_gauges_areZeroAndStaySoUntilAnotherSenderHasThem() {
    MicrometerSenderMetrics metrics = new MicrometerSenderMetrics(registry, "test");
    useAll(metrics);
    metrics.closed();
    assertThat(gauges()).hasSize(7).containsOnly(0.0);
    useAll(metrics);
    assertThat(gauges()).hasSize(7).containsOnly(0.0);

    useAll(new MicrometerSenderMetrics(registry, "test"));

    assertThat(gauges()).hasSize(7).doesNotContain(0.0);
  }

  private static void useAll(MicrometerSenderMetrics metrics) {
    metrics.bufferUsed(1, 2);
    metrics.spoolUsed(3, 4, 5);
    metrics.spoolBroken(true);
    metrics.nodeEjected("a:1", true);
  }

  @Test
  void close_messagesAbandoned_countAsFailedAndNothingIsInUse() {
    ProxySender sender =
        HttpProxySender.builder()
            .nodes("127.0.0.1:1")
            .metrics(new MicrometerSenderMetrics(registry, "test"))
            .build();
    for (int i = 0; i < 100; i++) {
      var unused = sender.enqueue("m", "g", "s");
    }

    assertThat(sender.close(Duration.ofMillis(50)).abandoned()).isEqualTo(100);

    assertThat(failed("delivery_timeout")).isEqualTo(100);
    assertThat(gauges()).containsOnly(0.0);
  }

  @Test
  void nodes_thatLeftTheList_haveNoMeters() {
    try (LocalCluster cluster = LocalCluster.start(2);
        ProxySender sender =
            HttpProxySender.builder()
                .nodeSource(
                    InLongManager.builder(cluster.managerUrl())
                        .refreshInterval(Duration.ofMillis(50))
                        .build())
                .selector(NodeSelector.roundRobin())
                .metrics(new MicrometerSenderMetrics(registry, "test"))
                .build()) {
      for (int i = 0; i < 4; i++) {
        sender.send(List.of("a"), "group", "stream");
      }
      assertThat(registry.find("http.report.attempts").timers()).hasSize(2);

      String gone = cluster.node(1).address();
      cluster.node(1).remove();

      await()
          .untilAsserted(
              () -> {
                sender.send(List.of("a"), "group", "stream");
                assertThat(registry.find("http.report.attempts").tag("node", gone).timers())
                    .isEmpty();
              });
    }
  }

  private static Attempt attempt(String node) {
    return Attempt.of(node, Duration.ofMillis(1), Attempt.Outcome.ACCEPTED, "0");
  }

  private double failed(String cause) {
    return registry
        .get("http.report.messages")
        .tags("result", "failed", "cause", cause)
        .counter()
        .count();
  }

  private List<Double> gauges() {
    return registry.getMeters().stream()
        .filter(Gauge.class::isInstance)
        .map(meter -> ((Gauge) meter).value())
        .toList();
  }

  private ProxySender sender(LocalCluster cluster) {
    return HttpProxySender.builder()
        .manager(cluster.managerUrl())
        .metrics(new MicrometerSenderMetrics(registry, "test"))
        .build();
  }

  private double messages(String result) {
    return registry.get("http.report.messages").tag("result", result).counter().count();
  }

  private long attempts(String outcome) {
    return registry.get("http.report.attempts").tag("outcome", outcome).timer().count();
  }
}
