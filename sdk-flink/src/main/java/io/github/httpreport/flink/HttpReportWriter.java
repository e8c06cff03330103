package io.github.httpreport.flink;

import io.github.httpreport.ProxySender;
import io.github.httpreport.SendResult;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.groups.SinkWriterMetricGroup;
import org.apache.flink.util.function.ThrowingRunnable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writer of one subtask: enqueues each record with a sender of its own, and on a checkpoint
 * waits until the server has acknowledged all of them.
 *
 * <p>Every method runs on the thread of the task. The callback threads of the sender only put what
 * was not stored into {@link Undelivered} and post a mail, which makes the thread of the task look
 * there: between two records, while it waits in {@link #flush}, or when no records come at all.
 *
 * <p>A full buffer blocks the thread of the task in {@code enqueue}, which is Flink's
 * back-pressure: the network buffers in front of the sink fill and stop the source. Meanwhile no
 * mail runs, and none has to: a record that fails frees its room, so {@code enqueue} returns, and
 * the next call throws. The wait is bounded and ends in a failure that names the buffer, and a
 * cancelled task interrupts it. A flush yields to the mails, so the first failure ends it at once.
 *
 * <p>A record of a batch that is refused for its content is sent again alone, by the thread of the
 * task wherever that looks at what was not stored. So a flush is repeated until nothing was sent
 * again since it began.
 *
 * <p>All that a restart needs is in the state of the source: the writer has none.
 */
final class HttpReportWriter<T> implements SinkWriter<T> {

  private static final Logger LOG = LoggerFactory.getLogger(HttpReportWriter.class);
  private static final ThrowingRunnable<IOException> NOTHING = () -> {};
  private static final String SPOOLED =
      "the sender has a spool, and a record in it is not acknowledged by the server";

  private final ProxySender sender;
  private final RecordMapping<T> mapping;
  private final UnaryOperator<T> copy;
  private final MailboxExecutor mailbox;
  private final ProcessingTimeService timers;
  private final Undelivered<T> undelivered;
  private final Counter records;
  private final Counter bytes;

  /** Records that were sent alone, by the thread of the task. */
  private long resends;

  /** One for all records: with a lambda for each, the sink would allocate twice. */
  private final BiConsumer<SendResult, Throwable> completion = this::completeWithoutElement;

  /**
   * A writer.
   *
   * @param sender is closed with the writer
   * @param copy makes a copy of a record where Flink reuses its object, else gives it back
   */
  HttpReportWriter(
      ProxySender sender,
      RecordMapping<T> mapping,
      UnaryOperator<T> copy,
      @Nullable RefusedRecordHandler<T> handler,
      MailboxExecutor mailbox,
      ProcessingTimeService timers,
      SinkWriterMetricGroup metrics) {
    this.sender = sender;
    this.mapping = mapping;
    this.copy = copy;
    this.mailbox = mailbox;
    this.timers = timers;
    records = metrics.getNumRecordsSendCounter();
    bytes = metrics.getNumBytesSendCounter();
    undelivered =
        new Undelivered<>(
            handler,
            metrics.getNumRecordsSendErrorsCounter(),
            metrics.counter("numRecordsRefused"),
            () -> post(this::processUndelivered),
            this::sendAlone);
  }

  @Override
  public void write(T element, Context context) throws IOException {
    undelivered.process();
    try {
      enqueue(element, mapping.report(element, context.timestamp()));
    } catch (InvalidRecordException e) {
      refuse(element, e);
    }
  }

  private void enqueue(T element, Report report) throws IOException {
    CompletableFuture<SendResult> result;
    try {
      result = sender.enqueue(report.message(), report.destination(), report.dataTime());
    } catch (IllegalArgumentException e) {
      refuse(element, e);
      return;
    }
    records.inc();
    bytes.inc(Utf8.length(report.message().body()));
    follow(element, report, result);
  }

  private void refuse(T element, IllegalArgumentException cause) throws IOException {
    undelivered.add(element, cause);
    undelivered.process();
  }

  private void follow(T element, Report report, CompletableFuture<SendResult> result) {
    if (undelivered.keepsElements()) {
      BatchedRecord<T> record = new BatchedRecord<>(copy.apply(element), report);
      result.whenComplete((stored, error) -> completeBatched(record, stored, error));
    } else {
      result.whenComplete(completion);
    }
  }

  private void completeBatched(
      BatchedRecord<T> record, @Nullable SendResult stored, @Nullable Throwable error) {
    if (error != null) {
      undelivered.addBatched(record, error);
    } else {
      complete(record.element(), stored, null);
    }
  }

  /** Waits for room like any other record, and is not sent a third time. */
  private void sendAlone(BatchedRecord<T> record) {
    resends++;
    Report report = record.report();
    sender
        .sendAsync(List.of(report.message()), report.destination(), report.dataTime())
        .whenComplete((stored, error) -> complete(record.element(), stored, error));
  }

  private void completeWithoutElement(@Nullable SendResult stored, @Nullable Throwable error) {
    complete(null, stored, error);
  }

  private void complete(
      @Nullable T element, @Nullable SendResult stored, @Nullable Throwable error) {
    if (error != null) {
      undelivered.add(element, error);
    } else if (stored != null && stored.spooled()) {
      undelivered.add(element, new IllegalStateException(SPOOLED));
    }
  }

  /** Waits for the acknowledgement of everything before the checkpoint or the end of the input. */
  @Override
  public void flush(boolean endOfInput) throws IOException, InterruptedException {
    SlowFlushWarning warning = new SlowFlushWarning(timers, sender.toString());
    try {
      long before;
      do {
        before = resends;
        awaitSettled(sender.flush());
        // What is sent again here, or was by a mail meanwhile, that flush need not have waited for.
      } while (before != resends);
    } finally {
      warning.cancel();
    }
  }

  private void awaitSettled(CompletableFuture<Void> settled)
      throws IOException, InterruptedException {
    settled.whenComplete((nothing, error) -> post(NOTHING));
    while (!settled.isDone()) {
      undelivered.process();
      mailbox.yield();
    }
    undelivered.process();
  }

  private void processUndelivered() throws IOException {
    undelivered.process();
  }

  private void post(ThrowingRunnable<IOException> mail) {
    try {
      mailbox.execute(mail, "records that " + sender + " reported");
    } catch (RejectedExecutionException closed) {
      LOG.debug("The task has ended, and no mail of {} is of use", sender);
    }
  }

  /**
   * Ends the sender at once: after the last flush it holds nothing, and after a failure the source
   * sends again what it holds. An interrupted thread would not wait for the threads of the sender,
   * which need the class loader that Flink closes next.
   */
  @Override
  public void close() {
    boolean interrupted = Thread.interrupted();
    try {
      sender.close(Duration.ZERO);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
