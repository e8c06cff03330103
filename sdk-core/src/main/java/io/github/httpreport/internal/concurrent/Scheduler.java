package io.github.httpreport.internal.concurrent;

import java.time.Duration;
import java.time.Instant;

/** The one source of time: what it is now, and doing something later. Replaced in tests. */
public interface Scheduler {

  /** For differences only. */
  long nanoTime();

  /** For what goes on the wire. */
  Instant now();

  /** Runs a short task once. A task that throws is logged. */
  Scheduled schedule(Duration delay, Runnable task);

  /** A task that waits for its time. */
  interface Scheduled {
    /** Has no effect once the task runs. */
    void cancel();
  }
}
