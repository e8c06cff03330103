package io.github.httpreport.internal.node;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatencyEstimateTest {

  private static final long START = 1_000_000_000_000L;

  private final LatencyEstimate estimate = new LatencyEstimate();

  @Test
  void nanos_noAnswerYet_isUnknown() {
    estimate.startWaiting(START);

    assertThat(estimate.nanos(START, 0)).isEqualTo(LatencyEstimate.UNKNOWN);
    assertThat(estimate.nanos(START + SECONDS.toNanos(9), 1)).isEqualTo(LatencyEstimate.UNKNOWN);
  }

  @Test
  void record_firstAnswer_isTheEstimate() {
    estimate.record(1234, START);

    assertThat(estimate.nanos(START, 0)).isEqualTo(1234);
  }

  @Test
  void record_firstAnswers_areAveragedEvenly() {
    estimate.record(ms(300), START);
    for (int i = 0; i < 9; i++) {
      estimate.record(ms(10), START);
    }

    assertThat(estimate.nanos(START, 0)).isEqualTo(ms(39));
  }

  @Test
  void record_answerAfterFiveSeconds_keepsTheOldByOneE() {
    converge(ms(10));

    estimate.record(ms(5), START + SECONDS.toNanos(5));

    assertThat(millisAt(START + SECONDS.toNanos(5))).isEqualTo(5 + 5 / Math.E, within(0.001));
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 100, 10_000})
  void record_nodeTurnsFaster_takesAsLongAtAnyRate(int perSecond) {
    converge(ms(100));
    long now = START;

    for (int i = 0; i < 5 * perSecond; i++) {
      now += SECONDS.toNanos(1) / perSecond;
      estimate.record(ms(10), now);
    }

    assertThat(millisAt(now)).isEqualTo(10 + 90 / Math.E, within(0.001));
  }

  @Test
  void record_farSlowerAnswers_raiseItAtOnce() {
    converge(ms(10));

    estimate.record(ms(100), START);
    assertThat(millisAt(START)).isEqualTo(19, within(0.001));

    for (int i = 0; i < 4; i++) {
      estimate.record(ms(100), START);
    }
    assertThat(millisAt(START)).isGreaterThan(45);
  }

  @Test
  void record_answersUpToDouble_raiseItWithTimeOnly() {
    converge(ms(10));

    for (int i = 0; i < 100; i++) {
      estimate.record(ms(20), START);
    }

    assertThat(millisAt(START)).isEqualTo(10, within(0.001));
  }

  @Test
  void nanos_idleWithinGrace_staysAsItIs() {
    converge(ms(10));

    assertThat(millisAt(START + SECONDS.toNanos(1))).isEqualTo(10, within(0.001));
  }

  @Test
  void nanos_idleForLong_fadesToZero() {
    converge(ms(10));

    assertThat(millisAt(START + SECONDS.toNanos(6))).isEqualTo(10 / Math.E, within(0.001));
    assertThat(millisAt(START + SECONDS.toNanos(11)))
        .isEqualTo(10 / Math.E / Math.E, within(0.001));
    assertThat(estimate.nanos(START + SECONDS.toNanos(600), 0)).isZero();
  }

  @Test
  void nanos_requestOnTheWayAfterIdling_isWhatItWas() {
    converge(ms(10));
    long later = START + SECONDS.toNanos(60);

    estimate.startWaiting(later);

    assertThat(estimate.nanos(later, 1)).isEqualTo(ms(10));
  }

  @Test
  void nanos_noAnswerToTheRequestsOnTheWay_isTheTimeWaited() {
    converge(ms(10));
    estimate.startWaiting(START + ms(100));

    assertThat(estimate.nanos(START + ms(105), 1)).isEqualTo(ms(10));
    assertThat(estimate.nanos(START + ms(900), 1)).isEqualTo(ms(800));
  }

  @Test
  void nanos_oneOfTheRequestsAnswered_waitsFromThere() {
    converge(ms(10));
    estimate.startWaiting(START);
    estimate.record(ms(10), START + ms(500));

    assertThat(estimate.nanos(START + ms(600), 1)).isEqualTo(ms(100));
  }

  @Test
  void nanos_idleNodeComesBackFast_isFastAgain() {
    converge(ms(1000));
    long later = START + SECONDS.toNanos(30);
    estimate.startWaiting(later);

    estimate.record(ms(10), later);

    assertThat(millisAt(later)).isLessThan(13);
  }

  @Test
  void reset_afterAnswers_isUnknown() {
    converge(ms(10));

    estimate.reset();

    assertThat(estimate.nanos(START, 0)).isEqualTo(LatencyEstimate.UNKNOWN);
    estimate.record(ms(50), START);
    assertThat(estimate.nanos(START, 0)).isEqualTo(ms(50));
  }

  @Test
  void record_clockBehindTheLastAnswer_countsAsTheSameTime() {
    converge(ms(10));

    estimate.record(ms(5), START - SECONDS.toNanos(3));

    assertThat(millisAt(START)).isEqualTo(10, within(0.001));
    assertThat(millisAt(START - SECONDS.toNanos(3))).isEqualTo(10, within(0.001));
  }

  @Test
  void nanos_clockWrapsAround_fadesAndAveragesAsEver() {
    long beforeWrap = Long.MAX_VALUE - SECONDS.toNanos(1);
    for (int i = 0; i < 16; i++) {
      estimate.record(ms(10), beforeWrap);
    }

    assertThat(millisAt(beforeWrap + SECONDS.toNanos(6))).isEqualTo(10 / Math.E, within(0.001));
    assertThat(estimate.nanos(beforeWrap + SECONDS.toNanos(6), 1)).isEqualTo(SECONDS.toNanos(6));
    estimate.record(ms(5), beforeWrap + SECONDS.toNanos(5));
    assertThat(millisAt(beforeWrap + SECONDS.toNanos(5))).isEqualTo(5 + 5 / Math.E, within(0.001));
  }

  @Test
  void record_twoThreads_losesNoAnswer() throws Exception {
    List<LatencyEstimate> shared = Stream.generate(LatencyEstimate::new).limit(50_000).toList();
    CyclicBarrier start = new CyclicBarrier(2);
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try {
      Future<?> one = pool.submit(() -> recordEightTimes(shared, ms(10), start));
      Future<?> other = pool.submit(() -> recordEightTimes(shared, ms(11), start));
      one.get();
      other.get();
    } finally {
      pool.shutdownNow();
    }

    assertThat(shared)
        .allSatisfy(each -> assertThat(millis(each, START)).isEqualTo(10.5, within(0.001)));
  }

  private static @Nullable Void recordEightTimes(
      List<LatencyEstimate> estimates, long sample, CyclicBarrier start) throws Exception {
    start.await();
    for (LatencyEstimate each : estimates) {
      for (int i = 0; i < 8; i++) {
        each.record(sample, START);
      }
    }
    return null;
  }

  /** Past the first answers, which are averaged in another way. */
  private void converge(long nanos) {
    for (int i = 0; i < 16; i++) {
      estimate.record(nanos, START);
    }
  }

  private double millisAt(long now) {
    return millis(estimate, now);
  }

  private static double millis(LatencyEstimate estimate, long now) {
    return estimate.nanos(now, 0) / 1e6;
  }

  private static long ms(long millis) {
    return MILLISECONDS.toNanos(millis);
  }
}
