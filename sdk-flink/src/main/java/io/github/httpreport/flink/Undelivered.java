package io.github.httpreport.flink;

import io.github.httpreport.error.MessageTooLargeException;
import io.github.httpreport.error.RejectedException;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.metrics.Counter;
import org.jspecify.annotations.Nullable;

/**
 * The records of one subtask that were not stored.
 *
 * <p>{@link #add} is called by the callback threads of the sender and by the thread of the task;
 * {@link #process} by the thread of the task alone, so that the handler of the user and Flink's
 * counters are used by one thread only. {@code add} wakes the thread of the task once for all that
 * comes until the next {@code process}: {@code notified} is reset before the queue is read, so a
 * record that is added meanwhile wakes it again and none is left behind.
 *
 * <p>The first failure that is no refusal is kept for good: every later {@code process} throws it.
 * The queue is bounded by what the buffer of the sender holds, because the thread of the task
 * processes it before it accepts the next record.
 */
final class Undelivered<T> {

  /** One record that the server refuses for good. */
  private record Refused<T>(@Nullable T element, RuntimeException cause) {}

  private final @Nullable RefusedRecordHandler<T> handler;
  private final Counter errors;
  private final Counter refusedRecords;
  private final Runnable wakeTask;
  private final Queue<Refused<T>> refused = new ConcurrentLinkedQueue<>();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final AtomicLong newErrors = new AtomicLong();
  private final AtomicBoolean notified = new AtomicBoolean();

  /**
   * None so far.
   *
   * @param handler takes refused records; null to fail on them
   * @param errors counts every record that was not stored
   * @param refusedRecords counts those that the handler took
   * @param wakeTask makes the thread of the task call {@link #process}; called on any thread
   */
  Undelivered(
      @Nullable RefusedRecordHandler<T> handler,
      Counter errors,
      Counter refusedRecords,
      Runnable wakeTask) {
    this.handler = handler;
    this.errors = errors;
    this.refusedRecords = refusedRecords;
    this.wakeTask = wakeTask;
  }

  /** Whether the record itself is needed when it is refused. */
  boolean keepsElements() {
    return handler != null;
  }

  /**
   * Adds a record.
   *
   * @param element the record; null unless {@link #keepsElements()}
   */
  void add(@Nullable T element, Throwable error) {
    Throwable cause = unwrapped(error);
    newErrors.incrementAndGet();
    if (handler != null && isRefusal(cause)) {
      refused.add(new Refused<>(element, (RuntimeException) cause));
    } else {
      failure.compareAndSet(null, cause);
    }
    if (notified.compareAndSet(false, true)) {
      wakeTask.run();
    }
  }

  /**
   * Hands refused records to the handler.
   *
   * @throws IOException if a record failed for another reason or the handler throws
   */
  void process() throws IOException {
    if (notified.get()) {
      notified.set(false);
      errors.inc(newErrors.getAndSet(0));
      handleRefused();
    }
    Throwable cause = failure.get();
    if (cause != null) {
      throw new IOException("a record was not stored: " + cause.getMessage(), cause);
    }
  }

  private void handleRefused() throws IOException {
    for (Refused<T> next = refused.poll(); next != null; next = refused.poll()) {
      handle(next);
      refusedRecords.inc();
    }
  }

  private void handle(Refused<T> record) throws IOException {
    try {
      if (handler != null && record.element() != null) {
        handler.refused(record.element(), record.cause());
      }
    } catch (Exception e) {
      failure.compareAndSet(null, e);
      throw new IOException("the handler of refused records failed: " + e.getMessage(), e);
    }
  }

  /** Whether no node takes the record as it is, however often it is sent. */
  private static boolean isRefusal(Throwable cause) {
    return cause instanceof IllegalArgumentException
        || cause instanceof MessageTooLargeException
        || cause instanceof RejectedException;
  }

  private static Throwable unwrapped(Throwable error) {
    Throwable cause = error instanceof CompletionException ? error.getCause() : null;
    return cause == null ? error : cause;
  }
}
