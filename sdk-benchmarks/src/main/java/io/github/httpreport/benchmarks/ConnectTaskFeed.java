package io.github.httpreport.benchmarks;

import io.github.httpreport.kafka.connect.HttpReportSinkTask;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.apache.kafka.connect.sink.SinkTaskContext;

/** The task of the Kafka Connect sink, called by its {@code put} as a worker calls it. */
final class ConnectTaskFeed implements SinkRecordFeed {

  private static final String FLUSH_TIMEOUT_MILLIS = "30000";

  private final SinkTask task = new HttpReportSinkTask();
  private final Map<TopicPartition, OffsetAndMetadata> consumed = new HashMap<>();
  private long interrupted;

  ConnectTaskFeed(String managerUrl) {
    task.initialize(new NoContext());
    task.start(
        Map.of(
            "manager.urls",
            managerUrl,
            "destination.group",
            Topology.group(0),
            "destination.stream",
            Topology.STREAM,
            "flush.timeout.ms",
            FLUSH_TIMEOUT_MILLIS));
    for (int i = 0; i < RecordGenerator.PARTITIONS; i++) {
      task.open(List.of(new TopicPartition(RecordGenerator.TOPIC, i)));
    }
  }

  @Override
  public void accept(List<SinkRecord> records) {
    boolean again = true;
    while (again) {
      try {
        task.put(records);
        again = false;
      } catch (RetriableException e) {
        // The task has waited for room already.
        interrupted++;
      }
    }
    SinkRecord last = records.get(records.size() - 1);
    consumed.put(
        new TopicPartition(last.topic(), last.kafkaPartition()),
        new OffsetAndMetadata(last.kafkaOffset() + 1));
  }

  @Override
  public void awaitEnd() throws IOException {
    if (!task.preCommit(consumed).equals(consumed)) {
      throw new IOException("not every record was acknowledged");
    }
  }

  /** How often a put found no room in its time. */
  long interrupted() {
    return interrupted;
  }

  @Override
  public void close() {
    task.stop();
  }

  /** No worker: nothing is paused, rewound or reported. */
  private static final class NoContext implements SinkTaskContext {
    @Override
    public Map<String, String> configs() {
      return Map.of();
    }

    @Override
    public void offset(Map<TopicPartition, Long> offsets) {
      throw new UnsupportedOperationException("there is no consumer");
    }

    @Override
    public void offset(TopicPartition partition, long offset) {
      throw new UnsupportedOperationException("there is no consumer");
    }

    @Override
    public void timeout(long timeoutMs) {
      // The next put comes at once.
    }

    @Override
    public Set<TopicPartition> assignment() {
      return Set.of();
    }

    @Override
    public void pause(TopicPartition... partitions) {
      throw new UnsupportedOperationException("there is no consumer");
    }

    @Override
    public void resume(TopicPartition... partitions) {
      throw new UnsupportedOperationException("there is no consumer");
    }

    @Override
    public void requestCommit() {
      throw new UnsupportedOperationException("there is no consumer");
    }

    @Override
    public PluginMetrics pluginMetrics() {
      throw new UnsupportedOperationException("there is no worker");
    }
  }
}
