package io.github.httpreport.node;

/** How much the load that a node reports may count. */
final class ReportedLoad {

  /**
   * The most that loads may tilt the choice between two nodes. A node reports its load itself, and
   * a wrong one must not keep it from all work, nor pull all work to it.
   */
  static final double MAX_INFLUENCE = 10;

  private ReportedLoad() {}

  static boolean isKnown(int load) {
    return load >= 0 && load != NodeList.UNKNOWN_LOAD;
  }

  /** How much busier the first is than the second: from a tenth to ten, 1 when not known. */
  static double ratio(int first, int second) {
    if (first == second || !isKnown(first) || !isKnown(second)) {
      return 1;
    }
    double ratio = (first + 1.0) / (second + 1.0);
    return Math.max(1 / MAX_INFLUENCE, Math.min(MAX_INFLUENCE, ratio));
  }
}
