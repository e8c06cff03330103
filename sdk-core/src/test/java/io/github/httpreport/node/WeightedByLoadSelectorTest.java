package io.github.httpreport.node;

import static io.github.httpreport.node.NodeList.UNKNOWN_LOAD;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WeightedByLoadSelectorTest {

  /** The loads, and the shares to expect in any unit. */
  static Stream<Arguments> shares() {
    return Stream.of(
        arguments("one candidate", loads(7), shares(1)),
        arguments("inverse to the load plus one", loads(9, 19, 39), shares(4, 2, 1)),
        arguments("equal loads", loads(5, 5, 5), shares(1, 1, 1)),
        arguments("no load at all", loads(0, 1), shares(2, 1)),
        arguments("all unknown", loads(UNKNOWN_LOAD, UNKNOWN_LOAD), shares(1, 1)),
        arguments("unknown as the average", loads(9, 29, UNKNOWN_LOAD), shares(6, 2, 3)),
        arguments("negative as unknown", loads(9, 29, -5), shares(6, 2, 3)),
        arguments("absurd load bounded", loads(0, 1_000_000), shares(10, 1)),
        arguments("largest load bounded", loads(0, Integer.MAX_VALUE), shares(10, 1)),
        arguments("absurdly low load bounded", loads(0, 500, 900), shares(10, 1, 1)),
        arguments(
            "absurd load in the average", loads(0, 1_000_000, UNKNOWN_LOAD), shares(55, 5.5, 10)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shares")
  void select_manyTimes_choosesInverseToTheLoad(String name, int[] loads, double[] shares) {
    long seed = Seed.next();
    NodeSelector selector = SeededSelectors.weightedByLoad(new SplittableRandom(seed));
    List<Candidate> candidates =
        IntStream.range(0, loads.length)
            .<Candidate>mapToObj(i -> FakeCandidate.number(i).withLoad(loads[i]))
            .toList();

    Draws draws = Draws.of(100_000, selector, candidates);

    double sum = Arrays.stream(shares).sum();
    for (int i = 0; i < loads.length; i++) {
      draws.assertProbability(candidates.get(i), shares[i] / sum, seed);
    }
  }

  private static int[] loads(int... loads) {
    return loads;
  }

  private static double[] shares(double... shares) {
    return shares;
  }
}
