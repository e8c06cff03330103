package io.github.httpreport.internal.concurrent;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;

/** Time that passes when a test says so. */
public final class ManualScheduler implements Scheduler {

  /** Half a minute before the count wraps around, as that of a machine may at any time. */
  private static final long START_NANOS = Long.MAX_VALUE - Duration.ofSeconds(30).toNanos();

  private static final Instant START = Instant.ofEpochMilli(1_700_000_000_000L);

  private final Queue<Task> tasks =
      new PriorityQueue<>(Comparator.comparingLong(Task::due).thenComparingLong(Task::order));
  private long elapsed;
  private Duration jumped = Duration.ZERO;
  private long scheduled;

  @Override
  public synchronized long nanoTime() {
    return START_NANOS + elapsed;
  }

  @Override
  public synchronized Instant now() {
    return START.plusNanos(elapsed).plus(jumped);
  }

  /** Sets the clock on the wall forward or back, while no time passes. */
  public synchronized void jump(Duration far) {
    jumped = jumped.plus(far);
  }

  @Override
  public synchronized Scheduled schedule(Duration delay, Runnable action) {
    Task task = new Task(elapsed + delay.toNanos(), scheduled++, action);
    tasks.add(task);
    return () -> cancel(task);
  }

  private synchronized void cancel(Task task) {
    tasks.remove(task);
  }

  /** Lets time pass and does what is due meanwhile, in order, on this thread. */
  public void advance(Duration time) {
    long end = end(time);
    Task next = takeDue(end);
    while (next != null) {
      next.action.run();
      next = takeDue(end);
    }
  }

  private synchronized long end(Duration time) {
    return elapsed + time.toNanos();
  }

  private synchronized Task takeDue(long end) {
    Task next = tasks.peek();
    if (next == null || next.due > end) {
      elapsed = end;
      return null;
    }
    elapsed = Math.max(elapsed, next.due);
    return tasks.remove();
  }

  /** How many tasks wait for their time. */
  public synchronized int pending() {
    return tasks.size();
  }

  private record Task(long due, long order, Runnable action) {}
}
