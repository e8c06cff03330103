package io.github.httpreport.benchmarks.reliability;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Calls per second over time, before, during and after one node answers nothing.
 *
 * @param samples one after the other
 * @param hole when the node ceased to answer, in seconds
 * @param back when it answered again, in seconds
 * @param requestTimeout of the sender
 */
record Curve(List<CurvePoint> samples, double hole, double back, Duration requestTimeout) {

  /** Which part of its earlier level is enough. */
  static final double ENOUGH = 0.8;

  /** Within how many request time-outs throughput is to be back. */
  static final int TIMEOUTS = 2;

  /** Within how many seconds of its return the node is to have its share again. */
  static final double SHARE_SECONDS = 30;

  /** The node that ceases to answer. */
  static final int NODE = 0;

  /** The share of a node is compared over so many samples, as chance has a part in it. */
  private static final int SAMPLES_OF_SHARE = 4;

  /**
   * One sample.
   *
   * @param end in seconds
   * @param perSecond acknowledged calls, for each node
   */
  record CurvePoint(double end, double[] perSecond) {
    double total() {
      return Arrays.stream(perSecond).sum();
    }
  }

  /** The level before the hole. */
  double levelBefore() {
    return before().mapToDouble(i -> samples.get(i).total()).average().orElse(0);
  }

  /** The level of the node before the hole. */
  double shareBefore() {
    return before().mapToDouble(i -> samples.get(i).perSecond()[NODE]).average().orElse(0);
  }

  /** The lowest level of any sample in the hole. */
  double lowest() {
    return during().mapToDouble(i -> samples.get(i).total()).min().orElse(0);
  }

  /**
   * How many seconds after the hole began the throughput was back for good: as long as the hole
   * lasted, no later sample was below. Empty when it was not.
   */
  OptionalDouble recovery() {
    double enough = ENOUGH * levelBefore();
    int[] in = during().toArray();
    int last = in.length - 1;
    while (last >= 0 && samples.get(in[last]).total() >= enough) {
      last--;
    }
    if (in.length == 0 || last == in.length - 1) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(last < 0 ? 0 : samples.get(in[last]).end() - hole);
  }

  /** How many seconds after its return the node had its share again. Empty when it had not. */
  OptionalDouble shareRegained() {
    double enough = ENOUGH * shareBefore();
    return IntStream.rangeClosed(0, samples.size() - SAMPLES_OF_SHARE)
        .filter(i -> start(i) >= back)
        .filter(i -> shareFrom(i) >= enough)
        .mapToDouble(i -> samples.get(i + SAMPLES_OF_SHARE - 1).end() - back)
        .findFirst();
  }

  private double shareFrom(int first) {
    return IntStream.range(first, first + SAMPLES_OF_SHARE)
        .mapToDouble(i -> samples.get(i).perSecond()[NODE])
        .average()
        .orElse(0);
  }

  /** The latest that throughput may be back, in seconds. */
  double recoveryDue() {
    return hole + TIMEOUTS * requestTimeout.toMillis() / 1e3;
  }

  private double start(int index) {
    return index == 0 ? 0 : samples.get(index - 1).end();
  }

  private IntStream before() {
    return IntStream.range(0, samples.size()).filter(i -> samples.get(i).end() <= hole);
  }

  private IntStream during() {
    return IntStream.range(0, samples.size())
        .filter(i -> start(i) >= hole && samples.get(i).end() <= back);
  }
}
