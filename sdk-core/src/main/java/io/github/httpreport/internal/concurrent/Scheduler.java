package io.github.httpreport.internal.concurrent;

import java.time.Duration;
import java.time.Instant;

/**
 * Source of time of a sender: what time it is, and running a task later. Every wait goes through
 * it, so a test replaces the time of all rooms with one object.
 *
 * <p>Tasks run on one thread, one after the other, and must be short: they hand work on rather than
 * do it. Times are compared by the difference of {@link #nanoTime}; {@link #now} is for what
 * servers and applications see.
 */
public interface Scheduler {

  /** Nanoseconds since an arbitrary origin, to be compared by difference only. */
  long nanoTime();

  /** The time of day, which may jump; for requests and reports. */
  Instant now();

  /** Runs a short task once. A task that throws is logged. */
  Scheduled schedule(Duration delay, Runnable task);

  /** A task that is scheduled and can be cancelled. */
  interface Scheduled {
    /** Has no effect once the task runs. */
    void cancel();
  }
}
