package io.github.httpreport.kafka.connect;

import java.util.Collection;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.apache.kafka.connect.sink.SinkTaskContext;

/** A task whose offsets are checked each time that it hands them over for a commit. */
public final class WitnessedSinkTask extends SinkTask {

  private final HttpReportSinkTask task = new HttpReportSinkTask();

  @Override
  public void initialize(SinkTaskContext taskContext) {
    super.initialize(taskContext);
    task.initialize(taskContext);
  }

  @Override
  public void start(Map<String, String> configuration) {
    task.start(configuration);
  }

  @Override
  public void open(Collection<TopicPartition> partitions) {
    task.open(partitions);
  }

  @Override
  public void put(Collection<SinkRecord> records) {
    task.put(records);
  }

  @Override
  public Map<TopicPartition, OffsetAndMetadata> preCommit(
      Map<TopicPartition, OffsetAndMetadata> consumed) {
    Map<TopicPartition, OffsetAndMetadata> committed = task.preCommit(consumed);
    CommitWitness.current().check(committed);
    return committed;
  }

  @Override
  public void close(Collection<TopicPartition> partitions) {
    task.close(partitions);
  }

  @Override
  public void stop() {
    task.stop();
  }

  @Override
  public String version() {
    return "test";
  }
}
