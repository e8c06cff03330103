package io.github.httpreport.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.github.httpreport.MockProxySender;
import io.github.httpreport.SendResult;
import io.github.httpreport.error.DeliveryTimeoutException;
import io.github.httpreport.error.FailureDetails;
import io.github.httpreport.error.RejectedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.function.ThrowingRunnable;
import org.junit.jupiter.api.Test;

/** When a writer fails, and when a checkpoint may complete. */
class HttpReportWriterTest {

  private static final long TIMESTAMP = 5_000;

  private final MockProxySender sender = new MockProxySender();
  private final Mailbox mailbox = new Mailbox();

  private HttpReportWriter<String> writer(RefusedRecordHandler<String> handler) {
    RecordMapping<String> mapping =
        new RecordMapping<>(r -> "group", r -> "stream", null, r -> r, null, true, null);
    return new HttpReportWriter<>(
        sender,
        mapping,
        record -> "copy of " + record,
        handler,
        mailbox,
        new NoTimers(),
        UnregisteredMetricsGroup.createSinkWriterMetricGroup());
  }

  private static RejectedException rejection() {
    return new RejectedException("111", FailureDetails.builder("refused by the test").build());
  }

  @Test
  void write_afterAFailedRecord_throwsItsCause() throws Exception {
    HttpReportWriter<String> writer = writer(null);
    sender.failNext(rejection());
    writer.write("first", CONTEXT);

    assertThatIOException()
        .isThrownBy(() -> writer.write("second", CONTEXT))
        .withMessage("a record was not stored: refused by the test")
        .withCauseInstanceOf(RejectedException.class);
    assertThat(sender.bodies()).doesNotContain("second");
  }

  @Test
  void flush_afterAFailedRecord_throwsItsCause_everyTime() throws Exception {
    HttpReportWriter<String> writer = writer(null);
    sender.failNext(rejection());
    writer.write("first", CONTEXT);

    assertThatIOException().isThrownBy(() -> writer.flush(false));
    assertThatIOException().isThrownBy(() -> writer.flush(true));
  }

  @Test
  void failedRecord_postsAMail_thatThrows() throws Exception {
    HttpReportWriter<String> writer = writer(null);
    sender.failNext(rejection());
    writer.write("first", CONTEXT);

    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(mailbox::runAll)
        .withMessageContaining("a record was not stored");
  }

  @Test
  void flush_beforeTheAcknowledgement_yieldsUntilItComes() throws Exception {
    HttpReportWriter<String> writer = writer(null);
    sender.hold();
    writer.write("first", CONTEXT);
    List<String> order = new ArrayList<>();
    mailbox.beforeYield(
        () -> {
          order.add("yield");
          sender.release();
        });

    writer.flush(false);

    assertThat(order).containsExactly("yield");
    assertThat(sender.bodies()).containsExactly("first");
  }

  @Test
  void refusedRecord_goesToHandler_asACopy_beforeTheFlushEnds() throws Exception {
    List<String> refused = new ArrayList<>();
    HttpReportWriter<String> writer = writer((record, cause) -> refused.add(record));
    sender.failNext(rejection());
    writer.write("first", CONTEXT);

    writer.flush(false);

    assertThat(refused).containsExactly("copy of first");
  }

  private static RejectedException rejectionOfContent() {
    return RejectedException.ofContent("400", FailureDetails.builder("no such field").build());
  }

  private static SendResult stored() {
    return SendResult.builder().messageCount(1).build();
  }

  /** The servers refuse these records together. */
  private void writeRefusedBatch(HttpReportWriter<String> writer, String... records)
      throws Exception {
    sender.hold();
    for (String record : records) {
      sender.failNext(rejectionOfContent());
      writer.write(record, CONTEXT);
    }
    sender.release();
  }

  @Test
  void refusedBatch_isSentAgainOneByOne_andOnlyWhatIsRefusedAloneIsRefused() throws Exception {
    List<String> refused = new ArrayList<>();
    HttpReportWriter<String> writer = writer((record, cause) -> refused.add(record));
    writeRefusedBatch(writer, "a", "poison", "c");
    sender.succeedNext(stored());
    sender.failNext(rejectionOfContent());

    writer.flush(false);

    assertThat(refused).containsExactly("copy of poison");
    assertThat(sender.sent())
        .extracting(MockProxySender.Sent::bodies)
        .containsExactly(
            List.of("a"),
            List.of("poison"),
            List.of("c"),
            List.of("a"),
            List.of("poison"),
            List.of("c"));
  }

  @Test
  void refusedBatch_isSentAgainBeforeTheNextRecord_withItsTime() throws Exception {
    HttpReportWriter<String> writer = writer((record, cause) -> {});
    sender.failNext(rejectionOfContent());
    writer.write("first", CONTEXT);

    writer.write("second", CONTEXT);

    assertThat(sender.bodies()).containsExactly("first", "first", "second");
    assertThat(sender.sent())
        .extracting(MockProxySender.Sent::dataTime)
        .containsOnly(Instant.ofEpochMilli(TIMESTAMP));
  }

  @Test
  void refusedBatch_whileNoRecordsCome_isSentAgainByAMail() throws Exception {
    HttpReportWriter<String> writer = writer((record, cause) -> {});
    sender.failNext(rejectionOfContent());
    writer.write("first", CONTEXT);

    mailbox.runAll();

    assertThat(sender.bodies()).containsExactly("first", "first");
  }

