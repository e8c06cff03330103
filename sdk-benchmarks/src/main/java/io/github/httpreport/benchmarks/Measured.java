package io.github.httpreport.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What came out of a block.
 *
 * @param block what was run
 * @param turns of each contestant, one for each round
 */
record Measured(Suite block, Map<Scenario, List<Sample>> turns) {

  /** Of a contestant that was run. */
  Summary figures(Scenario scenario, ToDoubleFunction<Sample> figure) {
    return Summary.of(of(scenario).stream().mapToDouble(figure));
  }

  /** Within each round, so that it does not matter what else the machine did in another. */
  @Nullable Summary ratio(Scenario scenario, Scenario to, ToDoubleFunction<Sample> figure) {
    if (!has(scenario) || !has(to)) {
      return null;
    }
    return ratio(of(scenario), of(to), figure);
  }

  /** The same of samples that were taken in turn. */
  static Summary ratio(List<Sample> ours, List<Sample> theirs, ToDoubleFunction<Sample> figure) {
    return Summary.of(
        IntStream.range(0, ours.size())
            .mapToDouble(
                i -> figure.applyAsDouble(ours.get(i)) / figure.applyAsDouble(theirs.get(i))));
  }

  boolean has(Scenario scenario) {
    return turns.containsKey(scenario);
  }

  private List<Sample> of(Scenario scenario) {
    return turns.getOrDefault(scenario, List.of());
  }
}
