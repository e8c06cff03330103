package io.github.httpreport.kafka.connect;

import io.github.httpreport.CloseSummary;
import io.github.httpreport.ProxySender;
import io.github.httpreport.SendResult;
import io.github.httpreport.error.BufferFullException;
import io.github.httpreport.error.DeliveryTimeoutException;
import io.github.httpreport.error.InterruptedSendException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records of one task between Kafka and the servers. A record is translated, enqueued at the
 * sender, and kept until its future completes; then its partition may be committed beyond it.
 *
 * <p>The thread of the task calls every method, and looks at the futures when it comes by: at the
 * start of each {@link #put} and at each {@link #preCommit}. So there is no lock and no callback.
 *
 * <p>What a failed future means is decided in {@link #put} alone, which may throw: a failure that
 * may pass is sent again; a refused record goes to {@link RefusedRecords}; everything else fails
 * the task. {@link #preCommit} never throws, because the worker would rewind the partitions.
 *
 * <p>{@link #put} waits for room for {@code buffer.max.block.ms} in all, and then throws a {@link
 * RetriableException}: the worker pauses the partitions, keeps its place in the consumer group, and
 * brings the same records again after {@code retry.backoff.ms}.
 */
final class RecordDelivery implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RecordDelivery.class);

  private final DeliverySettings settings;
  private final SinkTaskContext context;
  private final RecordTranslator translator;
  private final ProxySender sender;
  private final RefusedRecords refused;
  private final LongSupplier nanoTime;
  private final Map<TopicPartition, PartitionProgress> partitions = new HashMap<>();
  private @Nullable PartitionProgress lastProgress;
  private int held;
  private long nowNanos;
  private long blockedNanos;
  private @Nullable Long stalledSinceNanos;
  private boolean failing;

  RecordDelivery(
      HttpReportSinkConfig config,
      SinkTaskContext context,
      ProxySender sender,
      LongSupplier nanoTime) {
    settings = DeliverySettings.of(config);
    this.context = context;
    this.sender = sender;
    this.nanoTime = nanoTime;
    translator = new RecordTranslator(config);
    refused =
        new RefusedRecords(context.errantRecordReporter(), config.toleratesAllErrors(), nanoTime);
  }

  /** Starts with partitions from the offsets that are committed. */
  void open(Collection<TopicPartition> opened) {
    opened.forEach(this::forget);
    opened.forEach(partition -> partitions.put(partition, new PartitionProgress(partition)));
  }

  /** Forgets partitions: whoever has them next starts from the offsets that are committed. */
  void close(Collection<TopicPartition> closed) {
    closed.forEach(this::forget);
  }

  private void forget(TopicPartition partition) {
    PartitionProgress progress = partitions.remove(partition);
    lastProgress = null;
    held -= progress == null ? 0 : progress.size();
  }

  void put(Collection<SinkRecord> records) {
    blockedNanos = 0;
    boolean resent = awaitEnd();
    if (resent && !records.isEmpty()) {
      throw later("records were not acknowledged and are sent again");
    }
    records.forEach(this::take);
    partitions.values().forEach(PartitionProgress::endPut);
    stalledSinceNanos = null;
  }

  private void take(SinkRecord record) {
    PartitionProgress partition = progressOf(record);
    long offset = record.originalKafkaOffset();
    if (partition.isHandled(offset)) {
      return;
    }
    if (partition.goesBack(offset) && partition.size() > 0) {
      throw later("a partition starts again at an earlier offset, and its records are on the way");
    }
    awaitPlace();
    send(record, partition);
    partition.handled(offset);
    if (blockedNanos > settings.maxBlockNanos()) {
      throw later("the buffer gets room too slowly");
    }
  }

  /** The records of a put come partition by partition: most belong to the one before. */
  private PartitionProgress progressOf(SinkRecord record) {
    PartitionProgress last = lastProgress;
    if (last != null && last.isOf(record)) {
      return last;
    }
    TopicPartition partition =
        new TopicPartition(record.originalTopic(), record.originalKafkaPartition());
    PartitionProgress progress = partitions.computeIfAbsent(partition, PartitionProgress::new);
    lastProgress = progress;
    return progress;
  }

  private void send(SinkRecord record, PartitionProgress partition) {
    try {
      Report report = translator.translate(record);
      if (report != null) {
        CompletableFuture<SendResult> outcome = enqueue(report);
        hold(partition, new PendingRecord(record, nowNanos, outcome));
      }
    } catch (DataException | IllegalArgumentException e) {
      hold(partition, PendingRecord.refused(record, nowNanos, refused.refuse(record, e)));
    }
  }

  private void hold(PartitionProgress partition, PendingRecord record) {
    partition.add(record);
    held++;
  }

  private CompletableFuture<SendResult> enqueue(Report report) {
    long startNanos = nanoTime.getAsLong();
    return accepted(
        startNanos, sender.enqueue(report.message(), report.destination(), report.dataTime()));
  }

  private CompletableFuture<SendResult> sendAlone(Report report) {
    long startNanos = nanoTime.getAsLong();
    return accepted(
        startNanos,
        sender.sendAsync(List.of(report.message()), report.destination(), report.dataTime()));
  }

  /** Throws where the buffer had no room; then nothing was accepted. */
  private CompletableFuture<SendResult> accepted(
      long startNanos, CompletableFuture<SendResult> outcome) {
    countBlocked(startNanos);
    if (outcome.isCompletedExceptionally() && isFull(outcome)) {
      throw later("the buffer is full");
    }
    return outcome;
  }

  private void countBlocked(long startNanos) {
    nowNanos = nanoTime.getAsLong();
    blockedNanos += nowNanos - startNanos;
  }

  private static boolean isFull(CompletableFuture<SendResult> outcome) {
    Throwable failure = Futures.failure(outcome);
    return failure instanceof BufferFullException || failure instanceof InterruptedSendException;
  }

  /** Waits until fewer records are held than may be, as long as a put may wait. */
  private void awaitPlace() {
    while (held >= settings.maxRecords()) {
      long leftNanos = settings.maxBlockNanos() - blockedNanos;
      if (leftNanos <= 0 || !awaitAny(leftNanos)) {
        throw later(held + " records wait for an acknowledgement, and more may not");
      }
    }
  }

  /** Waits until the first record of a partition is settled. */
  private boolean awaitAny(long timeoutNanos) {
    long startNanos = nanoTime.getAsLong();
    List<Future<?>> firsts = new ArrayList<>();
    for (PartitionProgress partition : partitions.values()) {
      PendingRecord first = partition.first();
      if (first != null) {
        firsts.add(first.outcome());
      }
    }
    Futures.awaitAny(firsts, Duration.ofNanos(timeoutNanos));
    countBlocked(startNanos);
    return removeSettled() > 0;
  }

  private int removeSettled() {
    int removed = partitions.values().stream().mapToInt(PartitionProgress::removeSettled).sum();
    held -= removed;
    return removed;
  }

  /**
   * Forgets the records that are settled, and decides on those that failed.
   *
   * @return whether records had to be sent again
   */
  private boolean awaitEnd() {
    removeSettled();
    boolean resent = false;
    for (PartitionProgress partition : partitions.values()) {
      PendingRecord first = partition.first();
      // All that failed behind it as well, or each of them would wait for a request of its own.
      if (first != null && first.failure() != null) {
        resent |= settleFailed(partition);
      }
    }
    removeSettled();
    logFailing(resent);
    return resent;
  }

  private boolean settleFailed(PartitionProgress partition) {
    boolean resent = false;
    for (PendingRecord record : partition.pending()) {
      Throwable failure = record.failure();
      if (failure != null && blockedNanos <= settings.maxBlockNanos()) {
        resent |= decide(record, failure);
      }
    }
    return resent;
  }

  private boolean decide(PendingRecord record, Throwable failure) {
    if (record.isRefused()) {
      throw failed(record, "cannot be written to the dead letter queue", failure);
    }
    switch (FailureKind.of(failure)) {
      case TEMPORARY -> {
        requireTime(record, failure);
        return sendAgain(record, record.isAlone());
      }
      case REFUSED_REQUEST -> {
        return record.isAlone() ? refuse(record, failure) : sendAgain(record, true);
      }
      case REFUSED -> {
        return refuse(record, failure);
      }
      default -> throw failed(record, "is not delivered", failure);
    }
  }

  private boolean sendAgain(PendingRecord record, boolean alone) {
    Report report = report(record);
    if (alone) {
      record.resentAlone(sendAlone(report));
    } else {
      record.resentInBatch(enqueue(report));
    }
    return true;
  }

  private boolean refuse(PendingRecord record, Throwable failure) {
    record.refused(refused.refuse(record.record(), failure));
    return false;
  }

  private Report report(PendingRecord record) {
    Report report = translator.translate(record.record());
    if (report == null) {
      throw new IllegalStateException("a record that is skipped was sent");
    }
    return report;
  }

  private void requireTime(PendingRecord record, Throwable failure) {
    boolean isOver =
        failure instanceof DeliveryTimeoutException
            || nanoTime.getAsLong() - record.acceptedNanos() >= settings.retryNanos();
    if (isOver && !settings.retriesForever()) {
      throw failed(
          record, "is not delivered within " + HttpReportSinkConfig.RETRY_TIMEOUT, failure);
    }
  }

  private static ConnectException failed(PendingRecord record, String what, Throwable failure) {
    return new ConnectException(
        RefusedRecords.name(record.record()) + ' ' + what + ": " + failure.getMessage(), failure);
  }

  private void logFailing(boolean resent) {
    if (resent && !failing) {
      failing = true;
      LOG.warn("Records were not acknowledged; they are sent again, and no offset passes them");
    } else if (failing && held == 0) {
      failing = false;
      LOG.info("All records are acknowledged again");
    }
  }

  /** The exception that makes the worker bring the records of this put again. */
  private ConnectException later(String why) {
    long now = nanoTime.getAsLong();
    if (stalledSinceNanos == null) {
      stalledSinceNanos = now;
    } else if (!settings.retriesForever() && now - stalledSinceNanos >= settings.retryNanos()) {
      return new ConnectException(
          "no record was accepted within " + HttpReportSinkConfig.RETRY_TIMEOUT + ": " + why);
    }
    context.timeout(settings.retryBackoffMillis());
    return new RetriableException(why);
  }

  /**
   * Tells how far partitions may be committed.
   *
   * @param consumed how far they were consumed
   * @return for each of them the offset up to which everything is settled, and no further
   */
  Map<TopicPartition, OffsetAndMetadata> preCommit(
      Map<TopicPartition, OffsetAndMetadata> consumed) {
    if (held > 0) {
      Futures.await(sender.flush(), settings.flushTimeout());
      removeSettled();
    }
    Map<TopicPartition, OffsetAndMetadata> committable = new HashMap<>(consumed);
    committable.replaceAll(this::committable);
    return committable;
  }

  private OffsetAndMetadata committable(TopicPartition partition, OffsetAndMetadata consumed) {
    PartitionProgress progress = partitions.get(partition);
    long offset = progress == null ? consumed.offset() : progress.committable(consumed.offset());
    return offset == consumed.offset() ? consumed : new OffsetAndMetadata(offset);
  }

  /** Closes the sender, in its time. Offsets that are not committed are read again. */
  @Override
  public void close() {
    CloseSummary summary = sender.close(settings.closeTimeout());
    if (summary.abandoned() > 0) {
      LOG.info(
          "The task stopped before {} records were acknowledged. They are not lost: their offsets"
              + " are not committed, and they are read again",
          summary.abandoned());
    }
    refused.close();
    translator.close();
  }
}
