package io.github.httpreport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.httpreport.node.Seed;
import io.github.httpreport.testkit.LocalCluster;
import io.github.httpreport.testkit.StoredRecord;
import io.github.httpreport.testsupport.LogCapture;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Enqueued messages with the times of their events. */
class DataTimeGranularityTest {

  private static final Instant MINUTE = Instant.parse("2026-03-01T10:15:00Z");
  private static final Batching UNTIL_FLUSH =
      Batching.builder().linger(Duration.ofHours(1)).build();
  private static final int MESSAGES = 20_000;

  private final LocalCluster cluster = LocalCluster.start(1);

  @AfterEach
  void stop() {
    cluster.close();
  }

  private List<StoredRecord> storedFrom(
      Batching batching, int messages, IntFunction<@Nullable Instant> dataTimes) {
    int before = cluster.stored().size();
    try (ProxySender sender =
        HttpProxySender.builder().manager(cluster.managerUrl()).batching(batching).build()) {
      for (int i = 0; i < messages; i++) {
        sender.enqueue("m" + i, "group", "stream", dataTimes.apply(i));
      }
    }
    List<StoredRecord> all = cluster.stored();
    return all.subList(before, all.size());
  }

  private static Batching untilFlush(Duration granularity) {
    return Batching.builder().linger(Duration.ofHours(1)).dataTimeGranularity(granularity).build();
  }

  private static Instant time(StoredRecord stored) {
    return Instant.ofEpochMilli(stored.dataTime());
  }

  @Test
  void enqueue_timesOfOneMinute_needAtMostTwiceTheRequestsOfNoTimes() {
    Random random = new Random(Seed.next());

    int untimed = storedFrom(UNTIL_FLUSH, MESSAGES, i -> null).size();
    List<StoredRecord> timed =
        storedFrom(
            untilFlush(Duration.ofMinutes(1)),
            MESSAGES,
            i -> MINUTE.plusSeconds(30).plusMillis(random.nextInt(60_000)));

    assertThat(timed.size()).isLessThanOrEqualTo(2 * untimed);
    assertThat(timed)
        .extracting(DataTimeGranularityTest::time)
        .containsOnly(MINUTE, MINUTE.plusSeconds(60));
    assertThat(timed.stream().mapToInt(record -> record.messages().size()).sum())
        .isEqualTo(MESSAGES);
  }

  @Test
  void enqueue_timeBetweenTwoMultiples_isRoundedDown() {
    Batching tenSeconds = untilFlush(Duration.ofSeconds(10));

    assertThat(storedFrom(tenSeconds, 1, i -> MINUTE.plusMillis(9_999)))
        .extracting(DataTimeGranularityTest::time)
        .containsExactly(MINUTE);
    assertThat(storedFrom(tenSeconds, 1, i -> MINUTE.plusMillis(10_000)))
        .extracting(DataTimeGranularityTest::time)
        .containsExactly(MINUTE.plusSeconds(10));
    assertThat(storedFrom(tenSeconds, 1, i -> Instant.EPOCH.minusMillis(1)))
        .as("towards the past, not towards 1970")
        .extracting(DataTimeGranularityTest::time)
        .containsExactly(Instant.EPOCH.minusSeconds(10));
  }

  @Test
  void enqueue_exactByDefault_keepsMilliseconds() {
    assertThat(storedFrom(UNTIL_FLUSH, 2, i -> MINUTE.plusMillis(i)))
        .extracting(DataTimeGranularityTest::time)
        .containsExactlyInAnyOrder(MINUTE, MINUTE.plusMillis(1));
  }

  @Test
  void send_withTimeAndGranularity_keepsItsOwnTime() {
    Instant exact = MINUTE.plusMillis(1234);
    try (ProxySender sender =
        HttpProxySender.builder()
            .manager(cluster.managerUrl())
            .batching(Batching.builder().dataTimeGranularity(Duration.ofMinutes(1)).build())
            .build()) {
      sender.send(List.of("a"), "group", "stream", exact);
    }

    assertThat(cluster.stored()).extracting(DataTimeGranularityTest::time).containsExactly(exact);
  }

  @Test
  void enqueue_timeThatCannotBeRoundedDown_isRefusedByName() {
    Instant first = Instant.ofEpochMilli(Long.MIN_VALUE);
    try (ProxySender sender =
        HttpProxySender.builder()
            .manager(cluster.managerUrl())
            .batching(Batching.builder().dataTimeGranularity(Duration.ofMinutes(1)).build())
            .build()) {
      assertThatThrownBy(() -> sender.enqueue("a", "group", "stream", first))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("dataTime is out of range");
    }
  }

  @Test
  void enqueue_eachMessageWithItsOwnTime_isLoggedOnce() {
    try (LogCapture log = LogCapture.of("io.github.httpreport.internal.batch.DataTimeSplits")) {
      storedFrom(UNTIL_FLUSH, 1_500, i -> MINUTE.plusMillis(i));

      assertThat(log.lines())
          .singleElement()
          .asString()
          .startsWith("WARN ")
          .contains("group", "stream", "data time granularity");
    }
  }

  @Test
  void enqueue_fewTimesOrSlowProducer_isNotLogged() {
    try (LogCapture log = LogCapture.of("io.github.httpreport.internal.batch.DataTimeSplits")) {
      storedFrom(UNTIL_FLUSH, 5_000, i -> MINUTE.plusMillis(i % 10));
      storedFrom(
          Batching.builder().linger(Duration.ZERO).build(), 1_500, i -> MINUTE.plusMillis(i));

      assertThat(log.lines()).isEmpty();
    }
  }
}
