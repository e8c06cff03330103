package io.github.httpreport.internal.node;

import io.github.httpreport.http.Exchange;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.node.Node;
import io.github.httpreport.protocol.Verdict;
import io.github.httpreport.protocol.WireProtocol;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Probe of an ejected node, where the protocol has one: a request that stores nothing, such as a
 * heartbeat.
 *
 * <p>The scheduler's thread starts a probe when an ejection ends, and does not wait for it; the
 * result comes on the I/O thread. Whatever the protocol of the application throws counts as no
 * probe, so that a report decides, or as an unhealthy node.
 */
public final class NodeProbe {

  private static final Logger LOG = LoggerFactory.getLogger(NodeProbe.class);

  private final WireProtocol protocol;
  private final Exchange exchange;

  public NodeProbe(WireProtocol protocol, Exchange exchange) {
    this.protocol = protocol;
    this.exchange = exchange;
  }

  /**
   * Starts a probe.
   *
   * @param result called once with whether the node is healthy, on the thread that ends the
   *     exchange
   * @return false if the protocol has no probe, or none could be sent
   */
  boolean start(Node node, Consumer<Boolean> result) {
    try {
      Optional<Request> request = request(node);
      request.ifPresent(
          r ->
              exchange
                  .execute(r, this::isHealthy)
                  .whenComplete(
                      (response, error) -> result.accept(error == null && isHealthy(response))));
      return request.isPresent();
    } catch (Throwable e) {
      LOG.warn("A probe of node {} could not be sent, so a report decides", node, e);
      return false;
    }
  }

  private Optional<Request> request(Node node) {
    try {
      return protocol.probe(node);
    } catch (Throwable e) {
      LOG.warn("No probe for node {}, so a report decides", node, e);
      return Optional.empty();
    }
  }

  private boolean isHealthy(Response response) {
    try {
      return protocol.classify(response) instanceof Verdict.Accepted;
    } catch (Throwable e) {
      LOG.warn("The answer to a probe could not be read", e);
      return false;
    }
  }
}