  @Test
  void flush_waitsForWhatItSendsAgain() throws Exception {
    List<String> refused = new ArrayList<>();
    HttpReportWriter<String> writer = writer((record, cause) -> refused.add(record));
    sender.failNext(rejectionOfContent());
    writer.write("first", CONTEXT);
    sender.failNext(rejectionOfContent());
    sender.hold();
    mailbox.beforeYield(sender::release);

    writer.flush(false);

    assertThat(refused).containsExactly("copy of first");
  }

  @Test
  void flush_waitsForWhatAMailSendsAgainMeanwhile() throws Exception {
    List<String> refused = new ArrayList<>();
    HttpReportWriter<String> writer = writer((record, cause) -> refused.add(record));
    sender.hold();
    sender.failNext(rejectionOfContent());
    writer.write("first", CONTEXT);
    sender.failNext(rejectionOfContent());
    mailbox.beforeYield(
        () -> {
          sender.release();
          sender.hold();
        });

    writer.flush(false);

    assertThat(refused).containsExactly("copy of first");
  }

  @Test
  void refusalOfTheGroup_isNotSentAgain() throws Exception {
    List<String> refused = new ArrayList<>();
    HttpReportWriter<String> writer = writer((record, cause) -> refused.add(record));
    sender.failAlways(rejection());
    writer.write("first", CONTEXT);

    writer.flush(false);

    assertThat(refused).containsExactly("copy of first");
    assertThat(sender.bodies()).containsExactly("first");
  }

  @Test
  void recordThatFailsAlone_forAnotherReason_failsTheFlush() throws Exception {
    HttpReportWriter<String> writer = writer((record, cause) -> {});
    writeRefusedBatch(writer, "first");
    sender.failNext(new DeliveryTimeoutException(FailureDetails.builder("nobody answers").build()));

    assertThatIOException()
        .isThrownBy(() -> writer.flush(false))
        .withMessage("a record was not stored: nobody answers");
  }

  @Test
  void refusedBatch_withoutAHandler_failsAtOnce() throws Exception {
    HttpReportWriter<String> writer = writer(null);
    writeRefusedBatch(writer, "first", "second");

    assertThatIOException()
        .isThrownBy(() -> writer.flush(false))
        .withCauseInstanceOf(RejectedException.class);
    assertThat(sender.bodies()).containsExactly("first", "second");
  }

  @Test
  void recordOnDisk_isNoAcknowledgement() throws Exception {
    HttpReportWriter<String> writer = writer((record, cause) -> {});
    sender.succeedNext(SendResult.builder().messageCount(1).spooled(true).build());
    writer.write("first", CONTEXT);

    assertThatIOException()
        .isThrownBy(() -> writer.flush(false))
        .withMessageContaining("the sender has a spool");
  }

  @Test
  void close_onAnInterruptedThread_closesTheSenderAndKeepsTheInterrupt() {
    HttpReportWriter<String> writer = writer(null);
    Thread.currentThread().interrupt();

    writer.close();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(sender.closed()).isTrue();
  }

  private static final SinkWriter.Context CONTEXT =
      new SinkWriter.Context() {
        @Override
        public long currentWatermark() {
          return 0;
        }

        @Override
        public Long timestamp() {
          return TIMESTAMP;
        }
      };

  /** A mailbox whose thread is that of the test. */
  private static final class Mailbox implements MailboxExecutor {
    private final Queue<ThrowingRunnable<? extends Exception>> mails = new ArrayDeque<>();
    private Runnable beforeYield = () -> {};

    void beforeYield(Runnable action) {
      beforeYield = action;
    }

    void runAll() {
      while (tryYield()) {
        // Until none is left.
      }
    }

    @Override
    public void execute(
        MailOptions options,
        ThrowingRunnable<? extends Exception> mail,
        String format,
        Object... arguments) {
      mails.add(mail);
    }

    @Override
    public void yield() {
      beforeYield.run();
      assertThat(mails).as("a mail, without which the task would wait for ever").isNotEmpty();
      run(mails.remove());
    }

    @Override
    public boolean tryYield() {
      if (mails.isEmpty()) {
        return false;
      }
      run(mails.remove());
      return true;
    }

    private static void run(ThrowingRunnable<? extends Exception> mail) {
      try {
        mail.run();
      } catch (Exception e) {
        throw new UncheckedIOException((IOException) e);
      }
    }

    @Override
    public boolean shouldInterrupt() {
      return false;
    }
  }

  /** Timers that are never due. */
  private static final class NoTimers implements ProcessingTimeService {
    @Override
    public long getCurrentProcessingTime() {
      return 0;
    }

    @Override
    public ScheduledFuture<?> registerTimer(long time, ProcessingTimeCallback target) {
      return new NeverDue();
    }
  }

  /** A future that is only cancelled. */
  private static final class NeverDue extends CompletableFuture<Void>
      implements ScheduledFuture<Void> {
    @Override
    public long getDelay(java.util.concurrent.TimeUnit unit) {
      return Long.MAX_VALUE;
    }

    @Override
    public int compareTo(java.util.concurrent.Delayed other) {
      return 0;
    }
  }
}
