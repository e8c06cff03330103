package io.github.httpreport.internal.concurrent;

import java.time.Instant;

/** The time of day, as it was at first and as time has passed since, whoever sets the clock. */
public final class MonotonicClock {

  private final Scheduler timer;
  private final Instant start;
  private final long startNanos;

  public MonotonicClock(Scheduler timer) {
    this.timer = timer;
    start = timer.now();
    startNanos = timer.nanoTime();
  }

  public Instant now() {
    return start.plusNanos(timer.nanoTime() - startNanos);
  }
}
