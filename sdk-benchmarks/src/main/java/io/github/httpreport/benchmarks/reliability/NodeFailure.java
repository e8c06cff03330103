package io.github.httpreport.benchmarks.reliability;

/** How the nodes of a group fail, and how much the group is offered meanwhile. */
enum NodeFailure {
  BLACK_HOLE("black hole", 10),
  NO_RESPONSE("no answer", 20),
  REFUSED("refused", 200),
  QUEUE_FULL("code 114", 50);

  private final String label;
  private final int perSecond;

  NodeFailure(String label, int perSecond) {
    this.label = label;
    this.perSecond = perSecond;
  }

  String label() {
    return label;
  }

  int perSecond() {
    return perSecond;
  }
}
