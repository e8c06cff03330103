package io.github.httpreport.kafka.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.httpreport.testkit.DataHubMessage;
import io.github.httpreport.testkit.Fault;
import io.github.httpreport.testkit.LocalCluster;
import io.github.httpreport.testkit.LocalDataHub;
import io.github.httpreport.testkit.LocalEkuiper;
import io.github.httpreport.testkit.LocalMemphis;
import io.github.httpreport.testkit.MemphisMessage;
import io.github.httpreport.testkit.ReceivedTuple;
import io.github.httpreport.testkit.StoredRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The task with real senders: every protocol by its configuration alone. */
class ServersTest {

  private static final TopicPartition PARTITION = new TopicPartition("t", 0);
  private static final long MINUTE = 60_000;

  private final HttpReportSinkTask task = new HttpReportSinkTask();
  private final FakeContext.DeadLetters deadLetters = new FakeContext.DeadLetters();

  @AfterEach
  void stop() {
    task.stop();
  }

  private void start(String... options) {
    Map<String, String> config = new HashMap<>(Map.of("destination.stream", "s"));
    for (int i = 0; i < options.length; i += 2) {
      config.put(options[i], options[i + 1]);
    }
    task.initialize(new FakeContext(deadLetters));
    task.start(config);
    task.open(List.of(PARTITION));
  }

  private static SinkRecord record(long offset, Object value) {
    return new SinkRecord(
        "t", 0, null, "k", null, value, offset, MINUTE + offset, TimestampType.CREATE_TIME);
  }

  private static List<SinkRecord> records(int from, int to) {
    List<SinkRecord> records = new ArrayList<>();
    for (int i = from; i < to; i++) {
      records.add(record(i, Map.of("n", i)));
    }
    return records;
  }

  private long committable(long consumed) {
    return task.preCommit(Map.of(PARTITION, new OffsetAndMetadata(consumed)))
        .get(PARTITION)
        .offset();
  }

  private void awaitCommittable(long consumed) {
    await().untilAsserted(() -> assertThat(committable(consumed)).isEqualTo(consumed));
  }

  @Test
  void inlong_recordsOfOneMinute_shareARequestWithTheStartOfTheMinute() {
    try (LocalCluster nodes = LocalCluster.builder().authentication("id", "key").start()) {
      start(
          "manager.urls", nodes.managerUrl(),
          "manager.secret.id", "id",
          "manager.secret.key", "key",
          "destination.group", "g");
      task.put(records(0, 3));
      awaitCommittable(3);

      assertThat(nodes.stored()).hasSize(1);
      StoredRecord stored = nodes.stored().get(0);
      assertThat(stored.messages()).containsExactly("{\"n\":0}", "{\"n\":1}", "{\"n\":2}");
      assertThat(stored.dataTime()).isEqualTo(MINUTE);
    }
  }

  @Test
  void ekuiper_structs_becomeTuples() {
    try (LocalEkuiper edge = LocalEkuiper.start("/s")) {
      start("protocol", "ekuiper", "nodes", edge.address());
      task.put(records(0, 2));
      awaitCommittable(2);

      assertThat(edge.tuples())
          .extracting(ReceivedTuple::json)
          .containsExactlyInAnyOrder("{\"n\":0}", "{\"n\":1}");
    }
  }

  @Test
  void memphis_texts_areStored() {
    try (LocalMemphis memphis = LocalMemphis.start()) {
      start(
          "protocol", "memphis",
          "nodes", memphis.url(),
          "memphis.user", "root",
          "memphis.password", "memphis");
      task.put(List.of(record(0, "any text")));
      awaitCommittable(1);

      assertThat(memphis.stored()).extracting(MemphisMessage::body).containsExactly("any text");
    }
  }

