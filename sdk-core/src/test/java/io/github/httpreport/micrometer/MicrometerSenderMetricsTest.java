package io.github.httpreport.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.Destination;
import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ProxySender;
import io.github.httpreport.testkit.Fault;
import io.github.httpreport.testkit.LocalCluster;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class MicrometerSenderMetricsTest {

  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void meters_afterARetriedAndARejectedSend_tellBoth() {
    try (LocalCluster cluster = LocalCluster.start(1);
        ProxySender sender = sender(cluster)) {
      cluster.node(0).script(Fault.queueFull());
      sender.send(List.of("a", "b"), "group", "stream");
      cluster.node(0).script(Fault.code("115"));
      assertThat(sender.sendAsync(List.of("c"), "group", "stream")).failsWithin(TEN_SECONDS);

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
  void spool_whatIsTold_isCounted() {
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
