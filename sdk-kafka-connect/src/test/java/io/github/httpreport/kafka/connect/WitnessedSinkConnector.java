package io.github.httpreport.kafka.connect;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.sink.SinkConnector;

/** The connector with tasks whose commits are checked by the {@link CommitWitness}. */
public final class WitnessedSinkConnector extends SinkConnector {

  private final HttpReportSinkConnector connector = new HttpReportSinkConnector();

  @Override
  public void start(Map<String, String> configuration) {
    connector.start(configuration);
  }

  @Override
  public Class<? extends Task> taskClass() {
    return WitnessedSinkTask.class;
  }

  @Override
  public List<Map<String, String>> taskConfigs(int maxTasks) {
    return connector.taskConfigs(maxTasks);
  }

  @Override
  public void stop() {
    connector.stop();
  }

  @Override
  public ConfigDef config() {
    return connector.config();
  }

  @Override
  public String version() {
    return "test";
  }
}
