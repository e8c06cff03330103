package io.github.httpreport.internal.transport;

import io.github.httpreport.http.Response;
import io.github.httpreport.internal.concurrent.DaemonThreadFactory;
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
 * The calls of a transport that have no answer yet: their end when the transport closes, and when
 * their time is over. One scheduled task looks after all of them, since almost every call ends long
 * before its time and a task for each would be most of what a call costs besides its I/O.
 */
final class CallRegistry {

  /** One of them. */
  public interface Call {
    CompletableFuture<Response> answer();

    void start();

    /** When its time is over; null while it has no limit. */
    @Nullable Deadline deadline();

    /** Its time is over. */
    void timedOut();

    /** Ends it at once, unless it has ended: the transport is closed or its thread is gone. */
    void abandon(IOException why);
  }

  /** A moment of the timer's. */
  record Deadline(long nanos) {
    boolean isBefore(Deadline other) {
      return nanos - other.nanos < 0;
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(CallRegistry.class);

  private final DaemonThreadFactory threads;
  private final Scheduler timer;
  private final Set<Call> calls = ConcurrentHashMap.newKeySet();
  private final AtomicReference<@Nullable Deadline> nextSweep = new AtomicReference<>();
  private volatile boolean closed;

  /**
   * @param threads those that bring the answers
   */
  CallRegistry(DaemonThreadFactory threads, Scheduler timer) {
    this.threads = threads;
    this.timer = timer;
  }

  CompletableFuture<Response> start(Call call) {
    calls.add(call);
    try {
      call.start();
    } catch (Throwable e) {
      // It may be on its way nevertheless, and nobody waits for it any more.
      call.abandon(new IOException("could not be started: " + e, e));
    }
    if (closed) {
      call.abandon(closed());
    }
    return call.answer();
  }

  private static IOException closed() {
    return new IOException("the sender is closed");
  }

  /** An answer, or the end without one, is about to be told. */
  void ended(Call call) {
    calls.remove(call);
  }

  int count() {
    return calls.size();
  }

  Deadline deadlineIn(long nanos) {
    return new Deadline(timer.nanoTime() + nanos);
  }

  /** Negative when it is over. */
  long nanosUntil(Deadline deadline) {
    return deadline.nanos() - timer.nanoTime();
  }

  /** Looks after a call, which tells this deadline from now on. */
  void watch(Deadline deadline) {
    Deadline next = nextSweep.get();
    while (next == null || deadline.isBefore(next)) {
      if (nextSweep.compareAndSet(next, deadline)) {
        long wait = Math.max(0, nanosUntil(deadline));
        try {
          timer.schedule(Duration.ofNanos(wait), () -> sweep(deadline));
        } catch (Throwable e) {
          // The next call tries again, for this one too.
          nextSweep.compareAndSet(deadline, null);
          throw e;
        }
        return;
      }
      next = nextSweep.get();
    }
  }

  private void sweep(Deadline due) {
    // First, so that a call which still counts on this sweep is seen by it.
    nextSweep.compareAndSet(due, null);
    long now = timer.nanoTime();
    Deadline earliest = null;
    for (Call call : calls) {
      Deadline deadline = call.deadline();
      if (deadline == null) {
        continue;
      }
      if (deadline.nanos() - now <= 0) {
        timeOut(call);
      } else if (earliest == null || deadline.isBefore(earliest)) {
        earliest = deadline;
      }
    }
    if (earliest != null) {
      watch(earliest);
    }
  }

  /** What is thrown on the way to one caller must not keep the others from their time-outs. */
  private static void timeOut(Call call) {
    try {
      call.timedOut();
    } catch (Throwable e) {
      LOG.error("A call could not be timed out", e);
    }
  }

  boolean isClosed() {
    return closed;
  }

  /** Closes the client at once, ends what is open, and waits for the threads. */
  void close(Runnable client, Duration timeout) {
    closed = true;
    client.run();
    // It does not tell them all by itself.
    abandonAll(closed());
    try {
      threads.join(timeout);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends what is open now, each call whatever the one before it throws. */
  void abandonAll(IOException why) {
    for (Call call : calls) {
      try {
        call.abandon(why);
      } catch (Throwable e) {
        LOG.error("A call could not be ended", e);
      }
    }
  }
}
