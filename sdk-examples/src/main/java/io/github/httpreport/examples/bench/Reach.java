package io.github.httpreport.examples.bench;

/**
 * Where a contestant reports to.
 *
 * @param nodes how many there are
 * @param groups how many it uses in turn
 */
record Reach(int nodes, int groups) {

  static final Reach NEAR = new Reach(3, 1);
  static final int FAR = 1000;
  static final Reach MANY_NODES = new Reach(FAR, 1);
  static final Reach MANY_GROUPS = new Reach(3, FAR);

  static final String STREAM = "bench_stream";

  /** The name of a group. */
  static String group(int index) {
    return "bench_group_" + index;
  }
}
