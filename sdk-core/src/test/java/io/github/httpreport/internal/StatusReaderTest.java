package io.github.httpreport.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.Destination;
import io.github.httpreport.SenderMetrics;
import io.github.httpreport.SenderStatus;
import io.github.httpreport.internal.delivery.DeliveryRig;
import io.github.httpreport.internal.share.GroupShare;
import io.github.httpreport.internal.telemetry.StatusRecorder;
import io.github.httpreport.node.NodeSourceException.Kind;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What a status tells as time passes. */
class StatusReaderTest {

  private static final String GROUP = DeliveryRig.DESTINATION.groupId();

  private final DeliveryRig rig = new DeliveryRig();
  private final StatusRecorder recorder = new StatusRecorder(SenderMetrics.NONE, rig.scheduler);
  private final StatusReader reader =
      new StatusReader(rig.budget, rig.batches, rig.context(), recorder, null, null);

  private void failToFetch() {
    rig.context().directory().nodes(GROUP);
    rig.source().last().fail(Kind.UNAVAILABLE);
  }

  @Test
  void failingGroups_noListAndNothingWaits_countsForAMinute() {
    failToFetch();

    rig.scheduler.advance(Duration.ofSeconds(59));
    assertThat(reader.read().failingGroups()).isEqualTo(1);
    assertThat(reader.read().available()).isFalse();

    rig.scheduler.advance(Duration.ofSeconds(2));
    assertThat(reader.read().failingGroups()).isZero();
    assertThat(reader.read().available()).as("may be tried again").isTrue();
  }

  @Test
  void failingGroups_noListAndMessagesWait_countsForAsLongAsTheyWait() {
    failToFetch();
    GroupShare share = rig.context().groups().of(GROUP);
    share.addBuffered(1);

    rig.scheduler.advance(Duration.ofMinutes(5));
    assertThat(reader.read().failingGroups()).isEqualTo(1);

    share.addBuffered(-1);
    assertThat(reader.read().failingGroups()).isZero();
  }

  @Test
  void lastSuccess_isTheTimeOfTheAcknowledgement() {
    Instant then = rig.scheduler.now();
    recorder.sent(new Destination("g", "s"), 1, Duration.ZERO);
    rig.scheduler.advance(Duration.ofMinutes(3));

    assertThat(reader.read().lastSuccess()).contains(then);
  }

  @Test
  void text_holdsNumbersOnly() {
    SenderStatus status =
        SenderStatus.builder()
            .nodes(3, 1)
            .groups(2, 1)
            .buffer(10, 20)
            .spool(4, 5, 6)
            .spoolBroken(true)
            .lastSuccess(Instant.EPOCH)
            .build();

    assertThat(status)
        .hasToString(
            "SenderStatus[ejected=1/3 nodes, failing=1/2 groups, buffer=10/20 bytes,"
                + " spool=4 messages, 5/6 bytes, broken, lastSuccess=1970-01-01T00:00:00Z]");
  }
}
