package io.github.httpreport.internal;

import java.time.Instant;

/** The time of day, as it was at first and as time has passed since, whoever sets the clock. */
final class SteadyClock {

  private final Timer timer;
  private final Instant start;
  private final long startNanos;

  SteadyClock(Timer timer) {
    this.timer = timer;
    start = timer.now();
    startNanos = timer.nanoTime();
  }

  Instant now() {
    return start.plusNanos(timer.nanoTime() - startNanos);
  }
}
