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
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Connections that wait for their next request; closed when they have waited long.
 *
 * <p>Removal transfers ownership: the thread that gets a connection out of here, to use it or to
 * close it, is the only one that does. So the check never closes a connection on which a call
 * begins.
 *
 * <p>Any thread takes and keeps; the check runs on the thread of the scheduler. The monitor guards
 * the map and its deques, for a few instructions each time: under it no connection is asked or
 * closed, and nothing is scheduled. The last connection kept is the first one taken, so those
 * beyond what the traffic needs grow old until the check closes them. One check is scheduled while
 * any are kept.
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
  private final Scheduler scheduler;
  private final Map<Origin, Deque<Idle<C>>> byOrigin = new HashMap<>();
  private final AtomicBoolean checkIsDue = new AtomicBoolean();
  private volatile boolean closed;

  IdleConnections(Duration limit, Scheduler scheduler) {
    this.limit = limit;
    this.scheduler = scheduler;
  }

  /**
   * One that is open, the one used last if there are several. That is looked at without the
   * monitor, and may change before the caller uses it: the connection looks again before it writes.
   */
  @Nullable C take(Origin origin) {
    for (Idle<C> next = poll(origin); next != null; next = poll(origin)) {
      if (!isOver(next) && next.connection.isOpen()) {
        return next.connection;
      }
      next.connection.close();
    }
    return null;
  }

  private synchronized @Nullable Idle<C> poll(Origin origin) {
    Deque<Idle<C>> all = byOrigin.get(origin);
    return all == null ? null : all.pollFirst();
  }

  /** Takes a connection over; closes it if this is closed. */
  void keep(Origin origin, C connection) {
    if (add(origin, new Idle<>(connection, scheduler.nanoTime()))) {
      scheduleCheck();
    } else {
      connection.close();
    }
  }

  /** Looks under the monitor: {@link #close} finds the connection in the map, or is seen here. */
  private synchronized boolean add(Origin origin, Idle<C> idle) {
    if (!closed) {
      byOrigin.computeIfAbsent(origin, any -> new ArrayDeque<>()).addFirst(idle);
    }
    return !closed;
  }

  /** Reads before it tries: while a check is due, each connection kept comes by here. */
  private void scheduleCheck() {
    if (!checkIsDue.get() && checkIsDue.compareAndSet(false, true)) {
      try {
        scheduler.schedule(limit, this::check);
      } catch (Throwable e) {
        checkIsDue.set(false);
        throw e;
      }
    }
  }

  /** Allows the next check before it looks, so that a connection kept meanwhile has one. */
  private void check() {
    checkIsDue.set(false);
    remove(this::isOver).forEach(Pooled::close);
    if (!isEmpty()) {
      scheduleCheck();
    }
  }

  private boolean isOver(Idle<C> idle) {
    return scheduler.nanoTime() - idle.sinceNanos >= limit.toNanos();
  }

  private synchronized List<C> remove(Predicate<Idle<C>> condition) {
    List<C> removed = new ArrayList<>();
    for (Deque<Idle<C>> all : byOrigin.values()) {
      all.removeIf(idle -> condition.test(idle) && removed.add(idle.connection));
    }
    byOrigin.values().removeIf(Deque::isEmpty);
    return removed;
  }

  private synchronized boolean isEmpty() {
    return byOrigin.isEmpty();
  }

  /** Closes them, and from now on what is to be kept. */
  void close() {
    closed = true;
    remove(any -> true).forEach(Pooled::close);
  }
}
