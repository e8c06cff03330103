package io.github.httpreport.internal.node;

import io.github.httpreport.node.Node;
import io.github.httpreport.node.NodeList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/** Nodes named n0, n1 and so on. */
public final class Lists {

  private Lists() {}

  public static Node node(int index) {
    return Node.of("n" + index, 8080);
  }

  public static NodeList of(int... indexes) {
    return NodeList.of(IntStream.of(indexes).mapToObj(Lists::node).toList());
  }

  public static NodeList upTo(int size) {
    return of(IntStream.range(0, size).toArray());
  }

  public static NodeList withLimit(NodeList list, long maxRequestBytes) {
    return new NodeList(list.loads(), OptionalLong.of(maxRequestBytes));
  }

  static NodeList withLoad(NodeList list, int index, int load) {
    Map<Node, Integer> loads = new LinkedHashMap<>(list.loads());
    loads.put(node(index), load);
    return new NodeList(loads, list.maxRequestBytes());
  }
}
