package io.github.httpreport.kafka.connect;

/** The version of the connector. */
final class ConnectorVersion {

  private ConnectorVersion() {}

  /** From the manifest of the jar; classes outside of a jar have none. */
  static String get() {
    String version = ConnectorVersion.class.getPackage().getImplementationVersion();
    return version == null ? "undefined" : version;
  }
}
