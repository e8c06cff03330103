package io.github.httpreport.internal.transport;

import io.github.httpreport.http.Origin;
import io.github.httpreport.internal.concurrent.Scheduler;
import java.time.Duration;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Connections that wait for their next request; closed when they have waited long.
 *
 * @param <C> their kind
 */
final class IdleConnections<C extends IdleConnections.Pooled> {

  /** One of them. */
  interface Pooled {
    /** Whether it is as its last answer left it. */
    boolean isQuiet();

    /** Closes it at once. */
    void breakOff();
  }

  private record Idle<C>(C connection, long sinceNanos) {}

  private final Duration limit;
  private final Scheduler timer;
  private final Map<Origin, Deque<Idle<C>>> byOrigin = new ConcurrentHashMap<>();
  private final AtomicBoolean checkIsDue = new AtomicBoolean();
  private volatile boolean closed;

  IdleConnections(Duration limit, Scheduler timer) {
    this.limit = limit;
    this.timer = timer;
  }

  /** One that is quiet, the one used last if there are several. */
  @Nullable C take(Origin origin) {
    Deque<Idle<C>> all = byOrigin.get(origin);
    if (all == null) {
      return null;
    }
    Idle<C> next = all.pollFirst();
    while (next != null) {
      if (!isOver(next) && next.connection.isQuiet()) {
        return next.connection;
      }
      next.connection.breakOff();
      next = all.pollFirst();
    }
    return null;
  }

  void keep(Origin origin, C connection) {
    Idle<C> idle = new Idle<>(connection, timer.nanoTime());
    byOrigin.compute(
        origin,
        (key, known) -> {
          Deque<Idle<C>> all = known == null ? new ConcurrentLinkedDeque<>() : known;
          all.addFirst(idle);
          return all;
        });
    if (closed) {
      closeAll();
    } else {
      scheduleCheck();
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

  private void check() {
    checkIsDue.set(false);
    for (Origin origin : byOrigin.keySet()) {
      byOrigin.computeIfPresent(origin, (key, all) -> closeOld(all).isEmpty() ? null : all);
    }
    if (!byOrigin.isEmpty()) {
      scheduleCheck();
    }
  }

  private Deque<Idle<C>> closeOld(Deque<Idle<C>> all) {
    for (Idle<C> last = all.peekLast(); last != null && isOver(last); last = all.peekLast()) {
      // Who takes it out has it to himself.
      if (all.removeLastOccurrence(last)) {
        last.connection.breakOff();
      }
    }
    return all;
  }

  private boolean isOver(Idle<C> idle) {
    return timer.nanoTime() - idle.sinceNanos >= limit.toNanos();
  }

  /** Closes them, and from now on whatever is to be kept. */
  void close() {
    closed = true;
    closeAll();
  }

  /** Closes those that wait now. */
  void closeAll() {
    for (Deque<Idle<C>> all : byOrigin.values()) {
      for (Idle<C> idle = all.pollFirst(); idle != null; idle = all.pollFirst()) {
        idle.connection.breakOff();
      }
    }
  }
}
