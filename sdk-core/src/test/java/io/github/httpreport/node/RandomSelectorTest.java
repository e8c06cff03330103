package io.github.httpreport.node;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RandomSelectorTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 10, 100})
  void select_manyTimes_choosesEachEquallyOften(int size) {
    long seed = Seed.next();
    NodeSelector selector = SeededSelectors.random(new SplittableRandom(seed));
    List<Candidate> candidates = FakeCandidate.list(size);

    Draws draws = Draws.of(100_000, selector, candidates);

    for (Candidate candidate : candidates) {
      draws.assertProbability(candidate, 1.0 / size, seed);
    }
  }
}
