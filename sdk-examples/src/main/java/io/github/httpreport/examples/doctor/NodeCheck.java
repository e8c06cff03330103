package io.github.httpreport.examples.doctor;

import io.github.httpreport.http.Exchange;
import io.github.httpreport.node.Node;

/** A question to one node over HTTP that stores nothing. Safe for use by many threads. */
public interface NodeCheck {

  /**
   * Asks and waits for the response.
   *
   * @param subject the name of the node in findings
   * @param node the node
   * @param exchange sends the request
   * @return the finding
   */
  Finding check(String subject, Node node, Exchange exchange);

  /**
   * The heartbeat of InLong.
   *
   * @return the probe
   */
  static NodeCheck heartbeat() {
    return new HeartbeatProbe();
  }
}
