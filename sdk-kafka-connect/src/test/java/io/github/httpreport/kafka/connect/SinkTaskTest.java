package io.github.httpreport.kafka.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.httpreport.Destination;
import io.github.httpreport.error.AuthenticationException;
import io.github.httpreport.error.DeliveryTimeoutException;
import io.github.httpreport.error.MessageTooLargeException;
import io.github.httpreport.error.NoNodeAvailableException;
import io.github.httpreport.error.RejectedException;
import io.github.httpreport.kafka.connect.FakeContext.DeadLetters;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

/** The task, called as a worker calls it, with a sender and a clock that the tests control. */
class SinkTaskTest {

  private static final TopicPartition P0 = new TopicPartition("t", 0);
  private static final TopicPartition P1 = new TopicPartition("t", 1);

  private final ScriptedSender sender = new ScriptedSender();
  private final DeadLetters deadLetters = new DeadLetters();
  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L);
  private FakeContext context = new FakeContext(null);
  private HttpReportSinkTask task;

  private void start(String... options) {
    Map<String, String> config = config(options);
    task = new HttpReportSinkTask(parsed -> sender, clock::get);
    task.initialize(context);
    task.start(config);
    task.open(List.of(P0, P1));
  }

  private void startWithDeadLetters(String... options) {
    context = new FakeContext(deadLetters);
    start(options);
  }

  private static Map<String, String> config(String... options) {
    Map<String, String> config = new HashMap<>();
    config.put("nodes", "localhost:1");
    config.put("destination.group", "g");
    for (int i = 0; i < options.length; i += 2) {
      config.put(options[i], options[i + 1]);
    }
    return config;
  }

  private static SinkRecord record(int partition, long offset, Object value) {
    return new SinkRecord(
        "t", partition, null, "k", null, value, offset, 61_500L, TimestampType.CREATE_TIME);
  }

  /** Records whose bodies are their offsets. */
  private static List<SinkRecord> records(int partition, long from, long to) {
    return LongStream.range(from, to)
        .mapToObj(offset -> record(partition, offset, "" + offset))
        .toList();
  }

  private void put(SinkRecord... records) {
    task.put(List.of(records));
  }

  private long committable(TopicPartition partition, long consumed) {
    return task.preCommit(Map.of(partition, new OffsetAndMetadata(consumed)))
        .get(partition)
        .offset();
  }

  private void pass(Duration time) {
    clock.addAndGet(time.toNanos());
  }

  @Test
  void preCommit_acknowledgementsOutOfOrder_stopsBeforeTheFirstGap() {
    start();
    task.put(records(0, 10, 15));

    assertThat(committable(P0, 15)).isEqualTo(10);
    sender.acknowledge("11", "12", "14");
    assertThat(committable(P0, 15)).isEqualTo(10);
    sender.acknowledge("10");
    assertThat(committable(P0, 15)).isEqualTo(13);
    sender.acknowledge("13");
    assertThat(committable(P0, 15)).isEqualTo(15);
  }

  @Test
  void preCommit_twoPartitions_eachHasItsOwnOffset() {
    start();
    put(record(0, 5, "a"), record(1, 7, "b"), record(0, 6, "c"));
    sender.acknowledge("b", "c");

    assertThat(task.preCommit(Map.of(P0, new OffsetAndMetadata(7), P1, new OffsetAndMetadata(8))))
        .isEqualTo(Map.of(P0, new OffsetAndMetadata(5), P1, new OffsetAndMetadata(8)));
  }

  @Test
  void preCommit_nothingOnTheWay_isWhatWasConsumed() {
    start();

    // A transformation dropped all records up to here.
    assertThat(committable(P0, 42)).isEqualTo(42);
  }

  @Test
  void preCommit_failedRecord_throwsNothingAndStaysBeforeIt() {
    start();
    task.put(records(0, 0, 3));
    sender.acknowledge("0", "2");
    sender.fail("1", new AuthenticationException(ScriptedSender.details("wrong key", false)));

    assertThat(committable(P0, 3)).isEqualTo(1);
    assertThatThrownBy(() -> put())
        .isInstanceOf(ConnectException.class)
        .isNotInstanceOf(RetriableException.class)
        .hasMessage("record t-0 at offset 1 is not delivered: wrong key")
        .hasCauseInstanceOf(AuthenticationException.class);
    assertThat(committable(P0, 3)).isEqualTo(1);
  }

  @Test
  void preCommit_recordOfAnInterruptedPut_isNotBeyondWhatWasConsumed() {
    start();
    sender.places(2);
    assertThatThrownBy(() -> task.put(records(0, 0, 5))).isInstanceOf(RetriableException.class);
    sender.acknowledge("0");

    assertThat(committable(P0, 0)).isZero();
  }

  @Test
  void put_fullBuffer_isRetriableWithTimeoutAndGoesOnWhereItStopped() {
    start("retry.backoff.ms", "700");
    sender.places(3);

    assertThatThrownBy(() -> task.put(records(0, 0, 5)))
        .isInstanceOf(RetriableException.class)
        .hasMessageContaining("the buffer is full");
    assertThat(context.timeouts()).containsExactly(700L);
    assertThat(sender.bodies()).containsExactly("0", "1", "2");

    assertThatThrownBy(() -> task.put(records(0, 0, 5))).isInstanceOf(RetriableException.class);
    assertThat(sender.bodies()).containsExactly("0", "1", "2");

    sender.acknowledge("0", "1");
    task.put(records(0, 0, 5));
    assertThat(sender.bodies()).containsExactly("0", "1", "2", "3", "4");
    sender.acknowledge("2", "3", "4");
    assertThat(committable(P0, 5)).isEqualTo(5);
  }

  @Test
  void put_bufferThatGetsRoomTooSlowly_isRetriableAndSendsNothingTwice() {
    start("buffer.max.block.ms", "500");
    sender.onEnqueue(() -> pass(Duration.ofMillis(300)));

    assertThatThrownBy(() -> task.put(records(0, 0, 5))).isInstanceOf(RetriableException.class);
    assertThat(sender.bodies()).containsExactly("0", "1");
    assertThatThrownBy(() -> task.put(records(0, 0, 5))).isInstanceOf(RetriableException.class);
    task.put(records(0, 0, 5));
    assertThat(sender.bodies()).containsExactly("0", "1", "2", "3", "4");
  }

  @Test
  void put_moreRecordsThanMayBeHeld_isRetriable() {
    start("buffer.max.records", "3", "buffer.max.block.ms", "1");
    // The clock of the test stands still: only the wait itself ends.
    assertThatThrownBy(() -> task.put(records(0, 0, 4)))
        .isInstanceOf(RetriableException.class)
        .hasMessageContaining("3 records wait");
    sender.acknowledge("1", "2");
    assertThatThrownBy(() -> task.put(records(0, 0, 4))).isInstanceOf(RetriableException.class);
    sender.acknowledge("0");
    task.put(records(0, 0, 4));
    assertThat(sender.bodies()).containsExactly("0", "1", "2", "3");
  }

  @Test
  void put_fullForLongerThanTheRetryTimeout_failsTheTask() {
    start("retry.timeout.ms", "60000");
    sender.places(0);
    assertThatThrownBy(() -> task.put(records(0, 0, 1))).isInstanceOf(RetriableException.class);
    pass(Duration.ofSeconds(59));
    assertThatThrownBy(() -> task.put(records(0, 0, 1))).isInstanceOf(RetriableException.class);
    pass(Duration.ofSeconds(1));
    assertThatThrownBy(() -> task.put(records(0, 0, 1)))
        .isNotInstanceOf(RetriableException.class)
        .hasMessageContaining("retry.timeout.ms");
  }

  @Test
  void put_fullForVeryLongWithoutRetryTimeout_staysRetriable() {
    start();
    sender.places(0);
    assertThatThrownBy(() -> task.put(records(0, 0, 1))).isInstanceOf(RetriableException.class);
    pass(Duration.ofDays(30));
    assertThatThrownBy(() -> task.put(records(0, 0, 1))).isInstanceOf(RetriableException.class);
  }

  @Test
  void put_afterTemporaryFailures_sendsAllOfThemAgainAndNoOther() {
    start();
    task.put(records(0, 0, 4));
    for (String body : List.of("0", "2", "3")) {
      sender.fail(body, new NoNodeAvailableException(ScriptedSender.details("down", true)));
    }

    assertThatThrownBy(() -> task.put(records(0, 4, 5))).isInstanceOf(RetriableException.class);
    assertThat(sender.bodies()).containsExactly("0", "1", "2", "3", "0", "2", "3");
    assertThat(context.timeouts()).containsExactly(1_000L);
    sender.acknowledge("0", "1", "2");
    assertThat(committable(P0, 4)).isEqualTo(3);
    task.put(records(0, 4, 5));
    sender.acknowledge("3", "4");
    assertThat(committable(P0, 5)).isEqualTo(5);
  }

  @Test
  void put_emptyAfterTemporaryFailure_sendsAgainAndThrowsNothing() {
    start();
    put(record(0, 0, "a"));
    sender.fail("a", new NoNodeAvailableException(ScriptedSender.details("down", true)));

    assertThatCode(() -> put()).doesNotThrowAnyException();
    assertThat(sender.bodies()).containsExactly("a", "a");
  }

  @Test
  void put_fullWhileFailedRecordsAreSentAgain_keepsThemFailedUntilThereIsRoom() {
    start();
    task.put(records(0, 0, 3));
    for (String body : List.of("0", "1", "2")) {
      sender.fail(body, new NoNodeAvailableException(ScriptedSender.details("down", true)));
    }
    sender.places(1);
    assertThatThrownBy(() -> task.put(records(0, 3, 4))).isInstanceOf(RetriableException.class);
    assertThat(committable(P0, 3)).isZero();
    sender.places(9);
    sender.acknowledge("0");
    assertThatThrownBy(() -> task.put(records(0, 3, 4))).isInstanceOf(RetriableException.class);
    sender.acknowledge("1", "2");
    assertThat(committable(P0, 3)).isEqualTo(3);
    task.put(records(0, 3, 4));
    assertThat(sender.bodies()).containsExactly("0", "1", "2", "0", "1", "2", "3");
  }

  @Test
  void put_afterTheRetryTimeoutOfARecord_failsTheTask() {
    start("retry.timeout.ms", "1000");
    put(record(0, 0, "a"), record(1, 0, "b"));
    sender.fail("a", new NoNodeAvailableException(ScriptedSender.details("down", true)));
    put();
    pass(Duration.ofSeconds(2));
    sender.fail("a", new NoNodeAvailableException(ScriptedSender.details("down", true)));

    assertThatThrownBy(() -> put())
        .isNotInstanceOf(RetriableException.class)
        .hasMessageContaining("record t-0 at offset 0")
        .hasMessageContaining("retry.timeout.ms");
  }

  @Test
  void put_deliveryTimeoutOfABoundedRetry_failsTheTask() {
    start("retry.timeout.ms", "1000");
    put(record(0, 0, "a"));
    sender.fail("a", new DeliveryTimeoutException(ScriptedSender.details("late", true)));

    assertThatThrownBy(() -> put()).hasMessageContaining("retry.timeout.ms");
  }

  @Test
  void put_rejectedRecordWithoutReporter_failsTheTaskAndCommitsNothingBeyond() {
    start();
    task.put(records(0, 0, 2));
    sender.acknowledge("1");
    sender.fail("0", new RejectedException("115", ScriptedSender.details("unknown", false)));

    assertThatThrownBy(() -> put())
        .isInstanceOf(ConnectException.class)
        .hasMessage("record t-0 at offset 0 is refused: unknown");
    assertThat(committable(P0, 2)).isZero();
  }

  @Test
  void put_rejectedRecordWithReporter_commitsItOnceTheDeadLetterIsWritten() {
    startWithDeadLetters();
    task.put(records(0, 0, 3));
    sender.acknowledge("0", "2");
    sender.fail("1", new RejectedException("115", ScriptedSender.details("unknown", false)));

    put();
    assertThat(deadLetters.records).extracting(SinkRecord::kafkaOffset).containsExactly(1L);
    assertThat(deadLetters.reasons.get(0))
        .isInstanceOf(DataException.class)
        .hasMessage("record t-0 at offset 1 is refused: unknown")
        .hasCauseInstanceOf(RejectedException.class);
    assertThat(committable(P0, 3)).isEqualTo(1);
    deadLetters.writes.get(0).complete(null);
    assertThat(committable(P0, 3)).isEqualTo(3);
  }

  @Test
  void put_deadLetterThatCannotBeWritten_failsTheTask() {
    startWithDeadLetters();
    sender.throwFor("a", new IllegalArgumentException("body is blank"));
    put(record(0, 0, "a"));
    deadLetters.writes.get(0).completeExceptionally(new IllegalStateException("no topic"));

    assertThatThrownBy(() -> put())
        .isInstanceOf(ConnectException.class)
        .hasMessage("record t-0 at offset 0 cannot be written to the dead letter queue: no topic");
    assertThat(committable(P0, 1)).isZero();
  }

  @Test
  void put_reporterThatToleratesNothing_failsTheTaskWithItsException() {
    startWithDeadLetters();
    ConnectException tolerance = new ConnectException("Tolerance exceeded");
    deadLetters.refuseWith(tolerance);
    sender.throwFor("a", new IllegalArgumentException("body is blank"));

    assertThatThrownBy(() -> put(record(0, 0, "a"))).isSameAs(tolerance);
  }

  @Test
  void put_unacceptableBodyWithoutReporter_followsTheTolerance() {
    start();
    sender.throwFor("a", new IllegalArgumentException("body is blank"));
    assertThatThrownBy(() -> put(record(0, 0, "a")))
        .isInstanceOf(ConnectException.class)
        .hasMessage("record t-0 at offset 0 is refused: body is blank");

    start("errors.tolerance", "all");
    put(record(0, 0, "a"), record(0, 1, "b"));
    sender.acknowledge("b");
    assertThat(committable(P0, 2)).isEqualTo(2);
  }

  @Test
  void put_refusedRecordOfAnInterruptedPut_isReportedOnce() {
    startWithDeadLetters();
    sender.throwFor("bad", new IllegalArgumentException("body is blank"));
    sender.places(0);
    List<SinkRecord> batch = List.of(record(0, 0, "bad"), record(0, 1, "good"));
    assertThatThrownBy(() -> task.put(batch)).isInstanceOf(RetriableException.class);
    sender.places(1);
    task.put(batch);

    assertThat(deadLetters.records).hasSize(1);
    assertThat(sender.bodies()).containsExactly("good");
  }

  @Test
  void put_requestRefusedForItsContent_sendsEachRecordAloneBeforeOneIsRefused() {
    startWithDeadLetters();
    task.put(records(0, 0, 2));
    for (String body : List.of("0", "1")) {
      sender.fail(
          body, RejectedException.ofContent("400", ScriptedSender.details("bad batch", false)));
    }
    put();
    assertThat(sender.calls().subList(2, 4)).allMatch(ScriptedSender.Call::alone);
    sender.acknowledge("0");
    sender.fail("1", new NoNodeAvailableException(ScriptedSender.details("down", true)));
    put();
    assertThat(sender.calls()).hasSize(5);
    assertThat(sender.calls().get(4).alone()).isTrue();
    sender.fail(
        "1", RejectedException.ofContent("400", ScriptedSender.details("bad alone", false)));
    put();

    assertThat(deadLetters.records).extracting(SinkRecord::kafkaOffset).containsExactly(1L);
  }

  @Test
  void put_tooLargeRecord_isRefused() {
    startWithDeadLetters();
    put(record(0, 0, "a"));
    sender.fail("a", new MessageTooLargeException(ScriptedSender.details("too large", false)));
    put();

    assertThat(deadLetters.records).hasSize(1);
  }

  @Test
  void put_rebalanceThatTakesAPartition_forgetsItAndStartsFromTheCommit() {
    start();
    task.put(records(0, 0, 3));
    put(record(1, 0, "other"));
    sender.acknowledge("0");
    assertThat(committable(P0, 3)).isEqualTo(1);

    task.close(List.of(P0));
    sender.fail("1", new AuthenticationException(ScriptedSender.details("of another", false)));
    put();
    task.open(List.of(P0));
    task.put(records(0, 1, 3));

    assertThat(sender.bodies()).containsExactly("0", "1", "2", "other", "1", "2");
    assertThat(committable(P0, 3)).isEqualTo(1);
    assertThat(committable(P1, 1)).isZero();
  }

  @Test
  void put_rebalanceWhileRecordsWait_takesRoomFromNoOther() {
    start("buffer.max.records", "2", "buffer.max.block.ms", "1");
    task.put(records(0, 0, 2));
    task.close(List.of(P0));

    task.put(List.of(record(1, 0, "a"), record(1, 1, "b")));
    assertThat(sender.bodies()).endsWith("a", "b");
  }

  @Test
  void put_interruptedAndThenOtherPartitionsOnly_sendsThemAll() {
    start();
    sender.places(1);
    assertThatThrownBy(() -> put(record(0, 0, "a"), record(1, 0, "b")))
        .isInstanceOf(RetriableException.class);
    task.close(List.of(P0));
    task.open(List.of(P0));
    sender.places(9);
    // The worker drops the records of a partition that it lost, and reads them again later.
    put(record(1, 0, "b"));
    put(record(0, 0, "a"));

    assertThat(sender.bodies()).containsExactly("a", "b", "a");
  }

  @Test
  void put_rewoundPartition_waitsForItsOldRecordsAndThenTakesAll() {
    start();
    task.put(records(0, 5, 7));
    List<SinkRecord> again = List.of(record(0, 0, "x"), record(0, 1, "y"));

    assertThatThrownBy(() -> task.put(again))
        .isInstanceOf(RetriableException.class)
        .hasMessageContaining("earlier offset");
    sender.acknowledge("5", "6");
    task.put(again);

    assertThat(sender.bodies()).containsExactly("5", "6", "x", "y");
    assertThat(committable(P0, 2)).isZero();
  }

  @Test
  void put_whilePaused_stillCommitsWhatIsAcknowledged() {
    start();
    put(record(0, 0, "a"));
    // A paused worker goes on with empty puts and commits.
    put();
    sender.acknowledge("a");
    put();

    assertThat(committable(P0, 1)).isEqualTo(1);
  }

  @Test
  void put_renamedTopic_commitsTheOriginalPartition() {
    start();
    SinkRecord original = record(0, 3, "a");
    put(original.newRecord("renamed", 9, null, null, null, original.value(), original.timestamp()));

    assertThat(sender.calls().get(0).destination()).isEqualTo(new Destination("g", "renamed"));
    assertThat(committable(P0, 4)).isEqualTo(3);
    sender.acknowledge("a");
    assertThat(committable(P0, 4)).isEqualTo(4);
  }

  @Test
  void put_record_carriesItsTimeAndNoKeyAndNoHeader() {
    start();
    SinkRecord record = record(0, 0, "a");
    record.headers().addString("trace", "123");
    put(record);

    ScriptedSender.Call call = sender.calls().get(0);
    assertThat(call.destination()).isEqualTo(new Destination("g", "t"));
    assertThat(call.dataTime()).isEqualTo(Instant.ofEpochMilli(61_500));
    assertThat(call.message().key()).isNull();
    assertThat(call.message().body()).isEqualTo("a");
  }

  @Test
  void put_withoutDataTime_leavesItToTheSender() {
    start("data.time", "none");
    put(record(0, 0, "a"));
    assertThat(sender.calls().get(0).dataTime()).isNull();

    start();
    put(
        new SinkRecord("t", 0, null, null, null, "b", 0, -1L, TimestampType.NO_TIMESTAMP_TYPE),
        new SinkRecord("t", 0, null, null, null, "c", 1));
    assertThat(sender.calls()).extracting(ScriptedSender.Call::dataTime).containsOnlyNulls();
  }

  @Test
  void put_values_becomeText() {
    startWithDeadLetters();
    Schema schema = SchemaBuilder.struct().field("n", Schema.INT32_SCHEMA).build();
    put(
        record(0, 0, "text"),
        record(0, 1, "bytes é \uFFFD".getBytes(java.nio.charset.StandardCharsets.UTF_8)),
        record(0, 2, java.nio.ByteBuffer.wrap(new byte[] {'b', 'u', 'f'})),
        new SinkRecord("t", 0, null, null, schema, new Struct(schema).put("n", 7), 3),
        record(0, 4, Map.of("a", List.of(1, true))),
        record(0, 5, 12.5),
        record(0, 6, new byte[] {(byte) 0xC3, 0x28}),
        record(0, 7, new Object()));

    assertThat(sender.bodies())
        .containsExactly("text", "bytes é \uFFFD", "buf", "{\"n\":7}", "{\"a\":[1,true]}", "12.5");
    assertThat(deadLetters.reasons)
        .extracting(Throwable::getMessage)
        .containsExactly(
            "record t-0 at offset 6 is refused: its bytes are no UTF-8 text",
            "record t-0 at offset 7 is refused: its Object cannot be written as JSON:"
                + " DataException");
  }

  @Test
  void put_decimal_isWrittenAsItIsConfigured() {
    Schema decimal = org.apache.kafka.connect.data.Decimal.schema(2);
    Schema schema = SchemaBuilder.struct().field("d", decimal).build();
    Struct value = new Struct(schema).put("d", new java.math.BigDecimal("1.50"));
    start();
    put(new SinkRecord("t", 0, null, null, schema, value, 0));
    start("json.decimal.format", "BASE64");
    put(new SinkRecord("t", 0, null, null, schema, value, 0));

    assertThat(sender.bodies()).containsExactly("{\"d\":1.50}", "{\"d\":\"AJY=\"}");
  }

  @Test
  void put_tombstones_areSkippedFailedOrSent() {
    start();
    put(record(0, 0, null), record(0, 1, "a"));
    sender.acknowledge("a");
    assertThat(committable(P0, 2)).isEqualTo(2);

    startWithDeadLetters("tombstones", "fail");
    put(record(0, 0, null));
    assertThat(deadLetters.reasons.get(0)).hasMessageContaining("tombstones = fail");

    start("tombstones", "text", "tombstone.text", "deleted");
    put(record(0, 0, null));
    assertThat(sender.bodies()).containsExactly("a", "deleted");
  }

  @Test
  void put_keyOfRecord_isSentForCkafka() {
    start(
        "protocol",
        "ckafka",
        "nodes",
        "",
        "ckafka.secret.id",
        "id",
        "ckafka.secret.key",
        "key",
        "message.key",
        "record");
    put(
        record(0, 0, "a"),
        new SinkRecord("t", 0, null, null, null, "b", 1),
        new SinkRecord("t", 0, null, Map.of("id", 1), null, "c", 2));

    assertThat(sender.calls())
        .extracting(call -> call.message().key())
        .containsExactly("k", null, "{\"id\":1}");
  }

  @Test
  void put_topicPattern_givesGroupAndStream() {
    startWithDeadLetters(
        "destination.topic.pattern", "(?<team>[a-z]+)\\.(.+)",
        "destination.group", "g_${team}",
        "destination.stream", "${2}_of_${topic}");
    put(
        new SinkRecord("sales.orders.eu", 0, null, null, null, "a", 0),
        new SinkRecord("unmatched", 0, null, null, null, "b", 0));

    assertThat(sender.calls().get(0).destination())
        .isEqualTo(new Destination("g_sales", "orders.eu_of_sales.orders.eu"));
    assertThat(deadLetters.reasons.get(0))
        .hasMessageContaining("topic unmatched does not match destination.topic.pattern");
  }

  @Test
  void put_manyTopics_rememberedTopicsStayBounded() {
    start();
    for (int i = 0; i < 3_000; i++) {
      put(new SinkRecord("t" + i, 0, null, null, null, "body" + i, 0));
    }
    assertThat(sender.calls().get(2_999).destination().streamId()).isEqualTo("t2999");
  }

  @Test
  void stop_withRecordsOnTheWay_closesTheSenderAndLeavesTheirOffsets() {
    start();
    task.put(records(0, 0, 2));
    sender.acknowledge("0");
    assertThat(committable(P0, 2)).isEqualTo(1);
    task.close(List.of(P0, P1));
    task.stop();

    assertThat(sender.isClosed()).isTrue();
  }

  @Test
  void stop_afterFailedStart_throwsNothing() {
    HttpReportSinkTask failed = new HttpReportSinkTask();
    failed.initialize(context);
    assertThatThrownBy(() -> failed.start(Map.of()))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("manager.urls")
        .hasMessageContaining("destination.group");
    assertThatCode(failed::stop).doesNotThrowAnyException();
  }
}
