package io.github.httpreport.internal.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.Destination;
import io.github.httpreport.internal.concurrent.ExpiringMap;
import io.github.httpreport.internal.delivery.AckHistory;
import io.github.httpreport.internal.delivery.DeliveryRig;
import io.github.httpreport.internal.node.Lists;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RequestSizeLimitsTest {

  private static final Destination DESTINATION = DeliveryRig.DESTINATION;
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration TICK = Duration.ofNanos(1);
  private static final int FULL = 512 * 1024;

  private final DeliveryRig rig = new DeliveryRig();

  @AfterEach
  void close() {
    rig.close();
  }

  private RequestSizeLimits limits() {
    return rig.nodes(Lists.withLimit(Lists.upTo(1), FULL)).context().limits();
  }

  private static long limitOf(RequestSizeLimits limits) {
    return limits.maxBatchBytes(DESTINATION);
  }

  /** Batches as large as the limit allows, until one is too large or they are of the full size. */
  private static int acknowledgedUntil(RequestSizeLimits limits, int serverTakes) {
    int requests = 0;
    while (requests < 20 && limitOf(limits) < FULL && limitOf(limits) <= serverTakes) {
      limits.acknowledged(DESTINATION, (int) limitOf(limits));
      requests++;
    }
    return requests;
  }

  @Test
  void refused_inABadMoment_isForgottenAfterADozenRequests() {
    RequestSizeLimits limits = limits();
    for (int bytes = FULL; bytes > 100; bytes /= 2) {
      limits.refused(DESTINATION, bytes, bytes / 2);
    }
    assertThat(limitOf(limits)).isLessThanOrEqualTo(100);

    rig.scheduler.advance(SECOND);

    assertThat(acknowledgedUntil(limits, FULL)).isLessThanOrEqualTo(13);
    assertThat(limitOf(limits)).isEqualTo(FULL);
  }

  @Test
  void refused_justNow_isHeldForASecond() {
    RequestSizeLimits limits = limits();
    limits.refused(DESTINATION, FULL, 1_000);

    rig.scheduler.advance(SECOND.minus(TICK));
    limits.acknowledged(DESTINATION, 1_000);
    assertThat(limitOf(limits)).isEqualTo(1_000);
    rig.scheduler.advance(TICK);
    limits.acknowledged(DESTINATION, 1_000);

    assertThat(limitOf(limits)).isEqualTo(2_000);
  }

  @Test
  void acknowledged_muchLessThanTheLimit_provesNothing() {
    RequestSizeLimits limits = limits();
    limits.refused(DESTINATION, FULL, 1_000);
    rig.scheduler.advance(SECOND);

    limits.acknowledged(DESTINATION, 499);

    assertThat(limitOf(limits)).isEqualTo(1_000);
  }

  @Test
  void refused_againAndAgain_isTriedLessAndLessOften() {
    RequestSizeLimits limits = limits();
    int server = 100_000;
    limits.refused(DESTINATION, FULL, server);
    int refusals = 0;

    for (int second = 0; second < 3_600; second++) {
      rig.scheduler.advance(SECOND);
      acknowledgedUntil(limits, server);
      if (limitOf(limits) > server) {
        refusals++;
        limits.refused(DESTINATION, (int) limitOf(limits), server / 2);
      }
    }

    assertThat(refusals).as("in an hour").isBetween(10, 25);
  }

  @Test
  void refused_manyTimesAtOnce_holdsNoLonger() {
    RequestSizeLimits limits = limits();
    for (int i = 0; i < 64; i++) {
      limits.refused(DESTINATION, FULL, 1_000);
    }
    rig.scheduler.advance(SECOND);

    limits.acknowledged(DESTINATION, 1_000);

    assertThat(limitOf(limits)).isEqualTo(2_000);
  }

  @Test
  void refused_oneDestination_leavesOthersAlone() {
    RequestSizeLimits limits = limits();
    limits.refused(DESTINATION, FULL, 1_000);

    assertThat(limits.maxBatchBytes(new Destination(DESTINATION.groupId(), "other")))
        .isEqualTo(FULL);
  }

  @Test
  void expiringMap_unused_isEmptyAfterTwoExpiryTimes() {
    ExpiringMap<String, String> map = new ExpiringMap<>(3, SECOND, rig.scheduler);
    map.getOrAdd("used", () -> "1");
    map.getOrAdd("unused", () -> "2");

    for (int i = 0; i < 2; i++) {
      rig.scheduler.advance(SECOND);
      assertThat(map.get("used")).isEqualTo("1");
      map.expire();
    }

    assertThat(map.size()).isEqualTo(1);
    assertThat(map.get("unused")).isNull();
  }

  @Test
  void expiringMap_full_takesNoMoreUntilEntriesExpire() {
    ExpiringMap<Integer, String> map = new ExpiringMap<>(3, SECOND, rig.scheduler);
    for (int i = 0; i < 10; i++) {
      map.getOrAdd(i, () -> "value");
    }
    assertThat(map.size()).isEqualTo(3);
    assertThat(map.getOrAdd(9, () -> "value")).isNull();

    rig.scheduler.advance(SECOND);
    map.expire();
    rig.scheduler.advance(SECOND);

    assertThat(map.getOrAdd(9, () -> "value")).isEqualTo("value");
    assertThat(map.size()).isEqualTo(1);
  }

  @Test
  void ackHistory_destinationsNotUsed_areDropped() {
    AckHistory acks = new AckHistory(rig.scheduler);
    for (int i = 0; i < 1_000; i++) {
      acks.acknowledged(new Destination("g", "s" + i), 10, rig.scheduler.nanoTime());
    }

    for (int minute = 0; minute < 5; minute++) {
      rig.scheduler.advance(Duration.ofMinutes(1));
      acks.acknowledged(DESTINATION, 10, rig.scheduler.nanoTime());
    }

    assertThat(acks.size()).isEqualTo(1);
  }
}
