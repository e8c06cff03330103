package io.github.httpreport.internal.delivery;

import io.github.httpreport.internal.concurrent.Scheduler;
import java.time.Duration;

/**
 * Time limit of one delivery, from its start over all of its attempts and waits. The parts of a
 * batch that was split share the limit of the batch, so a split cannot prolong it.
 *
 * @param startNanos on the clock of {@link Scheduler#nanoTime}
 */
record DeliveryDeadline(Scheduler scheduler, long startNanos, Duration limit) {

  static DeliveryDeadline startingNow(Scheduler scheduler, Duration limit) {
    return new DeliveryDeadline(scheduler, scheduler.nanoTime(), limit);
  }

  Duration elapsed() {
    return Duration.ofNanos(elapsedNanos());
  }

  /** The time left; zero or less once the deadline has passed. */
  long nanosLeft() {
    return limit.toNanos() - elapsedNanos();
  }

  Duration timeLeft() {
    return Duration.ofNanos(nanosLeft());
  }

  private long elapsedNanos() {
    return scheduler.nanoTime() - startNanos;
  }
}
