package io.github.httpreport.internal.concurrent;

import java.time.Instant;

/**
 * Clock of the time of day that never goes back: the time of its start, plus what has passed since
 * by {@code nanoTime}.
 *
 * <p>A correction of the system clock therefore changes no age of an entry. It is immutable and
 * safe for use by many threads.
 */
public final class MonotonicClock {

  private final Scheduler scheduler;
  private final Instant start;
  private final long startNanos;

  public MonotonicClock(Scheduler scheduler) {
    this.scheduler = scheduler;
    start = scheduler.now();
    startNanos = scheduler.nanoTime();
  }

  public Instant now() {
    return start.plusNanos(scheduler.nanoTime() - startNanos);
  }
}
