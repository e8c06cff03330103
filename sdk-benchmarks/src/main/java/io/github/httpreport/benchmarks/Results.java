package io.github.httpreport.benchmarks;

import java.util.List;
import java.util.Map;

/**
 * What came out of a run.
 *
 * @param plan what was run
 * @param blocks in the order of the plan
 * @param extras those of the plan that could be measured
 */
record Results(Plan plan, List<Measured> blocks, Map<ExtraMeasurement, Summary> extras) {

  /** The named block, empty when it was not run. */
  Measured block(String name) {
    return blocks.stream()
        .filter(measured -> measured.block().name().equals(name))
        .findAny()
        .orElseGet(() -> new Measured(new Suite(name, List.of()), Map.of()));
  }

  /** What was to be reached. */
  List<BenchTarget> targets() {
    return Targets.of(this);
  }

  /** What stands between raw sockets and any client. */
  List<Limit> limits() {
    return Limit.of(block(Suite.LIMITS));
  }

  boolean missesAny() {
    return targets().stream().anyMatch(target -> target.state() == BenchTarget.State.MISSED);
  }
}
