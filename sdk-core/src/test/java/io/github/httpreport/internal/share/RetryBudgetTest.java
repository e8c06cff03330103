package io.github.httpreport.internal.share;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.internal.concurrent.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {

  private final ManualScheduler scheduler = new ManualScheduler();

  private RetryBudget budget(double ratio) {
    return new RetryBudget(ratio, scheduler, new AtomicInteger());
  }

  private static int retries(RetryBudget budget) {
    int granted = 0;
    while (budget.tryRetry()) {
      granted++;
    }
    return granted;
  }

  @Test
  void tryRetry_atFirst_isGrantedAHundredTimes() {
    assertThat(retries(budget(0.2))).isEqualTo(100);
  }

  @Test
  void tryRetry_asTimePasses_isGrantedTenTimesASecond() {
    RetryBudget budget = budget(0);
    retries(budget);

    scheduler.advance(Duration.ofMillis(100));
    assertThat(retries(budget)).isEqualTo(1);
    scheduler.advance(Duration.ofMillis(99));
    assertThat(retries(budget)).isZero();
    scheduler.advance(Duration.ofMillis(901));
    assertThat(retries(budget)).isEqualTo(10);
  }

  @Test
  void tryRetry_clockJumps_nothingIsGrantedForIt() {
    RetryBudget budget = budget(0);
    retries(budget);

    scheduler.jump(Duration.ofHours(1));
    assertThat(retries(budget)).isZero();
    scheduler.jump(Duration.ofHours(-2));
    scheduler.advance(Duration.ofMillis(100));
    assertThat(retries(budget)).isEqualTo(1);
  }

  @Test
  void tryRetry_longIdle_isGrantedNoMoreThanAHundredTimes() {
    RetryBudget budget = budget(0);

    scheduler.advance(Duration.ofDays(1));

    assertThat(retries(budget)).isEqualTo(100);
  }

  @Test
  void firstAttempt_paysItsShare() {
    RetryBudget budget = budget(0.25);
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
    RetryBudget budget = budget(0);
    retries(budget);

    budget.firstAttempt();

    assertThat(retries(budget)).isZero();
  }

  @Test
  void retrySucceeded_paysForAnother() {
    RetryBudget budget = budget(0);
    retries(budget);

    budget.retrySucceeded();

    assertThat(retries(budget)).isEqualTo(1);
  }

  @Test
  void firstAttempt_manyOfThem_saveUpNoMoreThanAHundred() {
    RetryBudget budget = budget(10);

    for (int i = 0; i < 1_000; i++) {
      budget.firstAttempt();
      budget.retrySucceeded();
    }

    assertThat(retries(budget)).isEqualTo(100);
  }

  @Test
  void await_severalRetries_areServedInOrderAsTokensComeByOneTask() {
    RetryBudget budget = budget(0);
    retries(budget);
    List<Integer> ran = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      int number = i;
      budget.await(() -> ran.add(number));
      assertThat(scheduler.pending()).isEqualTo(1);
    }

    scheduler.advance(Duration.ofMillis(100));
    assertThat(ran).containsExactly(0);
    assertThat(budget.tryRetry()).as("others wait").isFalse();
    scheduler.advance(Duration.ofMillis(400));

    assertThat(ran).containsExactly(0, 1, 2, 3, 4);
    assertThat(scheduler.pending()).isZero();
    assertThat(budget.isIdle()).isTrue();
  }

  @Test
  void await_successPaysForIt_isServedAtOnce() {
    RetryBudget budget = budget(0);
    retries(budget);
    List<String> ran = new ArrayList<>();
    budget.await(() -> ran.add("retry"));

    budget.retrySucceeded();
    scheduler.advance(Duration.ZERO);

    assertThat(ran).containsExactly("retry");
  }

  @Test
  void withdraw_whileItWaits_isNotRunAndLeavesNoTask() {
    RetryBudget budget = budget(0);
    retries(budget);
    List<String> ran = new ArrayList<>();
    Runnable retry = () -> ran.add("retry");
    budget.await(retry);

    budget.withdraw(retry);

    assertThat(scheduler.pending()).isZero();
    scheduler.advance(Duration.ofSeconds(1));
    assertThat(ran).isEmpty();
  }

  @Test
  void await_manyBudgets_shareWhatIsFree() {
    AtomicInteger waiting = new AtomicInteger();
    List<Integer> ran = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      RetryBudget budget = new RetryBudget(0, scheduler, waiting);
      retries(budget);
      for (int j = 0; j < 20; j++) {
        int number = 100 * j + i;
        budget.await(() -> ran.add(number));
      }
    }

    scheduler.advance(Duration.ofSeconds(5));

    assertThat(ran).hasSizeBetween(400, 600);
  }
}
