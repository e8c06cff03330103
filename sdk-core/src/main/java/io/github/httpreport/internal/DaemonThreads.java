package io.github.httpreport.internal;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes threads that do not keep the application alive. */
final class DaemonThreads implements ThreadFactory {

  private final String prefix;
  private final AtomicInteger made = new AtomicInteger();

  private DaemonThreads(String prefix) {
    this.prefix = prefix;
  }

  static ThreadFactory named(String prefix) {
    return new DaemonThreads(prefix);
  }

  @Override
  public Thread newThread(Runnable task) {
    Thread thread = new Thread(task, prefix + '-' + made.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }
}
