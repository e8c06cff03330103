package io.github.httpreport.internal.share;

import io.github.httpreport.internal.concurrent.Scheduler;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Retry budget of one group, which keeps retries from doubling the traffic to a cluster that is
 * down. First attempts pay in a share of a token, a success of a retry pays for one, a few a second
 * are free, and each retry costs one token.
 *
 * <p>A retry without a token waits in the queue. The queue is served in order by one scheduled
 * task, on the scheduler's thread, which is due when the next token is there: the task exists
 * exactly while the queue is not empty. Budgets of one sender with a queue share what is free, so
 * that ten thousand dead groups do not keep a processor busy.
 *
 * <p>Deliveries pay, ask and wait on their own threads. The monitor guards tokens, queue and task;
 * no retry runs under it.
 */
public final class RetryBudget {

  /**
   * Bound of the saved tokens: so many retries may follow each other at once when failures begin.
   */
  private static final double MAX_TOKENS = 100;

  /**
   * Tokens per second without any traffic, which pay for the last retries of a group that sends
   * nothing new.
   */
  private static final double FREE_PER_SECOND = 10;

  /** The same for all budgets with a queue together. */
  private static final double FREE_PER_SECOND_OF_ALL = 100;

  private static final double NANOS_PER_SECOND = Duration.ofSeconds(1).toNanos();

  /** Tokens are sums of fractions, and three times a third has to count as one. */
  private static final double ROUNDING = 1e-9;

  /** Tokens that one first attempt pays in, from 0 to 10. */
  private final double ratio;

  private final Scheduler scheduler;
  private final AtomicInteger budgetsWithQueue;
  private final Set<Runnable> queue = new LinkedHashSet<>();

  /** The task that serves the queue, scheduled or running; null while the queue is empty. */
  private Scheduler.@Nullable Scheduled next;

  private double tokens = MAX_TOKENS;

  /** When the free tokens were last added to {@code tokens}. */
  private long lastNanos;

  /**
   * @param budgetsWithQueue counts, for all budgets of a sender, those with a queue
   */
  RetryBudget(double ratio, Scheduler scheduler, AtomicInteger budgetsWithQueue) {
    this.ratio = ratio;
    this.scheduler = scheduler;
    this.budgetsWithQueue = budgetsWithQueue;
    lastNanos = scheduler.nanoTime();
  }

  public synchronized void firstAttempt() {
    add(ratio);
  }

  public synchronized void retrySucceeded() {
    add(1);
  }

  private void add(double paid) {
    tokens = Math.min(MAX_TOKENS, tokens + paid);
    if (!queue.isEmpty() && hasToken()) {
      scheduleNext();
    }
  }

  /** Pays for a retry if it can and no other one waits. */
  public synchronized boolean tryRetry() {
    earn();
    return queue.isEmpty() && tryPay();
  }

  /** Runs a retry on the scheduler's thread, as soon as a token pays for it. */
  public synchronized void await(Runnable retry) {
    if (queue.isEmpty()) {
      budgetsWithQueue.incrementAndGet();
    }
    queue.add(retry);
    if (next == null) {
      scheduleNext();
    }
  }

  /** Removes a retry whose delivery has ended. */
  public synchronized void withdraw(Runnable retry) {
    if (queue.remove(retry)) {
      noteIfEmpty();
    }
  }

  synchronized boolean isIdle() {
    return queue.isEmpty();
  }

  /**
   * Runs the retries that tokens pay for, each outside of the monitor: a retry may start an
   * exchange.
   */
  private void serve() {
    for (Runnable paid = takePaid(); paid != null; paid = takePaid()) {
      paid.run();
    }
  }

  /**
   * Removes the first retry and pays for it; null when the queue is empty or no token is left, and
   * then the next task is scheduled.
   */
  private synchronized @Nullable Runnable takePaid() {
    earn();
    if (!queue.isEmpty() && tryPay()) {
      Iterator<Runnable> first = queue.iterator();
      Runnable paid = first.next();
      first.remove();
      noteIfEmpty();
      return paid;
    }
    next = null;
    if (!queue.isEmpty()) {
      scheduleNext();
    }
    return null;
  }

  private void noteIfEmpty() {
    if (queue.isEmpty()) {
      budgetsWithQueue.decrementAndGet();
      cancelNext();
    }
  }

  /** Schedules the queue for the moment when the missing part of a token will be there. */
  private void scheduleNext() {
    cancelNext();
    double missing = Math.max(0, 1 - tokens);
    long nanos = (long) Math.ceil(missing / freePerSecond() * NANOS_PER_SECOND);
    next = scheduler.schedule(Duration.ofNanos(nanos), this::serve);
  }

  private void cancelNext() {
    if (next != null) {
      next.cancel();
      next = null;
    }
  }

  private void earn() {
    long now = scheduler.nanoTime();
    double earned = (now - lastNanos) / NANOS_PER_SECOND * freePerSecond();
    tokens = Math.min(MAX_TOKENS, tokens + Math.max(0, earned));
    lastNanos = now;
  }

  private double freePerSecond() {
    return Math.min(FREE_PER_SECOND, FREE_PER_SECOND_OF_ALL / Math.max(1, budgetsWithQueue.get()));
  }

  private boolean tryPay() {
    if (!hasToken()) {
      return false;
    }
    tokens -= 1;
    return true;
  }

  private boolean hasToken() {
    return tokens >= 1 - ROUNDING;
  }
}
