package io.github.httpreport.kafka.connect;

import java.util.concurrent.Future;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record on its way: to a server or, once it was refused, to the dead letter queue. The thread of
 * the task alone uses it; other threads only complete its future.
 */
final class PendingRecord {

  private enum Way {
    IN_BATCH,
    ALONE,
    REFUSED
  }

  private final SinkRecord record;
  private final long acceptedNanos;
  private Way way = Way.IN_BATCH;
  private Future<?> outcome;

  PendingRecord(SinkRecord record, long nowNanos, Future<?> outcome) {
    this.record = record;
    acceptedNanos = nowNanos;
    this.outcome = outcome;
  }

  /** A record that was refused at once, and is on its way to the dead letter queue. */
  static PendingRecord refused(SinkRecord record, long nowNanos, Future<?> report) {
    PendingRecord pending = new PendingRecord(record, nowNanos, report);
    pending.way = Way.REFUSED;
    return pending;
  }

  SinkRecord record() {
    return record;
  }

  long offset() {
    return record.originalKafkaOffset();
  }

  /** When the task took the record first. */
  long acceptedNanos() {
    return acceptedNanos;
  }

  Future<?> outcome() {
    return outcome;
  }

  void resentInBatch(Future<?> next) {
    outcome = next;
  }

  void resentAlone(Future<?> next) {
    way = Way.ALONE;
    outcome = next;
  }

  void refused(Future<?> report) {
    way = Way.REFUSED;
    outcome = report;
  }

  boolean isAlone() {
    return way == Way.ALONE;
  }

  boolean isRefused() {
    return way == Way.REFUSED;
  }

  /** Whether the offset of the record may be committed, as far as the record itself goes. */
  boolean isSettled() {
    return outcome.isDone() && failure() == null;
  }

  /** Why the way ended; null while it has not, and when it ended well. */
  @Nullable Throwable failure() {
    return Futures.failure(outcome);
  }
}
