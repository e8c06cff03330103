package io.github.httpreport.internal;

import static io.github.httpreport.internal.DeliveryRig.DESTINATION;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.Destination;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LimitsTest {

  private final DeliveryRig rig = new DeliveryRig();
  private final Limits limits = rig.line().limits();

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void maxBytes_nothingKnown_isTheProtocols() {
    assertThat(limits.maxBytes(DESTINATION)).isEqualTo(524_288);
    assertThat(limits.maxBatchBytes(DESTINATION)).isEqualTo(524_288);
    assertThat(limits.maxMessages()).isEqualTo(100_000);
  }

  @Test
  void maxBytes_clusterTells_isTheClusters() {
    rig.nodes(Lists.withLimit(Lists.upTo(1), 1_000_000));

    assertThat(limits.maxBytes(DESTINATION)).isEqualTo(1_000_000);
    assertThat(limits.maxBytes(new Destination("another", "stream"))).isEqualTo(524_288);
  }

  @Test
  void refused_once_limitsBatchesOfThisDestinationOnly() {
    limits.refused(DESTINATION, 1_000, 600);

    assertThat(limits.maxBatchBytes(DESTINATION)).isEqualTo(600);
    assertThat(limits.maxBytes(DESTINATION)).isEqualTo(524_288);
    assertThat(limits.maxBatchBytes(new Destination("group", "other"))).isEqualTo(524_288);
  }

  @Test
  void refused_again_onlyLowersTheLimitAndLogsTheChange() {
    try (LogCapture log = LogCapture.of(Limits.class)) {
      limits.refused(DESTINATION, 1_000, 600);
      limits.refused(DESTINATION, 1_400, 800);
      limits.refused(DESTINATION, 600, 310);

      assertThat(limits.maxBatchBytes(DESTINATION)).isEqualTo(310);
      assertThat(log.lines())
          .containsExactly(
              "INFO group/stream takes less than 1000 bytes: batches are limited to 600",
              "INFO group/stream takes less than 600 bytes: batches are limited to 310");
    }
  }
}
