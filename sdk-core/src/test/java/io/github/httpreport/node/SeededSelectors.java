package io.github.httpreport.node;

import java.util.random.RandomGenerator;

/** The selectors that draw, with a generator that a test can repeat. */
public final class SeededSelectors {

  private SeededSelectors() {}

  public static NodeSelector random(RandomGenerator generator) {
    return new RandomSelector(() -> generator);
  }

  public static NodeSelector weightedByLoad(RandomGenerator generator) {
    return new WeightedByLoadSelector(() -> generator);
  }

  public static NodeSelector leastLoaded(RandomGenerator generator) {
    return new LeastLoadedSelector(() -> generator);
  }
}
