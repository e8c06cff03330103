package io.github.httpreport.examples.doctor;

import io.github.httpreport.http.Exchange;
import io.github.httpreport.node.Node;
import java.time.Duration;

/** Asks an InLong DataProxy for its heartbeat. */
final class HeartbeatProbe implements NodeCheck {

  private static final String STEP = "heartbeat";

  @Override
  public Finding check(String subject, Node node, Exchange exchange) {
    HealthCheck.Result result = new HealthCheck(exchange).ask(node).join();
    Duration latency = result.latency();
    if (latency == null) {
      return Finding.failed(subject, STEP, result.problem());
    }
    double millis = latency.toNanos() / 1e6;
    return Finding.ok(subject, STEP, Text.millis(millis)).with("millis", millis);
  }
}
