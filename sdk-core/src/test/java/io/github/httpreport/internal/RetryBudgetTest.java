package io.github.httpreport.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {

  private final ManualTimer timer = new ManualTimer();

  private static int retries(RetryBudget budget) {
    int granted = 0;
    while (budget.tryRetry()) {
      granted++;
    }
    return granted;
  }

  @Test
  void tryRetry_atFirst_isGrantedAHundredTimes() {
    assertThat(retries(new RetryBudget(0.2, timer))).isEqualTo(100);
  }

  @Test
  void tryRetry_asTimePasses_isGrantedTenTimesASecond() {
    RetryBudget budget = new RetryBudget(0, timer);
    retries(budget);

    timer.advance(Duration.ofMillis(100));
    assertThat(retries(budget)).isEqualTo(1);
    timer.advance(Duration.ofMillis(99));
    assertThat(retries(budget)).isZero();
    timer.advance(Duration.ofMillis(901));
    assertThat(retries(budget)).isEqualTo(10);
  }

  @Test
  void tryRetry_clockJumps_nothingIsGrantedForIt() {
    RetryBudget budget = new RetryBudget(0, timer);
    retries(budget);

    timer.jump(Duration.ofHours(1));
    assertThat(retries(budget)).isZero();
    timer.jump(Duration.ofHours(-2));
    timer.advance(Duration.ofMillis(100));
    assertThat(retries(budget)).isEqualTo(1);
  }

  @Test
  void tryRetry_longIdle_isGrantedNoMoreThanAHundredTimes() {
    RetryBudget budget = new RetryBudget(0, timer);

    timer.advance(Duration.ofDays(1));

    assertThat(retries(budget)).isEqualTo(100);
  }

  @Test
  void firstAttempt_paysItsShare() {
    RetryBudget budget = new RetryBudget(0.25, timer);
    retries(budget);

    for (int i = 0; i < 7; i++) {
      budget.firstAttempt();
    }

    assertThat(retries(budget)).isEqualTo(1);
    budget.firstAttempt();
    assertThat(retries(budget)).isEqualTo(1);
  }

  @Test
  void firstAttempt_ratioOfZero_paysNothing() {
    RetryBudget budget = new RetryBudget(0, timer);
    retries(budget);

    budget.firstAttempt();

    assertThat(retries(budget)).isZero();
  }

  @Test
  void retrySucceeded_paysForAnother() {
    RetryBudget budget = new RetryBudget(0, timer);
    retries(budget);

    budget.retrySucceeded();

    assertThat(retries(budget)).isEqualTo(1);
  }

  @Test
  void firstAttempt_manyOfThem_saveUpNoMoreThanAHundred() {
    RetryBudget budget = new RetryBudget(10, timer);

    for (int i = 0; i < 1_000; i++) {
      budget.firstAttempt();
      budget.retrySucceeded();
    }

    assertThat(retries(budget)).isEqualTo(100);
  }
}
