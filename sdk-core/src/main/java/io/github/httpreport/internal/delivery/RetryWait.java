package io.github.httpreport.internal.delivery;

import io.github.httpreport.internal.share.RetryBudget;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Waits of one delivery between its attempts: first the back-off of the schedule, cut to what is
 * left until the deadline, then the group's retry budget.
 *
 * <p>A wait is a scheduled task and holds no thread; the next step runs on the scheduler's thread,
 * or at once where no wait is due. The back-off comes before the budget: a delivery that waits for
 * its back-off must not keep a token from one that could use it now.
 */
final class RetryWait {

  private final DeliveryContext context;
  private final DeliveryOutcome outcome;
  private final DeliveryDeadline deadline;

  /** Attempts so far; null before the first failure, since most deliveries have none. */
  private RetrySchedule.@Nullable Course course;

  RetryWait(DeliveryContext context, DeliveryOutcome outcome, DeliveryDeadline deadline) {
    this.context = context;
    this.outcome = outcome;
    this.deadline = deadline;
  }

  /** How long to wait before the next attempt; null when none is left. */
  @Nullable Duration next(AttemptFailure failure) {
    RetrySchedule.Course known = course == null ? context.retries().begin() : course;
    course = known;
    return known.next(failure);
  }

  /** Runs a step after a wait, unless the batch has its end or the deadline leaves no room. */
  void begin(Duration wait, Runnable step) {
    if (outcome.isClaimed()) {
      return;
    }
    outcome.delayed();
    Duration fitting = LastAttempt.fit(wait, deadline.timeLeft(), context.policy().deadline());
    if (fitting == null) {
      outcome.timeOut();
    } else if (fitting.isZero()) {
      step.run();
    } else {
      context.scheduler().schedule(fitting, step);
    }
  }

  /** Runs a step as soon as the budget pays for another retry, until the deadline at most. */
  void withinBudget(RetryBudget budget, Runnable step) {
    outcome.guarded(
        () -> {
          if (budget.tryRetry()) {
            step.run();
          } else {
            awaitBudget(budget, step);
          }
        });
  }

  /** Queues the step for a token; at the deadline the delivery leaves the queue and times out. */
  private void awaitBudget(RetryBudget budget, Runnable step) {
    DeadlineGuard guard = outcome.guard();
    Runnable retry =
        () -> {
          if (outcome.goesOn(guard)) {
            step.run();
          }
        };
    budget.await(retry);
    guard.closeAtDeadline(() -> budget.withdraw(retry));
  }
}
