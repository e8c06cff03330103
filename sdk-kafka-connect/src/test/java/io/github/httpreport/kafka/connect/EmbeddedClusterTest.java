package io.github.httpreport.kafka.connect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.httpreport.testkit.LocalCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.runtime.rest.entities.ConfigInfo;
import org.apache.kafka.connect.runtime.rest.entities.ConfigInfos;
import org.apache.kafka.connect.runtime.rest.entities.ConfigValueInfo;
import org.apache.kafka.connect.util.clusters.EmbeddedConnectCluster;
import org.apache.kafka.connect.util.clusters.WorkerHandle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The connector on a Kafka broker and two Connect workers in this process. The cluster is shared by
 * the tests, which have topics and connectors of their own.
 */
class EmbeddedClusterTest {

  private static final int PARTITIONS = 6;
  private static final int RECORDS = 300_000;
  private static final Duration LONG = Duration.ofMinutes(3);

  @TempDir static Path secrets;

  private static EmbeddedConnectCluster connect;

  @BeforeAll
  static void startCluster() {
    Map<String, String> worker = new HashMap<>();
    worker.put("offset.flush.interval.ms", "200");
    worker.put("scheduled.rebalance.max.delay.ms", "0");
    worker.put("offset.storage.partitions", "1");
    worker.put("status.storage.partitions", "1");
    worker.put("task.shutdown.graceful.timeout.ms", "10000");
    worker.put("plugin.discovery", "service_load");
    worker.put("config.providers", "file");
    worker.put(
        "config.providers.file.class",
        "org.apache.kafka.common.config.provider.FileConfigProvider");
    Properties broker = new Properties();
    broker.put("group.initial.rebalance.delay.ms", "0");
    broker.put("offsets.topic.num.partitions", "1");
    connect =
        new EmbeddedConnectCluster.Builder()
            .name("http-report")
            .numWorkers(2)
            .numBrokers(1)
            .brokerProps(broker)
            .workerProps(worker)
            .build();
    connect.start();
  }

  @AfterAll
  static void stopCluster() {
    connect.stop();
  }

  @Test
  void put_whileNodesAndOneWorkerStopAndReturn_everyRecordIsStoredAndNoCommitIsAhead()
      throws Exception {
    String topic = "faults";
    StoredRecords stored = new StoredRecords(PARTITIONS);
    CommitWitness witness = CommitWitness.install(stored::storedUpTo);
    connect.kafka().createTopic(topic, PARTITIONS);
    try (LocalCluster nodes = LocalCluster.builder().nodes(3).onStored(stored::add).start()) {
      connect.configureConnector("faults", config(nodes, topic, WitnessedSinkConnector.class));
      connect.assertions().assertConnectorAndExactlyNumTasksAreRunning("faults", 3, "not started");

      produce(topic, 0, RECORDS / 3);
      awaitStored(stored, RECORDS / 6);
      nodes.node(0).stop();
      WorkerHandle worker = connect.workers().iterator().next();
      connect.removeWorker(worker);
      produce(topic, RECORDS / 3, RECORDS * 2 / 3);
      awaitStored(stored, RECORDS / 2);
      nodes.node(1).stop();
      nodes.node(2).stop();
      nodes.node(0).start();
      connect.addWorker();
      produce(topic, RECORDS * 2 / 3, RECORDS);
      nodes.node(1).start();
      nodes.node(2).start();

      awaitStored(stored, RECORDS);
      await()
          .atMost(LONG)
          .untilAsserted(() -> assertThat(committed("faults", topic)).isEqualTo(RECORDS));
      assertThat(witness.violations()).isEmpty();
      assertThat(witness.commits()).as("commits that were checked").isGreaterThan(PARTITIONS);
    } finally {
      connect.deleteConnector("faults");
    }
  }

  @Test
  void put_poisonedRecord_goesToTheDeadLetterQueueAndTheOthersAreStored() throws Exception {
    connect.kafka().createTopic("poisoned", 1);
    Files.writeString(secrets.resolve("manager.properties"), "key=open sesame\n");
    try (LocalCluster nodes = LocalCluster.builder().authentication("id", "open sesame").start()) {
      Map<String, String> config = config(nodes, "poisoned", HttpReportSinkConnector.class);
      config.put("manager.secret.id", "id");
      config.put("manager.secret.key", "${file:" + secrets.resolve("manager.properties") + ":key}");
      config.put("errors.tolerance", "all");
      config.put("errors.deadletterqueue.topic.name", "dead-letters");
      config.put("errors.deadletterqueue.topic.replication.factor", "1");
      config.put("errors.deadletterqueue.context.headers.enable", "true");
      connect.configureConnector("poisoned", config);
      connect.kafka().produce("poisoned", "good");
      connect.kafka().produce("poisoned", "secret\nlines");
      connect.kafka().produce("poisoned", "good again");

      ConsumerRecord<byte[], byte[]> dead =
          connect.kafka().consume(1, LONG.toMillis(), "dead-letters").iterator().next();
      assertThat(new String(dead.value(), UTF_8)).isEqualTo("secret\nlines");
      String reason =
          new String(
              dead.headers().lastHeader("__connect.errors.exception.message").value(), UTF_8);
      assertThat(reason)
          .contains("record poisoned-0 at offset 1 is refused", "newline")
          .doesNotContain("secret");
      await()
          .atMost(LONG)
          .untilAsserted(() -> assertThat(committed("poisoned", "poisoned")).isEqualTo(3));
      assertThat(nodes.stored().stream().flatMap(stored -> stored.messages().stream()))
          .containsOnly("good", "good again");
    } finally {
      connect.deleteConnector("poisoned");
    }
  }

