package io.github.httpreport.benchmarks;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/** The median of some figures, with the smallest and the largest of them. */
record Summary(double median, double min, double max) {

  /**
   * Of figures in any order.
   *
   * @throws IllegalArgumentException if there are none
   */
  static Summary of(DoubleStream figures) {
    double[] sorted = figures.sorted().toArray();
    if (sorted.length == 0) {
      throw new IllegalArgumentException("figures must not be empty");
    }
    int upper = sorted.length / 2;
    int lower = (sorted.length - 1) / 2;
    double median = Arrays.stream(sorted, lower, upper + 1).average().orElseThrow();
    return new Summary(median, sorted[0], sorted[sorted.length - 1]);
  }

  Summary dividedBy(double divisor) {
    return new Summary(median / divisor, min / divisor, max / divisor);
  }
}
