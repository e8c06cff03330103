package io.github.httpreport.internal.transport;

import io.github.httpreport.http.Origin;
import io.github.httpreport.internal.concurrent.Scheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Connections that wait for their next request; closed when they have waited long.
 *
 * <p>Removal transfers ownership: the thread that gets a connection out of here, to use it or to
 * close it, is the only one that does. So the check never closes a connection on which a call
 * begins.
 *
 * <p>Any thread takes and keeps; the check runs on the thread of the timer. The lock guards the map
 * and its deques, for a few instructions each time: under it no connection is asked or closed, and
 * nothing is scheduled. The last connection kept is the first one taken, so those beyond what the
 * traffic needs grow old until the check closes them. One check is scheduled while any are kept.
 *
 * @param <C> their kind
 */
final class IdleConnections<C extends IdleConnections.Pooled> {

  /** A connection without a call. */
  interface Pooled {
    /** False once the server is known to have written or closed since the last response. */
    boolean isOpen();

    void close();
  }

  private record Idle<C>(C connection, long sinceNanos) {}

  private final Duration limit;
  private final Scheduler timer;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Origin, Deque<Idle<C>>> byOrigin = new HashMap<>();
  private final AtomicBoolean checkIsDue = new AtomicBoolean();
  private volatile boolean closed;

  IdleConnections(Duration limit, Scheduler timer) {
    this.limit = limit;
    this.timer = timer;
  }

  /** One that is open, the one used last if there are several. */
  @Nullable C take(Origin origin) {
    for (Idle<C> next = poll(origin); next != null; next = poll(origin)) {
      if (!isOver(next) && next.connection.isOpen()) {
        return next.connection;
      }
      next.connection.close();
    }
    return null;
  }

  private @Nullable Idle<C> poll(Origin origin) {
    lock.lock();
    try {
      Deque<Idle<C>> all = byOrigin.get(origin);
      return all == null ? null : all.pollFirst();
    } finally {
      lock.unlock();
    }
  }

  /** Takes a connection over; closes it if this is closed. */
  void keep(Origin origin, C connection) {
    if (add(origin, new Idle<>(connection, timer.nanoTime()))) {
      scheduleCheck();
    } else {
      connection.close();
    }
  }

  /** Asks under the lock: what {@link #close} does not find in the map sees it as closed here. */
  private boolean add(Origin origin, Idle<C> idle) {
    lock.lock();
    try {
      if (!closed) {
        byOrigin.computeIfAbsent(origin, any -> new ArrayDeque<>()).addFirst(idle);
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  private void scheduleCheck() {
    if (!checkIsDue.get() && checkIsDue.compareAndSet(false, true)) {
      try {
        timer.schedule(limit, this::check);
      } catch (Throwable e) {
        checkIsDue.set(false);
        throw e;
      }
    }
  }

  /** Allows the next check before it looks, so that a connection kept meanwhile has one. */
  private void check() {
    checkIsDue.set(false);
    if (closeIf(this::isOver) > 0) {
      scheduleCheck();
    }
  }

  private boolean isOver(Idle<C> idle) {
    return timer.nanoTime() - idle.sinceNanos >= limit.toNanos();
  }

  /** Returns how many servers are left that connections are kept to. */
  private int closeIf(Predicate<Idle<C>> condition) {
    List<Idle<C>> removed = new ArrayList<>();
    int left;
    lock.lock();
    try {
      byOrigin
          .values()
          .removeIf(
              all -> {
                all.removeIf(idle -> condition.test(idle) && removed.add(idle));
                return all.isEmpty();
              });
      left = byOrigin.size();
    } finally {
      lock.unlock();
    }
    removed.forEach(idle -> idle.connection.close());
    return left;
  }

  /** Closes them, and from now on what is to be kept. */
  void close() {
    closed = true;
    closeIf(any -> true);
  }
}
