package io.github.httpreport.examples.bench;

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
record Measured(Block block, Map<Setup, List<Turn>> turns) {

  /** Of a contestant that was run. */
  Spread figures(Setup setup, ToDoubleFunction<Turn> figure) {
    return Spread.of(of(setup).stream().mapToDouble(figure));
  }

  /** Within each round, so that it does not matter what else the machine did in another. */
  @Nullable Spread ratio(Setup setup, Setup to, ToDoubleFunction<Turn> figure) {
    if (!has(setup) || !has(to)) {
      return null;
    }
    List<Turn> ours = of(setup);
    List<Turn> theirs = of(to);
    return Spread.of(
        IntStream.range(0, ours.size())
            .mapToDouble(
                i -> figure.applyAsDouble(ours.get(i)) / figure.applyAsDouble(theirs.get(i))));
  }

  boolean has(Setup setup) {
    return turns.containsKey(setup);
  }

  private List<Turn> of(Setup setup) {
    return turns.getOrDefault(setup, List.of());
  }
}
