package io.github.httpreport.internal;

import io.github.httpreport.node.Candidate;
import io.github.httpreport.node.NodeList;
import java.util.List;
import java.util.OptionalLong;

/** The nodes of one group. The list never changes; which of them are healthy does. */
final class GroupNodes {

  private final NodeList source;
  private final List<NodeState> all;
  private volatile Health health = new Health(-1, List.of(), List.of());

  GroupNodes(NodeList source, List<NodeState> all) {
    this.source = source;
    this.all = List.copyOf(all);
  }

  NodeList source() {
    return source;
  }

  OptionalLong maxRequestBytes() {
    return source.maxRequestBytes();
  }

  List<NodeState> all() {
    return all;
  }

  /** The nodes that get requests. */
  List<Candidate> healthy(int healthVersion) {
    return health(healthVersion).healthy;
  }

  /** The nodes that may get one request. */
  List<NodeState> onTrial(int healthVersion) {
    return health(healthVersion).onTrial;
  }

  /** Computed again only when the health of some node has changed since. */
  private Health health(int version) {
    Health known = health;
    if (known.version != version) {
      known = Health.of(version, all);
      health = known;
    }
    return known;
  }

  private record Health(int version, List<Candidate> healthy, List<NodeState> onTrial) {

    static Health of(int version, List<NodeState> all) {
      return new Health(
          version,
          all.stream().filter(s -> s.ejection().isHealthy()).map(Candidate.class::cast).toList(),
          all.stream().filter(s -> s.ejection().isOnTrial()).toList());
    }
  }
}
