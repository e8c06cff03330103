package io.github.httpreport.internal.transport;

import io.github.httpreport.internal.concurrent.DaemonThreadFactory;
import java.io.IOException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.DefaultConnectingIOReactor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The I/O reactor of a sender, which has one thread. An {@code Error} ends that thread for good,
 * and httpcore's reactor with it, although the error may come from any other part of the
 * application.
 *
 * <p>States: none, running, closed. {@link #get} goes from none to running, on the thread of any
 * caller. The end of the I/O thread goes back to none, on that thread: it closes the connections
 * that were left, and then the owner fails the calls that waited for them. The next caller gets a
 * new reactor. The lock guards the transitions; nothing under it waits.
 */
final class ReplaceableReactor {

  private static final Logger LOG = LoggerFactory.getLogger(ReplaceableReactor.class);

  private final DaemonThreadFactory threads;
  private final Function<ThreadFactory, DefaultConnectingIOReactor> maker;
  private final Consumer<IOException> lost;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable Running running;
  private boolean closed;

  /**
   * A reactor that is still to be made.
   *
   * @param lost is called when the thread has ended and its connections are closed
   */
  ReplaceableReactor(
      DaemonThreadFactory threads,
      Function<ThreadFactory, DefaultConnectingIOReactor> maker,
      Consumer<IOException> lost) {
    this.threads = threads;
    this.maker = maker;
    this.lost = lost;
  }

  /**
   * The reactor that runs now.
   *
   * @throws IllegalStateException if it is closed
   */
  DefaultConnectingIOReactor get() {
    Running known = running;
    return known == null ? start() : known.reactor;
  }

  private DefaultConnectingIOReactor start() {
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the transport is closed");
      }
      Running started = running;
      if (started == null) {
        started = new Running();
        running = started;
        started.startOrForget();
      }
      return started.reactor;
    } finally {
      lock.unlock();
    }
  }

  /** Makes the thread close what it has; the next {@link #get} throws. */
  void initiateShutdown() {
    Running last = close();
    if (last != null) {
      last.reactor.initiateShutdown();
    }
    threads.interrupt();
  }

  private @Nullable Running close() {
    lock.lock();
    try {
      closed = true;
      return running;
    } finally {
      lock.unlock();
    }
  }

  /** Frees what is left when the thread has ended or was never started. */
  void closeAtOnce() {
    Running last = close();
    if (last != null) {
      last.reactor.close(CloseMode.IMMEDIATE);
    }
  }

  /** One reactor and its thread. */
  private final class Running {
    private final DefaultConnectingIOReactor reactor = maker.apply(this::newThread);

    private Thread newThread(Runnable task) {
      return threads.newThread(() -> run(task));
    }

    void startOrForget() {
      try {
        reactor.start();
      } catch (Throwable e) {
        running = null;
        reactor.close(CloseMode.IMMEDIATE);
        throw e;
      }
    }

    private void run(Runnable task) {
      try {
        task.run();
        ended(new IOException("the I/O thread has ended"));
      } catch (Throwable e) {
        ended(new IOException("the I/O thread has ended: " + e, e));
      }
    }

    private void ended(IOException why) {
      lock.lock();
      try {
        if (closed) {
          return;
        }
        running = null;
      } finally {
        lock.unlock();
      }
      try {
        LOG.error("A new I/O thread is started, and its calls are tried again, because", why);
        reactor.close(CloseMode.IMMEDIATE);
      } finally {
        lost.accept(why);
      }
    }
  }
}