  @Test
  void ckafka_keysOfRecords_areKeysOfMessages() {
    try (LocalDataHub hub = LocalDataHub.start()) {
      start(
          "protocol",
          "ckafka",
          "ckafka.datahub.id",
          "datahub-x",
          "ckafka.endpoint",
          hub.url(),
          "ckafka.secret.id",
          hub.secretId(),
          "ckafka.secret.key",
          hub.secretKey(),
          "message.key",
          "record");
      task.put(List.of(record(0, "a")));
      awaitCommittable(1);

      DataHubMessage stored = hub.stored().get(0);
      assertThat(stored.body()).isEqualTo("a");
      assertThat(stored.key()).isEqualTo("k");
    }
  }

  @Test
  void inlong_smallBufferAndDeadNode_isRetriableUntilTheNodeIsBackAndLosesNothing() {
    try (LocalCluster nodes = LocalCluster.start(1)) {
      start(
          "nodes", nodes.node(0).address(),
          "destination.group", "g",
          "buffer.max.bytes", "20000",
          "buffer.max.block.ms", "10");
      nodes.node(0).stop();
      List<SinkRecord> batch = records(0, 500);
      assertThatThrownBy(() -> task.put(batch)).isInstanceOf(RetriableException.class);
      assertThat(committable(0)).isZero();

      nodes.node(0).start();
      await().untilAsserted(() -> assertThatCode(() -> task.put(batch)).doesNotThrowAnyException());
      awaitCommittable(500);
      assertThat(nodes.stored().stream().flatMap(stored -> stored.messages().stream()))
          .containsOnlyOnceElementsOf(
              batch.stream().map(record -> "{\"n\":" + record.kafkaOffset() + "}").toList());
    }
  }

  @Test
  void inlong_unknownStream_isRefusedWithTheServersWords() {
    try (LocalCluster nodes = LocalCluster.builder().topic("g", "known").start()) {
      start("nodes", nodes.node(0).address(), "destination.group", "g");
      task.put(records(0, 1));
      await()
          .untilAsserted(
              () -> {
                task.put(List.of());
                assertThat(deadLetters.records).hasSize(1);
              });

      assertThat(deadLetters.reasons.get(0)).hasMessageContaining("115");
      assertThat(committable(1)).isZero();
      deadLetters.writes.get(0).complete(null);
      assertThat(committable(1)).isEqualTo(1);
    }
  }

  @Test
  void memphis_batchWithAPoisonedMessage_refusesThatMessageAlone() {
    try (LocalMemphis memphis = LocalMemphis.start()) {
      memphis.schema("s", body -> !body.contains("13"));
      start(
          "protocol", "memphis",
          "nodes", memphis.url(),
          "memphis.user", "root",
          "memphis.password", "memphis",
          "memphis.framing", "batch");
      task.put(records(10, 20));
      await()
          .untilAsserted(
              () -> {
                task.put(List.of());
                assertThat(deadLetters.records).hasSize(1);
              });
      deadLetters.writes.get(0).complete(null);
      awaitCommittable(20);

      assertThat(deadLetters.records.get(0).kafkaOffset()).isEqualTo(13);
      assertThat(memphis.stored().stream().map(MemphisMessage::body).distinct()).hasSize(9);
    }
  }

  @Test
  void batches_areAsLargeAsTheOptionsSay() {
    try (LocalCluster nodes = LocalCluster.start(1)) {
      start(
          "nodes", nodes.node(0).address(),
          "destination.group", "g",
          "batch.max.messages", "7",
          "batch.linger.ms", "60000");
      task.put(records(0, 70));

      awaitCommittable(70);
      assertThat(nodes.stored()).allSatisfy(report -> assertThat(report.messages()).hasSize(7));
    }
  }

  @Test
  void stop_withRecordsThatNobodyAnswers_endsInItsTimeAndCommitsNone() {
    try (LocalCluster nodes = LocalCluster.start(1)) {
      nodes.node(0).always(Fault.noResponse());
      start(
          "nodes", nodes.node(0).address(),
          "destination.group", "g",
          "flush.timeout.ms", "20",
          "close.timeout.ms", "20");
      task.put(records(0, 5));

      assertThat(committable(5)).isZero();
      task.close(List.of(PARTITION));
      task.stop();
    }
  }
}
