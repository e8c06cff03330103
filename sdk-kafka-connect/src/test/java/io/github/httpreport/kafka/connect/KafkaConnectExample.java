package io.github.httpreport.kafka.connect;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.httpreport.testkit.LocalCluster;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.connect.util.clusters.EmbeddedConnectCluster;

/**
 * A Kafka broker, a Connect worker and an InLong cluster of three nodes in this process: 10,000
 * records travel from a topic into the cluster, while one of its nodes is stopped half-way.
 */
public final class KafkaConnectExample {

  static final String CONNECTOR = "orders-to-inlong";

  private static final int RECORDS = 10_000;
  private static final int MAX_SECONDS = 120;

  private KafkaConnectExample() {}

  /**
   * Runs the example; ends with an exception if a record is not stored.
   *
   * @param args none
   * @throws InterruptedException if somebody interrupts it
   */
  public static void main(String[] args) throws InterruptedException {
    EmbeddedConnectCluster connect =
        new EmbeddedConnectCluster.Builder().name("example").numWorkers(1).build();
    try {
      System.out.println("Starting a Kafka broker and a Connect worker ...");
      connect.start();
      int stored = report(connect, RECORDS);
      System.out.println("Every record was stored: " + stored + " of " + RECORDS + ".");
    } finally {
      connect.stop();
    }
    System.exit(0);
  }

  /**
   * Sends records from a topic into a cluster of its own.
   *
   * @return how many different records were stored
   */
  static int report(EmbeddedConnectCluster connect, int records) throws InterruptedException {
    Set<String> stored = ConcurrentHashMap.newKeySet();
    CountDownLatch half = new CountDownLatch(records / 2);
    CountDownLatch all = new CountDownLatch(records);
    try (LocalCluster nodes =
        LocalCluster.builder()
            .nodes(3)
            .onStored(
                record ->
                    record.messages().stream()
                        .filter(stored::add)
                        .forEach(
                            first -> {
                              half.countDown();
                              all.countDown();
                            }))
            .start()) {
      connect.kafka().createTopic("orders", 6);
      System.out.println("Configuring the connector: " + config(nodes));
      connect.configureConnector(CONNECTOR, config(nodes));
      produce(connect, records);
      System.out.println(records + " records are in the topic orders.");

      await(half);
      nodes.node(0).stop();
      System.out.println(
          "One of three nodes is stopped; " + stored.size() + " records are stored.");
      await(all);
      return stored.size();
    }
  }

  private static Map<String, String> config(LocalCluster nodes) {
    Map<String, String> config = new HashMap<>();
    config.put("connector.class", HttpReportSinkConnector.class.getName());
    config.put("tasks.max", "3");
    config.put("topics", "orders");
    config.put("value.converter", "org.apache.kafka.connect.storage.StringConverter");
    config.put("manager.urls", nodes.managerUrl());
    config.put("destination.group", "shop");
    config.put("destination.stream", "${topic}");
    return config;
  }

  private static void produce(EmbeddedConnectCluster connect, int records) {
    try (KafkaProducer<byte[], byte[]> producer = connect.kafka().createProducer(Map.of())) {
      for (int i = 0; i < records; i++) {
        byte[] order = ("order " + i).getBytes(UTF_8);
        producer.send(new ProducerRecord<>("orders", order));
      }
    }
  }

  private static void await(CountDownLatch latch) throws InterruptedException {
    if (!latch.await(MAX_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException(latch.getCount() + " records are still not stored");
    }
  }
}
