package io.github.httpreport.benchmarks;

/**
 * Where a contestant reports to.
 *
 * @param nodes how many there are
 * @param groups how many it uses in turn
 * @param tls whether the nodes are spoken to over TLS
 */
record Topology(int nodes, int groups, boolean tls) {

  static final Topology NEAR = new Topology(3, 1, false);
  static final Topology SECURE = new Topology(3, 1, true);
  static final int FAR = 1000;
  static final Topology MANY_NODES = new Topology(FAR, 1, false);
  static final Topology MANY_GROUPS = new Topology(3, FAR, false);

  static final String STREAM = "bench_stream";

  /** The name of a group. */
  static String group(int index) {
    return "bench_group_" + index;
  }
}
