package io.github.httpreport.node;

import io.github.httpreport.Destination;
import java.util.List;

/**
 * Chooses the node for a request. One selector serves all groups and threads of a sender: it must
 * be safe for use by many threads and must not block.
 */
@FunctionalInterface
public interface NodeSelector {

  /**
   * Chooses a node.
   *
   * @param candidates the nodes to choose from, at least one, unmodifiable; on a retry without
   *     those that were tried before
   * @param destination where the messages belong
   * @return one of the candidates
   */
  Candidate select(List<Candidate> candidates, Destination destination);
}
