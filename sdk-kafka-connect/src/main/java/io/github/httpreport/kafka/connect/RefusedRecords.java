package io.github.httpreport.kafka.connect;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of records that will never be taken: the worker's reporter gets them, which writes
 * the dead letter queue and fails the task by {@code errors.tolerance}. Where there is none, they
 * are dropped and counted if all errors are tolerated, and else fail the task. For one thread.
 */
final class RefusedRecords {

  private static final Logger LOG = LoggerFactory.getLogger(RefusedRecords.class);
  private static final long INTERVAL_NANOS = Duration.ofMinutes(1).toNanos();

  private final @Nullable ErrantRecordReporter reporter;
  private final boolean tolerant;
  private final LongSupplier nanoTime;
  private long loggedNanos;
  private long total;
  private long unreported;

  RefusedRecords(@Nullable ErrantRecordReporter reporter, boolean tolerant, LongSupplier nanoTime) {
    this.reporter = reporter;
    this.tolerant = tolerant;
    this.nanoTime = nanoTime;
  }

  /**
   * Passes a record on.
   *
   * @return done when the record may be forgotten, with an error when it cannot be passed on
   * @throws ConnectException if the task has to fail
   */
  Future<?> refuse(SinkRecord record, Throwable why) {
    DataException refusal =
        new DataException(name(record) + " is refused: " + why.getMessage(), why);
    if (reporter != null) {
      Future<Void> report = reporter.report(record, refusal);
      count(refusal, "passed to the worker's error reporter");
      return report;
    }
    if (!tolerant) {
      throw refusal;
    }
    count(refusal, "dropped, as errors.tolerance is all and there is no dead letter queue");
    return CompletableFuture.completedFuture(null);
  }

  private void count(DataException refusal, String where) {
    total++;
    unreported++;
    long now = nanoTime.getAsLong();
    if (total == 1 || now - loggedNanos >= INTERVAL_NANOS) {
      loggedNanos = now;
      LOG.warn(
          "Records are refused and {}: {} since the last such line, {} in all; the last: {}",
          where,
          unreported,
          total,
          refusal.getMessage());
      unreported = 0;
    }
  }

  /** Logs what no line has told yet. */
  void close() {
    if (unreported > 0) {
      LOG.warn("Records were refused: {} since the last such line, {} in all", unreported, total);
    }
  }

  /** Where a record stands, without what is in it. */
  static String name(SinkRecord record) {
    return "record "
        + record.originalTopic()
        + '-'
        + record.originalKafkaPartition()
        + " at offset "
        + record.originalKafkaOffset();
  }
}
