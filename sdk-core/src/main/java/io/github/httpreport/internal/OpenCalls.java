package io.github.httpreport.internal;

import io.github.httpreport.http.Response;
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
final class OpenCalls {

  /** One of them. */
  interface Call {
    CompletableFuture<Response> answer();

    void start();

    /** When its time is over; null while it has no limit. */
    @Nullable Deadline deadline();

    /** Its time is over. */
    void timedOut();

    /** The transport is closed. */
    void abandon();
  }

  /** A moment of the timer's. */
  record Deadline(long nanos) {
    boolean isBefore(Deadline other) {
      return nanos - other.nanos < 0;
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(OpenCalls.class);

  private final DaemonThreads threads;
  private final Timer timer;
  private final Set<Call> calls = ConcurrentHashMap.newKeySet();
  private final AtomicReference<@Nullable Deadline> nextSweep = new AtomicReference<>();
  private volatile boolean closed;

  /**
   * @param threads those that bring the answers
   */
  OpenCalls(DaemonThreads threads, Timer timer) {
    this.threads = threads;
    this.timer = timer;
  }

  CompletableFuture<Response> start(Call call) {
    calls.add(call);
    call.start();
    if (closed) {
      call.abandon();
    }
    return call.answer();
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
        timer.schedule(Duration.ofNanos(wait), () -> sweep(deadline));
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
        call.timedOut();
      } else if (earliest == null || deadline.isBefore(earliest)) {
        earliest = deadline;
      }
    }
    if (earliest != null) {
      watch(earliest);
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
    calls.forEach(Call::abandon);
    try {
      threads.join(timeout);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void sayFailed(Exception error) {
    // A reactor that is closed at once stumbles over its own closed selector.
    if (!closed) {
      LOG.error("The I/O reactor failed", error);
    }
  }
}
