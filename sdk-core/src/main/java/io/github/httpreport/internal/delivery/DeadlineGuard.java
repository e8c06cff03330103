package io.github.httpreport.internal.delivery;

import io.github.httpreport.internal.concurrent.Scheduler;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Guard of a delivery that waits: lets it go on once, when its event comes or at the deadline,
 * whichever is first.
 *
 * <pre>
 *   WAITING  -> PASSED    pass: the event came; the delivery goes on, or times out if it is too late
 *            -> PASSED    close: the deadline came; the delivery leaves its queue and times out
 * </pre>
 *
 * <p>The event comes on any thread, the deadline on the scheduler's. One compare-and-set on {@code
 * passed} decides between them, so exactly one of the two goes on with the delivery, which needs no
 * lock for that reason. The deadline is scheduled after the wait began, so that a wait that ends at
 * once costs no task.
 */
final class DeadlineGuard {

  private static final Logger LOG = LoggerFactory.getLogger(DeadlineGuard.class);

  private final Scheduler scheduler;
  private final Supplier<Duration> timeLeft;
  private final Runnable timeOut;
  private final AtomicBoolean passed = new AtomicBoolean();
  private volatile Scheduler.@Nullable Scheduled limit;

  /**
   * @param timeOut ends the delivery
   */
  DeadlineGuard(Scheduler scheduler, Supplier<Duration> timeLeft, Runnable timeOut) {
    this.scheduler = scheduler;
    this.timeLeft = timeLeft;
    this.timeOut = timeOut;
  }

  /** Passes after the event; true if the delivery has time left to go on. */
  boolean pass() {
    if (!passed.compareAndSet(false, true)) {
      return false;
    }
    cancelLimit();
    Duration left = timeLeft.get();
    if (left.isNegative() || left.isZero()) {
      timeOut.run();
      return false;
    }
    return true;
  }

  /** Ends the wait at the deadline. Call it after the wait began. */
  void closeAtDeadline() {
    closeAtDeadline(() -> {});
  }

  /**
   * The same for a wait in a queue.
   *
   * @param withdraw takes the delivery out of the queue, which would keep its bytes otherwise
   */
  void closeAtDeadline(Runnable withdraw) {
    if (passed.get()) {
      return;
    }
    Duration left = timeLeft.get();
    try {
      limit = scheduler.schedule(left.isNegative() ? Duration.ZERO : left, () -> close(withdraw));
    } catch (Throwable e) {
      // Without a deadline the wait might never end. A failed delivery can be repeated; a hung one
      // cannot.
      LOG.error("No deadline could be set for a delivery, which is given up", e);
      close(withdraw);
    }
    if (passed.get()) {
      cancelLimit();
    }
  }

  private void cancelLimit() {
    Scheduler.Scheduled scheduled = limit;
    if (scheduled != null) {
      scheduled.cancel();
    }
  }

  private void close(Runnable withdraw) {
    if (passed.compareAndSet(false, true)) {
      withdraw.run();
      timeOut.run();
    }
  }
}
