package io.github.httpreport.spring;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that the properties of a sender name.
 *
 * @param properties those of the sender
 */
record PropertiesConnectionDetails(SenderProperties properties)
    implements HttpReportConnectionDetails {

  @Override
  public List<String> getManagers() {
    return properties.manager();
  }

  @Override
  public List<String> getNodes() {
    return properties.nodes();
  }

  @Override
  public @Nullable String getSecretId() {
    return properties.credentials().secretId();
  }

  @Override
  public @Nullable String getSecretKey() {
    return properties.credentials().secretKey();
  }
}
