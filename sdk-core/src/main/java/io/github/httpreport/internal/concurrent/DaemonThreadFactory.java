package io.github.httpreport.internal.concurrent;

import java.security.AccessController;
import java.security.PrivilegedAction;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Factory of a few named daemon threads, which do not keep the application alive.
 *
 * <p>The thread that happens to need the first one may belong to another application than the
 * sender, so a new thread keeps nothing of it: no context class loader, no inheritable
 * thread-local, no access control context. A thread that ends by an error logs it; its executor or
 * event loop replaces it.
 *
 * <p>The factory remembers the threads that live, so that closing can wait for them; any thread may
 * make and join them, and the list is concurrent.
 */
public final class DaemonThreadFactory implements ThreadFactory {

  private static final Logger LOG = LoggerFactory.getLogger(DaemonThreadFactory.class);

  private final String prefix;
  private final AtomicInteger made = new AtomicInteger();
  private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();

  private DaemonThreadFactory(String prefix) {
    this.prefix = prefix;
  }

  public static DaemonThreadFactory named(String prefix) {
    return new DaemonThreadFactory(prefix);
  }

  @Override
  public Thread newThread(Runnable task) {
    Thread thread =
        detached(() -> new Thread(null, task, prefix + '-' + made.incrementAndGet(), 0, false));
    thread.setContextClassLoader(DaemonThreadFactory.class.getClassLoader());
    thread.setDaemon(true);
    thread.setUncaughtExceptionHandler(DaemonThreadFactory::logEnd);
    threads.removeIf(known -> known.getState() == Thread.State.TERMINATED);
    threads.add(thread);
    return thread;
  }

  /** Makes a thread that does not hold the access control context, and so the loader, of others. */
  @SuppressWarnings("removal")
  static <T extends Thread> T detached(PrivilegedAction<T> make) {
    return AccessController.doPrivileged(make);
  }

  private static void logEnd(Thread thread, Throwable error) {
    LOG.error("The thread {} ended by an error and is replaced", thread.getName(), error);
  }

  /** Waits, at most this long for each, until the threads that were made have ended. */
  public void join(Duration timeout) throws InterruptedException {
    for (Thread thread : threads) {
      if (thread != Thread.currentThread()) {
        TimeUnit.NANOSECONDS.timedJoin(thread, timeout.toNanos());
      }
    }
  }
}
