package io.github.httpreport.kafka.connect;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;

/** What a worker gives to a task, and what the task did with it. */
final class FakeContext implements SinkTaskContext {

  /** A dead letter queue whose writes a test completes. */
  static final class DeadLetters implements ErrantRecordReporter {
    final List<SinkRecord> records = new ArrayList<>();
    final List<Throwable> reasons = new ArrayList<>();
    final List<CompletableFuture<Void>> writes = new ArrayList<>();
    private RuntimeException intolerant;

    /** Throws from now on, as the worker's reporter does when no error is tolerated. */
    void refuseWith(RuntimeException exception) {
      intolerant = exception;
    }

    @Override
    public Future<Void> report(SinkRecord record, Throwable error) {
      if (intolerant != null) {
        throw intolerant;
      }
      records.add(record);
      reasons.add(error);
      CompletableFuture<Void> write = new CompletableFuture<>();
      writes.add(write);
      return write;
    }
  }

  private final ErrantRecordReporter reporter;
  private final List<Long> timeouts = new ArrayList<>();

  FakeContext(ErrantRecordReporter reporter) {
    this.reporter = reporter;
  }

  List<Long> timeouts() {
    return timeouts;
  }

  @Override
  public ErrantRecordReporter errantRecordReporter() {
    return reporter;
  }

  @Override
  public void timeout(long timeoutMs) {
    timeouts.add(timeoutMs);
  }

  @Override
  public Map<String, String> configs() {
    return Map.of();
  }

  @Override
  public void offset(Map<TopicPartition, Long> offsets) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void offset(TopicPartition partition, long offset) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Set<TopicPartition> assignment() {
    return new HashSet<>();
  }

  @Override
  public void pause(TopicPartition... partitions) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void resume(TopicPartition... partitions) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void requestCommit() {
    throw new UnsupportedOperationException();
  }

  @Override
  public PluginMetrics pluginMetrics() {
    throw new UnsupportedOperationException();
  }
}
