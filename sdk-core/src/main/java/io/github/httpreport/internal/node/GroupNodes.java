package io.github.httpreport.internal.node;

import io.github.httpreport.node.Candidate;
import io.github.httpreport.node.NodeList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Nodes of one group. The list never changes; a new list is a new object.
 *
 * <p>Which of the nodes are healthy does change. That view is computed when a delivery selects a
 * node after the table's version has changed, by the thread of that delivery, and is kept in a
 * volatile field: two threads may compute it at once, with the same result.
 */
public final class GroupNodes {

  private final NodeList source;
  private final List<NodeState> all;
  private volatile Health health = new Health(-1, List.of(), Set.of(), List.of());

  GroupNodes(NodeList source, List<NodeState> all) {
    this.source = source;
    this.all = List.copyOf(all);
  }

  NodeList source() {
    return source;
  }

  public OptionalLong maxRequestBytes() {
    return source.maxRequestBytes();
  }

  public List<NodeState> all() {
    return all;
  }

  /** Computed again only when the health of some node has changed since. */
  Health health(int version) {
    Health known = health;
    if (known.version != version) {
      known = Health.of(version, all);
      health = known;
    }
    return known;
  }

  /**
   * The health of the nodes at one moment.
   *
   * @param healthy the nodes that get requests
   * @param members the same nodes, as a set to look one up in
   * @param halfOpen the nodes that may get one request
   */
  record Health(
      int version, List<Candidate> healthy, Set<Candidate> members, List<NodeState> halfOpen) {

    static Health of(int version, List<NodeState> all) {
      List<Candidate> healthy =
          all.stream().filter(s -> s.ejection().isHealthy()).map(Candidate.class::cast).toList();
      return new Health(
          version,
          healthy,
          Set.copyOf(healthy),
          all.stream().filter(s -> s.ejection().isHalfOpen()).toList());
    }
  }
}
