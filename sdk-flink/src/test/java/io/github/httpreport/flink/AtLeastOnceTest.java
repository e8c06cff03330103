package io.github.httpreport.flink;

import static io.github.httpreport.flink.FlinkCluster.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.RetryPolicy;
import io.github.httpreport.testkit.Fault;
import io.github.httpreport.testkit.LocalCluster;
import io.github.httpreport.testkit.LocalNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Jobs of parallelism 4 that report to three nodes: every record is stored, counted by content. */
@ExtendWith(FlinkCluster.Extension.class)
class AtLeastOnceTest {

  private static final int RECORDS = 150_000;

  private final StoredIds stored = new StoredIds();
  private final LocalCluster servers = LocalCluster.builder().nodes(3).onStored(stored).start();

  @AfterEach
  void stop() {
    servers.close();
    stored.close();
  }

  @Test
  void millionRecords_whileNodesStopHangAndReturn_areAllStored(
      FlinkCluster flink, @TempDir Path checkpoints) throws Exception {
    int records = 1_000_000;
    stored
        .at(100_000, servers.node(0)::stop)
        .at(200_000, () -> servers.node(1).always(Fault.noResponse()))
        .at(400_000, servers.node(0)::start)
        .at(500_000, servers.node(1)::clearFaults)
        .at(600_000, servers.node(2)::stop)
        .at(650_000, () -> servers.node(0).always(Fault.storeThenReset()))
        .at(750_000, servers.node(0)::clearFaults)
        .at(800_000, servers.node(2)::start);

    JobClient job = start(flink.environment(FlinkCluster.checkpoints(checkpoints)), records);

    assertThat(job.getJobExecutionResult().get(90, TimeUnit.SECONDS)).isNotNull();
    assertAllStored(records);
    assertThat(stored.stepsLeft()).isZero();
  }

  @Test
  void operatorThatThrows_restartsFromCheckpoint_losesNothing(
      FlinkCluster flink, @TempDir Path checkpoints) throws Exception {
    slowDown();
    ThrowsOnce.THROWN.set(false);
    ThrowsOnce.RESTORED.set(false);
    Map<String, String> settings = new HashMap<>(FlinkCluster.checkpoints(checkpoints));
    settings.put("restart-strategy.type", "fixed-delay");
    settings.put("restart-strategy.fixed-delay.attempts", "1");
    settings.put("restart-strategy.fixed-delay.delay", "1ms");
    StreamExecutionEnvironment environment = flink.environment(settings);
    environment
        .fromSequence(0, RECORDS - 1)
        .uid("source")
        .map(new ThrowsOnce())
        .uid("map")
        .sinkTo(sink())
        .uid("sink");

    environment.executeAsync().getJobExecutionResult().get(60, TimeUnit.SECONDS);

    assertAllStored(RECORDS);
    assertThat(ThrowsOnce.THROWN).isTrue();
    assertThat(ThrowsOnce.RESTORED).isTrue();
  }

  @Test
  void stopWithSavepoint_andOtherParallelism_storesEachRecordOnce(
      FlinkCluster flink, @TempDir Path directory) throws Exception {
    slowDown();
    JobClient first = start(flink.environment(FlinkCluster.checkpoints(directory)), RECORDS);
    stored.await(RECORDS / 5);
    String savepoint =
        first
            .stopWithSavepoint(false, directory.toUri().toString(), SavepointFormatType.CANONICAL)
            .get(60, TimeUnit.SECONDS);
    assertThat(stored.distinct()).isBetween(RECORDS / 5, RECORDS - 1);

    StreamExecutionEnvironment environment = flink.environment(restoring(directory, savepoint));
    environment.setParallelism(2);
    start(environment, RECORDS).getJobExecutionResult().get(60, TimeUnit.SECONDS);

    assertAllStored(RECORDS);
    assertThat(stored.messages()).isEqualTo(RECORDS);
  }

  @Test
  void cancelUnderLoad_endsAtOnce_andRetainedCheckpointLosesNothing(
      FlinkCluster flink, @TempDir Path directory) throws Exception {
    slowDown();
    JobClient first = start(flink.environment(FlinkCluster.checkpoints(directory)), RECORDS);
    stored.await(RECORDS / 5);
    await().until(() -> newestCheckpoint(directory) != null);
    servers.nodes().forEach(node -> node.always(Fault.noResponse()));
    long before = stored.messages();

    first.cancel().get(30, TimeUnit.SECONDS);

    await().until(() -> first.getJobStatus().get() == JobStatus.CANCELED);
    await().until(() -> SenderThreads.all().isEmpty());
    assertThat(before).isLessThan(RECORDS);

    servers.nodes().forEach(LocalNode::clearFaults);
    Path checkpoint = newestCheckpoint(directory);
    start(flink.environment(restoring(directory, checkpoint.toUri().toString())), RECORDS)
        .getJobExecutionResult()
        .get(60, TimeUnit.SECONDS);

    assertAllStored(RECORDS);
  }

  private void assertAllStored(int records) {
    assertThat(stored.firstMissing()).isEqualTo(records);
    assertThat(stored.distinct()).isEqualTo(records);
  }

  /** With the small buffer of the sink the job then lasts for seconds. */
  private void slowDown() {
    servers.nodes().forEach(node -> node.slow(Duration.ofMillis(40)));
  }

  private JobClient start(StreamExecutionEnvironment environment, int records) throws Exception {
    environment
        .fromSequence(0, records - 1)
        .uid("source")
        .map((MapFunction<Long, String>) String::valueOf)
        .uid("map")
        .sinkTo(sink())
        .uid("sink");
    return environment.executeAsync();
  }

  private HttpReportSink<String> sink() {
    return HttpReportSink.<String>builder()
        .manager(servers.managerUrl())
        .groupId("group")
        .streamId("stream")
        .text(body -> body)
        .buffer(256 * 1024)
        .requestTimeout(Duration.ofSeconds(1))
        .retry(RetryPolicy.builder().maxAttempts(100).deadline(Duration.ofMinutes(1)).build())
        .build();
  }

  private static Map<String, String> restoring(Path directory, String path) {
    Map<String, String> settings = new HashMap<>(FlinkCluster.checkpoints(directory));
    settings.put("execution.state-recovery.path", path);
    settings.put("execution.savepoint.path", path);
    return settings;
  }

  /** Null if there is none that is complete. */
  private static Path newestCheckpoint(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(file -> file.endsWith("_metadata") && Files.exists(file))
          .map(Path::getParent)
          .max(Comparator.comparingInt(AtLeastOnceTest::checkpointNumber))
          .orElse(null);
    } catch (java.io.UncheckedIOException e) {
      return null;
    }
  }

  private static int checkpointNumber(Path checkpoint) {
    return Integer.parseInt(checkpoint.getFileName().toString().replace("chk-", ""));
  }

  /** Throws once, after a checkpoint. */
  private static final class ThrowsOnce
      implements MapFunction<Long, String>, CheckpointListener, CheckpointedFunction {

    private static final long serialVersionUID = 1L;

    static final AtomicBoolean THROWN = new AtomicBoolean();
    static final AtomicBoolean RESTORED = new AtomicBoolean();

    private boolean checkpointed;

    @Override
    public String map(Long value) {
      if (checkpointed && THROWN.compareAndSet(false, true)) {
        throw new IllegalStateException("thrown by the test at " + value);
      }
      return value.toString();
    }

    @Override
    public void notifyCheckpointComplete(long id) {
      checkpointed = true;
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) {}

    @Override
    public void initializeState(FunctionInitializationContext context) {
      if (context.isRestored()) {
        RESTORED.set(true);
      }
    }
  }
}
