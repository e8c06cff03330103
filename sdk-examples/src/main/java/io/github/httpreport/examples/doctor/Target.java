package io.github.httpreport.examples.doctor;

import io.github.httpreport.Destination;
import io.github.httpreport.inlong.InLongManager;
import io.github.httpreport.node.Node;
import io.github.httpreport.protocol.WireProtocol;
import java.util.List;
import java.util.Optional;

/**
 * The servers and the destination to examine.
 *
 * @param protocol the protocol of the servers
 * @param probe the question to each node
 * @param managers URLs of InLong Managers; empty where there is none
 * @param credentials for the Managers, if there are any
 * @param nodes those that the user named; empty where Managers or the protocol know them
 * @param destination where messages belong
 * @param message the message to send; empty to send none
 */
public record Target(
    WireProtocol protocol,
    NodeCheck probe,
    List<String> managers,
    Optional<InLongManager.Credentials> credentials,
    List<Node> nodes,
    Destination destination,
    Optional<String> message) {

  /** Takes copies. */
  public Target {
    managers = List.copyOf(managers);
    nodes = List.copyOf(nodes);
  }
}
