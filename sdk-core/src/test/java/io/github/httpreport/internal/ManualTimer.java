package io.github.httpreport.internal;

import static java.util.Comparator.comparingLong;

import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Time that passes when a test says so. Safe for use by many threads. */
final class ManualTimer implements Timer {

  private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");

  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(comparingLong(Task::due).thenComparingLong(Task::number));
  private long nanos;
  private long scheduled;

  private record Task(long due, long number, Runnable work) {}

  @Override
  public synchronized long nanoTime() {
    return nanos;
  }

  @Override
  public synchronized Instant now() {
    return START.plusNanos(nanos);
  }

  @Override
  public synchronized Scheduled schedule(Duration delay, Runnable work) {
    Task task = new Task(nanos + delay.toNanos(), scheduled++, work);
    tasks.add(task);
    return () -> cancel(task);
  }

  private synchronized void cancel(Task task) {
    tasks.remove(task);
  }

  /** Lets time pass, and runs on this thread what becomes due, each task at its own time. */
  void advance(Duration time) {
    long end = nanoTime() + time.toNanos();
    for (Task task = next(end); task != null; task = next(end)) {
      task.work().run();
    }
  }

  private synchronized @Nullable Task next(long end) {
    Task first = tasks.peek();
    if (first == null || first.due() > end) {
      nanos = Math.max(nanos, end);
      return null;
    }
    nanos = Math.max(nanos, first.due());
    return tasks.poll();
  }

  /** How many tasks wait for their time. */
  synchronized int pending() {
    return tasks.size();
  }
}
