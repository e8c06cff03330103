package io.github.httpreport.internal.transport;

import io.github.httpreport.internal.concurrent.DaemonThreadFactory;
import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The I/O thread of a sender, which waits for all sockets that do not block, and gives each a turn
 * when it is ready.
 *
 * <p>States: none, running, closed. {@link #watch} goes from none to running, on the thread of any
 * caller. An {@code Error} ends the thread, although it may come from any other part of the
 * application; that goes back to none, on that thread: it closes the sockets that were left and
 * tells their handlers. The next caller starts a new thread. The lock guards the transitions;
 * nothing under it waits.
 */
final class EventLoop {

  /** What waits for a socket. */
  interface Handler {
    SocketChannel channel();

    /** The socket is ready for what was waited for; on the I/O thread. */
    void ready();

    /** The I/O thread has ended and the socket is closed. */
    void lost(IOException why);
  }

  private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);

  private final DaemonThreadFactory threads;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable Running running;
  private boolean closed;

  EventLoop(DaemonThreadFactory threads) {
    this.threads = threads;
  }

  /**
   * Waits for a socket from now on; the handler gets its turn on the I/O thread.
   *
   * @param known what this returned for the same handler before, null at first
   * @param events of {@link SelectionKey}
   * @throws IllegalStateException if it is closed
   */
  SelectionKey watch(@Nullable SelectionKey known, Handler handler, int events) throws IOException {
    if (known == null) {
      Running loop = get();
      SelectionKey key = handler.channel().register(loop.selector, events, handler);
      loop.wakeUp();
      return key;
    }
    try {
      if (known.interestOps() != events) {
        known.interestOps(events);
        wakeUp();
      }
    } catch (CancelledKeyException e) {
      throw new IOException("closed", e);
    }
    return known;
  }

  /** Gives the handler another turn, after all that wait for theirs. */
  void again(Handler handler) throws IOException {
    Running loop = get();
    loop.again.add(handler);
    loop.wakeUp();
  }

  /** A socket was closed: the I/O thread is to let go of it. */
  void wakeUp() {
    Running loop = running;
    if (loop != null) {
      loop.wakeUp();
    }
  }

  /** Whether the calling thread is the I/O thread. */
  boolean isHere() {
    Running loop = running;
    return loop != null && Thread.currentThread() == loop.thread;
  }

  private Running get() throws IOException {
    Running known = running;
    return known == null ? start() : known;
  }

  private Running start() throws IOException {
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the transport is closed");
      }
      Running started = running;
      if (started == null) {
        started = new Running();
        started.thread.start();
        running = started;
      }
      return started;
    } finally {
      lock.unlock();
    }
  }

  /** Makes the I/O thread close what it has and end; {@link #watch} throws from now on. */
  void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    wakeUp();
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** One I/O thread. */
  private final class Running implements Runnable {
    private final Selector selector = Selector.open();
    private final Queue<Handler> again = new ConcurrentLinkedQueue<>();
    private final Thread thread = threads.newThread(this);

    Running() throws IOException {}

    void wakeUp() {
      if (Thread.currentThread() != thread) {
        selector.wakeup();
      }
    }

    @Override
    public void run() {
      try {
        while (!isClosed()) {
          turns();
        }
        end(new IOException("the sender is closed"));
      } catch (Throwable e) {
        end(new IOException("the I/O thread has ended: " + e, e));
      }
    }

    private void turns() throws IOException {
      if (again.isEmpty()) {
        selector.select();
      } else {
        selector.selectNow();
      }
      List<Handler> more = takeAgain();
      for (SelectionKey key : selector.selectedKeys()) {
        ((Handler) key.attachment()).ready();
      }
      selector.selectedKeys().clear();
      more.forEach(Handler::ready);
    }

    private List<Handler> takeAgain() {
      if (again.isEmpty()) {
        return List.of();
      }
      List<Handler> taken = new ArrayList<>();
      for (Handler next = again.poll(); next != null; next = again.poll()) {
        taken.add(next);
      }
      return taken;
    }

    private void end(IOException why) {
      lock.lock();
      try {
        running = null;
        if (!closed) {
          LOG.error("A new I/O thread is started, and its calls are tried again, because", why);
        }
      } finally {
        lock.unlock();
      }
      List<Handler> left = new ArrayList<>();
      for (SelectionKey key : selector.keys()) {
        left.add((Handler) key.attachment());
      }
      left.forEach(handler -> closeAndReport(handler, why));
      try {
        selector.close();
      } catch (IOException e) {
        LOG.debug("A selector could not be closed", e);
      }
    }

    private void closeAndReport(Handler handler, IOException why) {
      try {
        handler.channel().close();
        handler.lost(why);
      } catch (Throwable e) {
        LOG.error("A connection could not be ended", e);
      }
    }
  }
}
