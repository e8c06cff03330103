package io.github.httpreport.testkit;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** How long answers wait. A change reaches those that wait already. */
final class Pause {

  private static final Duration MAX = Duration.ofDays(365);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile long delayNanos;
  private volatile boolean running = true;

  static Duration notNegative(Duration delay) {
    if (delay.isNegative() || delay.compareTo(MAX) > 0) {
      throw new IllegalArgumentException("delay must be from zero to 365 days, but is " + delay);
    }
    return delay;
  }

  void delay(Duration delay) {
    long nanos = notNegative(delay).toNanos();
    lock.lock();
    try {
      delayNanos = nanos;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Sends everybody who waits away without a response, or lets them wait again. */
  void running(boolean value) {
    lock.lock();
    try {
      running = value;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void await(Duration extra) throws IOException {
    long extraNanos = extra.toNanos();
    if (delayNanos + extraNanos == 0) {
      return;
    }
    long start = System.nanoTime();
    lock.lock();
    try {
      long left = delayNanos + extraNanos;
      while (running && left > 0) {
        changed.awaitNanos(left);
        left = delayNanos + extraNanos - (System.nanoTime() - start);
      }
      if (!running) {
        throw new IOException("stopped before answering");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted before answering");
    } finally {
      lock.unlock();
    }
  }
}
