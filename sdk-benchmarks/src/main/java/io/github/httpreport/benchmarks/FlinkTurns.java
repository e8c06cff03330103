package io.github.httpreport.benchmarks;

import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ProxySender;
import io.github.httpreport.flink.HttpReportSink;
import java.io.IOException;
import java.util.function.Consumer;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * Turns of the Flink sink, of Flink without a sink, and of plain {@code enqueue}: each reports as
 * many records of one generator, with one sender of its own on one thread, to one server. Used by
 * one thread.
 */
final class FlinkTurns implements AutoCloseable {

  private final String managerUrl;
  private final long records;
  private final MiniCluster flink;

  FlinkTurns(String managerUrl, long records) throws IOException {
    this.managerUrl = managerUrl;
    this.records = records;
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

  Spent enqueue() throws IOException {
    Spent before = Spent.now();
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
    return Spent.now().minus(before);
  }

  Spent sink() throws IOException {
    HttpReportSink<String> sink =
        HttpReportSink.<String>builder()
            .manager(managerUrl)
            .groupId(Topology.group(0))
            .streamId(Topology.STREAM)
            .text(record -> record)
            .build();
    return job(stream -> stream.sinkTo(sink));
  }

  Spent discardingSink() throws IOException {
    return job(stream -> stream.sinkTo(new DiscardingSink<>()));
  }

  private Spent job(Consumer<DataStream<String>> end) throws IOException {
    Spent before = Spent.now();
    StreamExecutionEnvironment environment = new StreamExecutionEnvironment(new Configuration());
    environment.setParallelism(1);
    MapFunction<Long, String> generator = FlinkTurns::record;
    end.accept(environment.fromSequence(0, records - 1).map(generator).returns(String.class));
    try {
      flink.executeJobBlocking(environment.getStreamGraph().getJobGraph());
    } catch (Exception e) {
      throw new IOException("the job failed: " + e.getMessage(), e);
    }
    return Spent.now().minus(before);
  }

  @Override
  public void close() {
    flink.closeAsync().join();
  }
}
