package io.github.httpreport.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.connect.sink.SinkRecord;

/** The task of the Kafka Connect sink, called by its {@code put}, and plain {@code enqueue}. */
final class KafkaConnectFeeds implements ConnectorFeeds {

  private final SinkRecordFeed enqueue;
  private final SinkRecordFeed task;
  private final RecordGenerator ofEnqueue;
  private final RecordGenerator ofTask;

  KafkaConnectFeeds(String managerUrl) {
    enqueue = new EnqueueFeed(managerUrl);
    task = new ConnectTaskFeed(managerUrl);
    long now = System.currentTimeMillis();
    ofEnqueue = new RecordGenerator(Body.ASCII.text(), now);
    ofTask = new RecordGenerator(Body.ASCII.text(), now);
  }

  @Override
  public Feed enqueue() {
    return new Feed("enqueue", records -> report(records, ofEnqueue, enqueue));
  }

  @Override
  public Feed connector() {
    return new Feed("Kafka Connect task", records -> report(records, ofTask, task));
  }

  @Override
  public Optional<Feed> engine() {
    return Optional.empty();
  }

  private static void report(long records, RecordGenerator generator, SinkRecordFeed feed)
      throws IOException {
    long fed = 0;
    while (fed < records) {
      List<SinkRecord> polled = generator.poll();
      feed.accept(polled);
      fed += polled.size();
    }
    feed.awaitEnd();
  }

  @Override
  public void close() {
    task.close();
    enqueue.close();
  }
}
