package io.github.httpreport.flink;

import java.net.URL;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.util.MiniClusterPipelineExecutorServiceLoader;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A Flink cluster of two task managers with four slots each in this process, one for all tests: it
 * starts with the first test that asks for it as a parameter.
 */
public final class FlinkCluster implements AutoCloseable {

  /** Hands the cluster to tests. */
  public static final class Extension implements ParameterResolver {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
      return parameter.getParameter().getType() == FlinkCluster.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
      return test.getRoot()
          .getStore(ExtensionContext.Namespace.GLOBAL)
          .computeIfAbsent(FlinkCluster.class, type -> new FlinkCluster(), FlinkCluster.class);
    }
  }

  private final MiniCluster cluster;

  private FlinkCluster() {
    Configuration settings = new Configuration();
    settings.setString("metrics.reporter.test.factory.class", CollectingReporter.class.getName());
    settings.setString("metrics.fetcher.update-interval", "0");
    settings.setString("taskmanager.memory.network.max", "32mb");
    settings.setString("taskmanager.memory.network.min", "32mb");
    settings.setString("taskmanager.memory.managed.size", "16mb");
    cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(settings)
                .setNumTaskManagers(2)
                .setNumSlotsPerTaskManager(4)
                .withRandomPorts()
                .build());
    try {
      cluster.start();
    } catch (Exception e) {
      throw new IllegalStateException("the Flink cluster did not start", e);
    }
  }

  /** Waits for a condition, with time for Flink on a busy machine. */
  static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(60));
  }

  /** An environment of parallelism 4, without restarts unless the settings say so. */
  public StreamExecutionEnvironment environment(Map<String, String> settings) {
    return environment(settings, List.of());
  }

  /** One whose jobs load user code from these places, in a class loader of each job's own. */
  public StreamExecutionEnvironment environment(Map<String, String> settings, List<URL> classPath) {
    Configuration configuration = Configuration.fromMap(settings);
    if (!configuration.containsKey("restart-strategy.type")) {
      configuration.setString("restart-strategy.type", "none");
    }
    StreamExecutionEnvironment environment =
        new StreamExecutionEnvironment(
            new MiniClusterPipelineExecutorServiceLoader(cluster),
            MiniClusterPipelineExecutorServiceLoader.updateConfigurationForMiniCluster(
                configuration, List.of(), classPath),
            null);
    environment.setParallelism(4);
    return environment;
  }

  /** Settings for checkpoints in a directory, which stay when a job is cancelled. */
  public static Map<String, String> checkpoints(Path directory) {
    return Map.of(
        "execution.checkpointing.interval",
        "100ms",
        "execution.checkpointing.dir",
        directory.toUri().toString(),
        "state.checkpoints.dir",
        directory.toUri().toString(),
        "execution.checkpointing.externalized-checkpoint-retention",
        "RETAIN_ON_CANCELLATION");
  }

  @Override
  public void close() {
    cluster.closeAsync().join();
  }
}
