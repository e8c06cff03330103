package io.github.httpreport.internal.concurrent;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scheduler on real time, with one daemon thread that starts with the first task.
 *
 * <p>A task that throws is logged and ends alone. After {@link #close} a task is dropped: closing
 * completes whatever it was for. A cancelled task leaves the queue at once, because most tasks are
 * time-outs that never come due.
 */
public final class SystemScheduler implements Scheduler, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SystemScheduler.class);
  private static final Scheduled NOTHING = () -> {};

  private final DaemonThreadFactory threads;
  private final ScheduledThreadPoolExecutor executor;

  public SystemScheduler(String name) {
    threads = DaemonThreadFactory.named(name + "-timer");
    executor = new ScheduledThreadPoolExecutor(1, threads);
    // Without this, cancelled time-outs would stay in the queue until they are due.
    executor.setRemoveOnCancelPolicy(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public Instant now() {
    return Instant.now();
  }

  /** Schedules a task; after {@link #close} the task is dropped, and the result cancels nothing. */
  @Override
  public Scheduled schedule(Duration delay, Runnable task) {
    try {
      ScheduledFuture<?> future =
          executor.schedule(() -> runLogged(task), delay.toNanos(), TimeUnit.NANOSECONDS);
      return () -> future.cancel(false);
    } catch (RejectedExecutionException closed) {
      // The sender is closed, and closing completes whatever the task was for.
      return NOTHING;
    }
  }

  private static void runLogged(Runnable task) {
    try {
      task.run();
    } catch (Throwable e) {
      LOG.error("A scheduled task failed", e);
    }
  }

  /** Drops every task that waits, interrupts the one that runs, and lets the thread end. */
  @Override
  public void close() {
    executor.shutdownNow();
  }

  /** Waits at most this long for the thread to end; does not wait for itself. */
  public void awaitThread(Duration timeout) throws InterruptedException {
    threads.join(timeout);
  }
}
