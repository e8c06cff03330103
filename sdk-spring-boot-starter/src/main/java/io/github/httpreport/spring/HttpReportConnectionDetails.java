package io.github.httpreport.spring;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * Addresses of a cluster that replace those of the properties. A bean of this type, of a test or of
 * a service discovery, wins over {@code manager}, {@code nodes}, {@code node-source} and {@code
 * credentials} of the senders that it applies to.
 */
public interface HttpReportConnectionDetails extends ConnectionDetails {

  /**
   * Whether these are the addresses of a sender.
   *
   * @param sender the key of the sender under {@code http-report.senders}; {@code default} for the
   *     sender of {@code http-report} itself
   * @return true for every sender, unless overridden
   */
  default boolean appliesTo(String sender) {
    return true;
  }

  /**
   * The Managers.
   *
   * @return URLs, tried in turn; empty for fixed nodes
   */
  default List<String> getManagers() {
    return List.of();
  }

  /**
   * The nodes, where there is no Manager.
   *
   * @return each as {@code host:port}; empty for a Manager
   */
  default List<String> getNodes() {
    return List.of();
  }

  /**
   * The secret id for the Manager.
   *
   * @return null for none
   */
  default @Nullable String getSecretId() {
    return null;
  }

  /**
   * The secret key for the Manager.
   *
   * @return null for none
   */
  default @Nullable String getSecretKey() {
    return null;
  }
}
