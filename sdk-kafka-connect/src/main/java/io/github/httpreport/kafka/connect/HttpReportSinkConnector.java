package io.github.httpreport.kafka.connect;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.sink.SinkConnector;

/**
 * A sink connector that reports the records of Kafka topics over HTTP to Apache InLong, eKuiper,
 * Memphis or Tencent CKafka DataHub, each at least once.
 *
 * <p>Kafka Connect makes and calls it; an application has no reason to.
 */
public final class HttpReportSinkConnector extends SinkConnector {

  private Map<String, String> properties = Map.of();

  /** A connector without a configuration. */
  public HttpReportSinkConnector() {}

  /**
   * Takes the configuration.
   *
   * @param configuration the options
   * @throws org.apache.kafka.connect.errors.ConnectException if an option is missing, wrong or
   *     contradicts another; the text names all such options
   */
  @Override
  public void start(Map<String, String> configuration) {
    ConfigurationCheck.require(configuration);
    properties = Map.copyOf(configuration);
  }

  @Override
  public Class<? extends Task> taskClass() {
    return HttpReportSinkTask.class;
  }

  /**
   * The configurations of the tasks: all alike but for their numbers.
   *
   * @param maxTasks how many there may be
   * @return as many
   */
  @Override
  public List<Map<String, String>> taskConfigs(int maxTasks) {
    return IntStream.range(0, maxTasks).mapToObj(this::taskConfig).toList();
  }

  private Map<String, String> taskConfig(int index) {
    Map<String, String> task = new HashMap<>(properties);
    task.put(SenderFactory.TASK_INDEX, Integer.toString(index));
    return task;
  }

  /** Does nothing: the tasks hold everything. */
  @Override
  public void stop() {}

  @Override
  public ConfigDef config() {
    return HttpReportSinkConfig.definition();
  }

  /**
   * Checks each option, and all of them together. Does no I/O but to read certificates.
   *
   * @param configuration the options
   * @return the options with what is wrong with each
   */
  @Override
  public Config validate(Map<String, String> configuration) {
    return new Config(ConfigurationCheck.of(configuration));
  }

  @Override
  public String version() {
    return ConnectorVersion.get();
  }
}
