package io.github.httpreport.node;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The nodes of a group, as their source lists them at one moment. Immutable.
 *
 * @param loads each node with the load it reported, where more is busier; a source that knows no
 *     load says {@link #UNKNOWN_LOAD}
 * @param maxRequestBytes the largest request body the nodes take, where the source reports it
 */
public record NodeList(Map<Node, Integer> loads, OptionalLong maxRequestBytes) {

  /** What a stock InLong DataProxy reports, busy or not. */
  public static final int UNKNOWN_LOAD = 65_535;

  /** Takes a copy that keeps the order. */
  public NodeList {
    loads = Collections.unmodifiableMap(new LinkedHashMap<>(loads));
  }

  /**
   * Nodes of unknown load and no known limit.
   *
   * @param nodes the nodes; a repeated one counts once
   * @return the list
   */
  public static NodeList of(Collection<Node> nodes) {
    Map<Node, Integer> loads = new LinkedHashMap<>();
    nodes.forEach(node -> loads.put(node, UNKNOWN_LOAD));
    return new NodeList(loads, OptionalLong.empty());
  }

  /**
   * The nodes.
   *
   * @return in the order of the source, unmodifiable
   */
  public Set<Node> nodes() {
    return loads.keySet();
  }
}
