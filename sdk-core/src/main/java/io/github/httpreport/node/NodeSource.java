package io.github.httpreport.node;

import io.github.httpreport.http.Exchange;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Source of the nodes of a group. The sender decides when to ask; it asks once at a time for a
 * group, and keeps the last good list when a response is an error or empty.
 */
public interface NodeSource {

  /**
   * Asks for the nodes of a group. Must not block.
   *
   * @param groupId the group
   * @param exchange for requests on the sender's connections
   * @return the list, empty when the group has no nodes, or a {@link NodeSourceException}
   */
  CompletionStage<NodeList> fetch(String groupId, Exchange exchange);

  /**
   * How long a list is good. The sender spreads its questions by a fifth to either side.
   *
   * @return the time, more than zero; empty when the list never changes. Default 60 s
   */
  default Optional<Duration> refreshInterval() {
    return Optional.of(Duration.ofSeconds(60));
  }

  /**
   * The same nodes for every group, without end.
   *
   * @param nodes at least one
   * @return the source
   * @throws IllegalArgumentException if there is no node
   */
  static NodeSource fixed(Collection<Node> nodes) {
    if (nodes.isEmpty()) {
      throw new IllegalArgumentException("nodes must hold at least one node");
    }
    NodeList list = NodeList.of(List.copyOf(nodes));
    return new NodeSource() {
      @Override
      public CompletionStage<NodeList> fetch(String groupId, Exchange exchange) {
        return CompletableFuture.completedFuture(list);
      }

      @Override
      public Optional<Duration> refreshInterval() {
        return Optional.empty();
      }
    };
  }
}
