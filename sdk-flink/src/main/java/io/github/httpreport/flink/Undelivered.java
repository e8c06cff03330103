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
import java.util.function.Consumer;
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
 * <p>A batch that is refused for its content takes all its records along, though perhaps one alone
 * is at fault: {@code process} sends each of them again in a request of its own, once, and what is
 * refused then is a refused record. A refusal that names no content, such as one of the group, is
 * that of every record at once, because no record would fare better alone.
 *
 * <p>The first failure that is no refusal is kept for good: every later {@code process} throws it.
 * Both queues are bounded by what the buffer of the sender holds, because the thread of the task
 * processes them before it accepts the next record.
 */
final class Undelivered<T> {

  /** One record that the server refuses for good. */
  private record Refused<T>(@Nullable T element, RuntimeException cause) {}

  private final @Nullable RefusedRecordHandler<T> handler;
  private final Counter errors;
  private final Counter refusedRecords;
  private final Runnable wakeTask;
  private final Consumer<BatchedRecord<T>> sendAlone;
  private final Queue<Refused<T>> refused = new ConcurrentLinkedQueue<>();
  private final Queue<BatchedRecord<T>> ofRefusedBatches = new ConcurrentLinkedQueue<>();
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
   * @param sendAlone sends a record in a request of its own; called by the thread of the task
   */
  Undelivered(
      @Nullable RefusedRecordHandler<T> handler,
      Counter errors,
      Counter refusedRecords,
      Runnable wakeTask,
      Consumer<BatchedRecord<T>> sendAlone) {
    this.handler = handler;
    this.errors = errors;
    this.refusedRecords = refusedRecords;
    this.wakeTask = wakeTask;
    this.sendAlone = sendAlone;
  }

  /** Whether the record itself is needed when it is refused. */
  boolean keepsElements() {
    return handler != null;
  }

  /**
   * Adds a record whose batch failed. It is sent alone if its content may be what the servers
   * refuse.
   */
  void addBatched(BatchedRecord<T> record, Throwable error) {
    if (unwrapped(error) instanceof RejectedException rejected && rejected.isContentAtFault()) {
      ofRefusedBatches.add(record);
      wake();
    } else {
      add(record.element(), error);
    }
  }

  /**
   * Adds a record that is not sent again.
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
    wake();
  }

  private void wake() {
    if (notified.compareAndSet(false, true)) {
      wakeTask.run();
    }
  }

  /**
   * Sends the records of refused batches again, and hands refused records to the handler.
   *
   * @throws IOException if a record failed for another reason or the handler throws
   */
  void process() throws IOException {
    if (notified.get()) {
      notified.set(false);
      errors.inc(newErrors.getAndSet(0));
      sendAlone();
      handleRefused();
    }
    Throwable cause = failure.get();
    if (cause != null) {
      throw new IOException("a record was not stored: " + cause.getMessage(), cause);
    }
  }

  private void sendAlone() {
    BatchedRecord<T> next = ofRefusedBatches.poll();
    while (next != null) {
      sendAlone.accept(next);
      next = ofRefusedBatches.poll();
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
