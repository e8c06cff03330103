package io.github.httpreport.benchmarks;

/**
 * Where a contestant reports to.
 *
 * @param nodes how many there are
 * @param groups how many it uses in turn
 */
record Topology(int nodes, int groups) {

  static final Topology NEAR = new Topology(3, 1);
  static final int FAR = 1000;
  static final Topology MANY_NODES = new Topology(FAR, 1);
  static final Topology MANY_GROUPS = new Topology(3, FAR);

  static final String STREAM = "bench_stream";

  /** The name of a group. */
  static String group(int index) {
    return "bench_group_" + index;
  }
}
