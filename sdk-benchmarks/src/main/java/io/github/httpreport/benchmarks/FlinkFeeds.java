package io.github.httpreport.benchmarks;

import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ProxySender;
import io.github.httpreport.flink.HttpReportSink;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * The Flink sink, Flink with its own discarding sink, and plain {@code enqueue}: each reports with
 * one sender of its own on one thread. Flink is not in the jar of this tool.
 */
final class FlinkFeeds implements ConnectorFeeds {

  private final String managerUrl;
  private final MiniCluster flink;

  FlinkFeeds(String managerUrl) throws IOException {
    this.managerUrl = managerUrl;
    flink =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(new Configuration())
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(1)
                .withRandomPorts()
                .build());
    try {
      flink.start();
    } catch (Exception e) {
      throw new IOException("Flink did not start: " + e.getMessage(), e);
    }
  }

  /** The record of this number. */
  private static String record(long number) {
    return number + Body.ASCII.text();
  }

  @Override
  public Feed enqueue() {
    return new Feed("enqueue", this::reportByEnqueue);
  }

  @Override
  public Feed connector() {
    return new Feed("Flink sink", this::reportBySink);
  }

  @Override
  public Optional<Feed> engine() {
    return Optional.of(new Feed("Flink, discarding sink", this::discard));
  }

  private void reportByEnqueue(long records) throws IOException {
    Unacknowledged unacknowledged = new Unacknowledged();
    try (ProxySender sender = HttpProxySender.builder().manager(managerUrl).build()) {
      for (long i = 0; i < records; i++) {
        sender
            .enqueue(record(i), Topology.group(0), Topology.STREAM)
            .whenComplete((result, error) -> unacknowledged.note(error));
      }
      sender.flush().join();
    }
    unacknowledged.check();
  }

  private void reportBySink(long records) throws IOException {
    HttpReportSink<String> sink =
        HttpReportSink.<String>builder()
            .manager(managerUrl)
            .groupId(Topology.group(0))
            .streamId(Topology.STREAM)
            .text(record -> record)
            .build();
    runJob(records, stream -> stream.sinkTo(sink));
  }

  private void discard(long records) throws IOException {
    runJob(records, stream -> stream.sinkTo(new DiscardingSink<>()));
  }

  private void runJob(long records, Consumer<DataStream<String>> end) throws IOException {
    StreamExecutionEnvironment environment = new StreamExecutionEnvironment(new Configuration());
    environment.setParallelism(1);
    MapFunction<Long, String> generator = FlinkFeeds::record;
    end.accept(environment.fromSequence(0, records - 1).map(generator).returns(String.class));
    try {
      flink.executeJobBlocking(environment.getStreamGraph().getJobGraph());
    } catch (Exception e) {
      throw new IOException("the job failed: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    flink.closeAsync().join();
  }
}
