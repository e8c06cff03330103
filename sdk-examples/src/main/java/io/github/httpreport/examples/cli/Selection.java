package io.github.httpreport.examples.cli;

import io.github.httpreport.Destination;
import io.github.httpreport.node.NodeSelector;
import java.util.Locale;

/** The selectors that have a name on the command line. */
enum Selection {
  LEAST_LOADED,
  RANDOM,
  ROUND_ROBIN,
  WEIGHTED_BY_LOAD,
  CONSISTENT_HASH;

  NodeSelector selector() {
    return switch (this) {
      case LEAST_LOADED -> NodeSelector.leastLoaded();
      case RANDOM -> NodeSelector.random();
      case ROUND_ROBIN -> NodeSelector.roundRobin();
      case WEIGHTED_BY_LOAD -> NodeSelector.weightedByLoad();
      case CONSISTENT_HASH -> NodeSelector.consistentHash(Destination::toString);
    };
  }

  /** As users write it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