  @Test
  void example_storesEveryRecord() throws Exception {
    try {
      assertThat(KafkaConnectExample.report(connect, 1_000)).isEqualTo(1_000);
    } finally {
      connect.deleteConnector(KafkaConnectExample.CONNECTOR);
    }
  }

  @Test
  void pause_thenResume_losesNothing() throws Exception {
    connect.kafka().createTopic("paused", 1);
    try (LocalCluster nodes = LocalCluster.start(1)) {
      connect.configureConnector("paused", config(nodes, "paused", HttpReportSinkConnector.class));
      connect.kafka().produce("paused", "before");
      await()
          .atMost(LONG)
          .untilAsserted(() -> assertThat(committed("paused", "paused")).isEqualTo(1));
      connect.pauseConnector("paused");
      connect.assertions().assertConnectorAndExactlyNumTasksArePaused("paused", 3, "not paused");
      connect.kafka().produce("paused", "meanwhile");
      connect.resumeConnector("paused");

      await()
          .atMost(LONG)
          .untilAsserted(() -> assertThat(committed("paused", "paused")).isEqualTo(2));
      assertThat(nodes.stored().stream().flatMap(stored -> stored.messages().stream()))
          .contains("before", "meanwhile");
    } finally {
      connect.deleteConnector("paused");
    }
  }

  @Test
  void validate_overTheRestInterface_namesEveryMistakeAndHidesSecrets() {
    Map<String, String> config = new HashMap<>();
    config.put("connector.class", HttpReportSinkConnector.class.getName());
    config.put("name", "wrong");
    config.put("topics", "t");
    config.put("nodes", "nowhere");
    config.put("batch.linger.ms", "soon");
    config.put("memphis.password", "hunter2");
    config.put("manager.url", "http://m");

    ConfigInfos infos =
        connect.validateConnectorConfig(HttpReportSinkConnector.class.getName(), config);

    Map<String, List<String>> mistakes =
        infos.configs().stream()
            .map(ConfigInfo::configValue)
            .filter(value -> !value.errors().isEmpty())
            .collect(Collectors.toMap(ConfigValueInfo::name, ConfigValueInfo::errors));
    assertThat(mistakes)
        .containsOnlyKeys(
            "nodes", "batch.linger.ms", "memphis.password", "manager.url", "destination.group");
    assertThat(mistakes).allSatisfy((name, errors) -> assertThat(errors.get(0)).contains(name));
    assertThat(infos.toString()).doesNotContain("hunter2");
  }

  private static Map<String, String> config(LocalCluster nodes, String topic, Class<?> connector) {
    Map<String, String> config = new HashMap<>();
    config.put("connector.class", connector.getName());
    config.put("tasks.max", "3");
    config.put("topics", topic);
    config.put("key.converter", "org.apache.kafka.connect.storage.StringConverter");
    config.put("value.converter", "org.apache.kafka.connect.storage.StringConverter");
    config.put("manager.urls", nodes.managerUrl());
    config.put("destination.group", "group");
    return config;
  }

  /** The position of a record in its partition is its offset: there is one producer. */
  private static void produce(String topic, int from, int to) {
    try (KafkaProducer<byte[], byte[]> producer =
        connect.kafka().createProducer(Map.of("linger.ms", "20"))) {
      for (int i = from; i < to; i++) {
        int partition = i % PARTITIONS;
        byte[] text = StoredRecords.text(partition, i / PARTITIONS).getBytes(UTF_8);
        producer.send(new ProducerRecord<>(topic, partition, null, text));
      }
    }
  }

  private static void awaitStored(StoredRecords stored, long count) {
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(stored.distinct()).isGreaterThanOrEqualTo(count));
  }

  private static long committed(String connector, String topic)
      throws ExecutionException, InterruptedException {
    try (Admin admin = connect.kafka().createAdminClient()) {
      Map<TopicPartition, OffsetAndMetadata> offsets =
          admin
              .listConsumerGroupOffsets("connect-" + connector)
              .partitionsToOffsetAndMetadata()
              .get();
      return offsets.entrySet().stream()
          .filter(entry -> entry.getKey().topic().equals(topic))
          .mapToLong(entry -> entry.getValue().offset())
          .sum();
    }
  }
}
