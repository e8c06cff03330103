package io.github.httpreport.benchmarks;

import java.io.IOException;

/** The connectors that can be measured, by their names on the command line. */
enum ConnectorKind {
  /** The sink for Kafka Connect. */
  connect {
    @Override
    ConnectorFeeds open(String managerUrl) {
      return new KafkaConnectFeeds(managerUrl);
    }
  },
  /** The sink for Flink. */
  flink {
    @Override
    ConnectorFeeds open(String managerUrl) throws IOException {
      try {
        return new FlinkFeeds(managerUrl);
      } catch (NoClassDefFoundError e) {
        throw new IOException("Flink is not on the class path: see docs/measuring.md", e);
      }
    }
  };

  /**
   * Feeds to one server.
   *
   * @throws IOException if its engine is missing or does not start
   */
  abstract ConnectorFeeds open(String managerUrl) throws IOException;
}
