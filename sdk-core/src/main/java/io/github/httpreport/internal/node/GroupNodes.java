package io.github.httpreport.internal.node;

import io.github.httpreport.node.Candidate;
import io.github.httpreport.node.NodeList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** The nodes of one group. The list never changes; which of them are healthy does. */
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
   * @param healthy those that get requests
   * @param members the same, to look one up without going through all of them
   * @param onTrial those that may get one request
   */
  record Health(
      int version, List<Candidate> healthy, Set<Candidate> members, List<NodeState> onTrial) {

    static Health of(int version, List<NodeState> all) {
      List<Candidate> healthy =
          all.stream().filter(s -> s.ejection().isHealthy()).map(Candidate.class::cast).toList();
      return new Health(
          version,
          healthy,
          Set.copyOf(healthy),
          all.stream().filter(s -> s.ejection().isOnTrial()).toList());
    }
  }
}
