package io.github.httpreport.internal.delivery;

import io.github.httpreport.internal.concurrent.Scheduler;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets a delivery that waits for something go on once: when it comes, or at the deadline. */
final class DeadlineGuard {

  private static final Logger LOG = LoggerFactory.getLogger(DeadlineGuard.class);

  private final Scheduler timer;
  private final Supplier<Duration> timeLeft;
  private final Runnable timeOut;
  private final AtomicBoolean passed = new AtomicBoolean();
  private volatile Scheduler.@Nullable Scheduled limit;

  /**
   * @param timeOut ends the delivery
   */
  DeadlineGuard(Scheduler timer, Supplier<Duration> timeLeft, Runnable timeOut) {
    this.timer = timer;
    this.timeLeft = timeLeft;
    this.timeOut = timeOut;
  }

  /** What was waited for has come: true if there is still time to go on. */
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

  /** Called after the wait began, so that one which was none costs nothing. */
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
      limit = timer.schedule(left.isNegative() ? Duration.ZERO : left, () -> close(withdraw));
    } catch (Throwable e) {
      // Nobody else would end the wait. To be sent again later is better than to hang.
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
