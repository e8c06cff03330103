package io.github.httpreport.spring.test;

import io.github.httpreport.spring.HttpReportConnectionDetails;
import java.util.List;
import java.util.Set;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;

/**
 * Addresses of a local cluster, before those of the application itself.
 *
 * @param managerUrl the Manager of the cluster
 * @param senders the senders that are pointed at it; empty for all
 */
record LocalHttpReportConnectionDetails(String managerUrl, Set<String> senders)
    implements HttpReportConnectionDetails, PriorityOrdered {

  @Override
  public boolean appliesTo(String sender) {
    return senders.isEmpty() || senders.contains(sender);
  }

  @Override
  public List<String> getManagers() {
    return List.of(managerUrl);
  }

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }
}
