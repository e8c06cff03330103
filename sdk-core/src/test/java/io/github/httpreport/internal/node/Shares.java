package io.github.httpreport.internal.node;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Which node got how many of the requests of some time. */
record Shares(List<Long> requests) {

  static Shares between(List<Long> before, List<Long> after) {
    return new Shares(
        IntStream.range(0, before.size()).mapToObj(i -> after.get(i) - before.get(i)).toList());
  }

  long requests(int node) {
    return requests.get(node);
  }

  /** What the node got, where 1 is the same as all others. */
  double of(int node) {
    long all = requests.stream().mapToLong(Long::longValue).sum();
    return (double) requests(node) * requests.size() / all;
  }

  /** The least share among the nodes from this one on. */
  double leastFrom(int node) {
    return IntStream.range(node, requests.size()).mapToDouble(this::of).min().orElseThrow();
  }

  @Override
  public String toString() {
    return IntStream.range(0, requests.size())
        .mapToObj(i -> String.format(Locale.ROOT, "%.3f", of(i)))
        .collect(Collectors.joining(" ", "shares ", ""));
  }
}
