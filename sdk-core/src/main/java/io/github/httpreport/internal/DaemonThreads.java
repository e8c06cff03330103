package io.github.httpreport.internal;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes a few threads that do not keep the application alive. */
final class DaemonThreads implements ThreadFactory {

  private final String prefix;
  private final AtomicInteger made = new AtomicInteger();
  private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();

  private DaemonThreads(String prefix) {
    this.prefix = prefix;
  }

  static DaemonThreads named(String prefix) {
    return new DaemonThreads(prefix);
  }

  @Override
  public Thread newThread(Runnable task) {
    Thread thread = new Thread(task, prefix + '-' + made.incrementAndGet());
    thread.setDaemon(true);
    threads.add(thread);
    return thread;
  }

  void interrupt() {
    threads.forEach(Thread::interrupt);
  }

  /** Whether none was made, or all that were have ended. */
  boolean areGone() {
    return threads.stream().noneMatch(Thread::isAlive);
  }

  /** Waits, at most this long for each, until the threads that were made have ended. */
  void join(Duration timeout) throws InterruptedException {
    for (Thread thread : threads) {
      if (thread != Thread.currentThread()) {
        TimeUnit.NANOSECONDS.timedJoin(thread, timeout.toNanos());
      }
    }
  }
}
