package io.github.httpreport.internal.transport;

import io.github.httpreport.http.Response;
import io.github.httpreport.internal.concurrent.Scheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls of a transport that have no response yet: ends each when its time is over, and all of
 * them when the transport closes.
 *
 * <p>One scheduled task, the sweep, looks after all calls. Almost every call ends long before its
 * time, and a task for each would be most of what a call costs besides its I/O. {@code nextSweep}
 * is when the sweep is due: never later than the earliest deadline of any call. A call with an
 * earlier one replaces it and schedules its own; the task of the replaced moment sweeps as well,
 * finds nothing due, and is harmless. A sweep that finds calls left schedules the next one, and a
 * registry without calls has none.
 *
 * <p>Any thread starts and ends calls; there is no lock. {@link Call#timedOut} runs on the thread
 * of the scheduler, {@link Call#abandon} on the thread that closes or that started the call. Either
 * may meet the response on its way, so a call lets the first of them win.
 *
 * <p>A call is added before it starts and {@code closed} is set before the calls are abandoned.
 * Whichever comes first, one of the two threads sees the other: no call outlives the close.
 */
final class CallRegistry {

  /** A call without a response so far. */
  abstract static class Call {
    final CompletableFuture<Response> response;

    /** When its time is over; null while it has no limit. The thread of the sweep reads it. */
    volatile @Nullable Deadline deadline;

    Call(CompletableFuture<Response> response) {
      this.response = response;
    }

    abstract void start() throws IOException;

    /** The moment of the deadline has come, unless the call moved it meanwhile. */
    abstract void timedOut();

    /** Ends it at once, unless it has ended: the transport is closed or could not start it. */
    abstract void abandon(IOException why);
  }

  /** A moment on the clock of the scheduler, which compares by difference only. */
  record Deadline(long nanos) {
    boolean isBefore(@Nullable Deadline other) {
      return other == null || nanos - other.nanos < 0;
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(CallRegistry.class);

  private final Scheduler scheduler;
  private final Set<Call> calls = ConcurrentHashMap.newKeySet();
  private final AtomicReference<@Nullable Deadline> nextSweep = new AtomicReference<>();
  private volatile boolean closed;

  CallRegistry(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /**
   * Starts a call, whose future fails if that throws. Looks for the close after the start: a close
   * that came before this call was added has not seen it.
   */
  CompletableFuture<Response> start(Call call) {
    calls.add(call);
    try {
      call.start();
    } catch (Throwable e) {
      // It may be on its way nevertheless, and nobody waits for it any more.
      call.abandon(new IOException("could not be started: " + e, e));
    }
    if (closed) {
      call.abandon(whyClosed());
    }
    return call.response;
  }

  static IOException whyClosed() {
    return new IOException("the sender is closed");
  }

  /** To be called before the future of the call completes: who waits for it may look here next. */
  void ended(Call call) {
    calls.remove(call);
  }

  int count() {
    return calls.size();
  }

  Deadline deadlineIn(long nanos) {
    return new Deadline(scheduler.nanoTime() + nanos);
  }

  /** Negative when it is over. */
  long nanosUntil(Deadline deadline) {
    return deadline.nanos() - scheduler.nanoTime();
  }

  /**
   * Has a sweep at this moment, which is the deadline of a call already: the sweep that is due
   * before may run at any time and looks at the deadlines, not at this argument. Usually reads one
   * field, since the requests of one sender have the same limits and come one after the other.
   */
  void watch(Deadline deadline) {
    for (Deadline next = nextSweep.get(); deadline.isBefore(next); next = nextSweep.get()) {
      if (nextSweep.compareAndSet(next, deadline)) {
        schedule(deadline);
        return;
      }
    }
  }

  private void schedule(Deadline deadline) {
    try {
      Duration wait = Duration.ofNanos(Math.max(0, nanosUntil(deadline)));
      scheduler.schedule(wait, () -> sweep(deadline));
    } catch (Throwable e) {
      // The next call tries again, for this one too.
      nextSweep.compareAndSet(deadline, null);
      throw e;
    }
  }

  private void sweep(Deadline due) {
    // First, so that a call which still counts on this sweep is seen by it.
    nextSweep.compareAndSet(due, null);
    Deadline earliest = null;
    for (Call call : calls) {
      Deadline deadline = call.deadline;
      if (deadline != null && nanosUntil(deadline) <= 0) {
        guarded(call::timedOut);
      } else if (deadline != null && deadline.isBefore(earliest)) {
        earliest = deadline;
      }
    }
    if (earliest != null) {
      watch(earliest);
    }
  }

  /** An error that ends one call must not keep the others from their end. */
  private static void guarded(Runnable end) {
    try {
      end.run();
    } catch (Throwable e) {
      LOG.error("A call could not be ended", e);
    }
  }

  boolean isClosed() {
    return closed;
  }

  /** Closes what carries the calls, and then ends those that it left open. */
  void close(Runnable carrier) {
    closed = true;
    try {
      carrier.run();
    } finally {
      calls.forEach(call -> guarded(() -> call.abandon(whyClosed())));
    }
  }
}
