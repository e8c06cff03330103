package io.github.httpreport.internal.transport;

import io.github.httpreport.internal.concurrent.DaemonThreadFactory;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The I/O thread of a sender, which waits for all sockets that do not block, and gives each a turn
 * when it is ready.
 *
 * <p>States: none, running, closed. {@link #watch} and {@link #again} go from none to running, on
 * the thread of any caller. An {@code Error} ends the thread, although it may come from any other
 * part of the application; that goes back to none: the dying thread closes the sockets that were
 * left and lets their handlers know. The next caller starts a new thread. {@link #close} is final.
 *
 * <p>The monitor guards the transitions, so that there is one thread at a time and none after
 * {@link #close}; nothing under it waits. The selector is safe for use by any thread. A change by
 * another thread takes effect when the I/O thread selects again, so each is followed by a wake-up;
 * a turn on the I/O thread itself needs none.
 */
final class EventLoop {

  /** What waits for a socket. */
  interface Handler {
    SocketChannel channel();

    /** The socket is ready for what was waited for; on the I/O thread. */
    void ready();

    /** The I/O thread ends and the socket is closed; on the I/O thread. */
    void lost(IOException why);
  }

  private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);

  private final DaemonThreadFactory threads;
  private volatile @Nullable Running running;
  private volatile boolean closed;

  EventLoop(DaemonThreadFactory threads) {
    this.threads = threads;
  }

  /**
   * Waits for a socket from now on, until its channel is closed; replaces the events waited for
   * before.
   *
   * @param events of {@link SelectionKey}
   * @throws IllegalStateException if it is closed
   */
  void watch(Handler handler, int events) throws IOException {
    Running loop = get();
    handler.channel().register(loop.selector, events, handler);
    loop.wakeUp();
  }

  /**
   * Gives the handler another turn, after all sockets that are ready have had theirs: for bytes
   * that are in its own buffers, of which the selector knows nothing.
   */
  void again(Handler handler) throws IOException {
    Running loop = get();
    loop.again.add(handler);
    loop.wakeUp();
  }

  /** Has the I/O thread let go of a socket that was closed: until then the port stays in use. */
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

  private synchronized Running start() throws IOException {
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
  }

  /** Under the monitor, since a thread may die before {@link #start} has published it. */
  private synchronized void forget() {
    running = null;
  }

  /** Makes the I/O thread close what it has and end; {@link #watch} throws from now on. */
  synchronized void close() {
    closed = true;
    wakeUp();
  }

  /** One I/O thread, with a selector of its own: a new thread begins with no socket. */
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
        while (!closed) {
          turns();
        }
        end(CallRegistry.whyClosed());
      } catch (Throwable e) {
        end(new IOException("the I/O thread has ended: " + e, e));
      }
    }

    /**
     * One turn for each socket that is ready, and then for each handler that asked for another. One
     * that asks again within its turn waits for the next round, behind the sockets.
     */
    private void turns() throws IOException {
      if (again.isEmpty()) {
        selector.select(Running::ready);
      } else {
        selector.selectNow(Running::ready);
      }
      for (int left = again.size(); left > 0; left--) {
        again.remove().ready();
      }
    }

    private static void ready(SelectionKey key) {
      ((Handler) key.attachment()).ready();
    }

    /**
     * Makes room for the next thread first: a handler that is lost may begin another call. A socket
     * that registers behind the copy of the keys ends with the time limit of its call.
     */
    private void end(IOException why) {
      forget();
      if (!closed) {
        LOG.error("A new I/O thread is started, and its calls are tried again, because", why);
      }
      for (SelectionKey key : List.copyOf(selector.keys())) {
        closeAndReport((Handler) key.attachment(), why);
      }
      try {
        selector.close();
      } catch (IOException e) {
        LOG.debug("A selector could not be closed", e);
      }
    }

    private static void closeAndReport(Handler handler, IOException why) {
      try {
        handler.channel().close();
        handler.lost(why);
      } catch (Throwable e) {
        LOG.error("A connection could not be ended", e);
      }
    }
  }
}
