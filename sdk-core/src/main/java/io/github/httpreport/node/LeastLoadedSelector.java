package io.github.httpreport.node;

import io.github.httpreport.Destination;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The power of two choices. Comparing two random candidates, and not all, is what keeps many
 * threads and many senders from running to the same best node at the same moment.
 *
 * <p>Of many candidates only a part is used, another one by each selector: a connection to each of
 * a thousand nodes would be closed as idle before its next request.
 */
final class LeastLoadedSelector implements NodeSelector {

  /**
   * A smaller ratio is a draw. Without it the noise in the latencies of equal nodes would decide,
   * and whoever happened to look fastest would win all its comparisons.
   */
  private static final double CLEARLY_WORSE = 1.5;

  /** How many candidates are used at most. */
  static final int REACH = 64;

  private final Supplier<? extends RandomGenerator> random;

  /** Where in the list the candidates in use begin, as a part of its length. */
  private final double begin;

  /** Asks for the generator on each use, since the usual one belongs to the calling thread. */
  LeastLoadedSelector(Supplier<? extends RandomGenerator> random) {
    this.random = random;
    begin = random.get().nextDouble();
  }

  @Override
  public Candidate select(List<Candidate> candidates, Destination destination) {
    int size = candidates.size();
    if (size == 1) {
      return candidates.get(0);
    }
    RandomGenerator generator = random.get();
    int reach = Math.min(size, REACH);
    int first = generator.nextInt(reach);
    int second = generator.nextInt(reach - 1);
    if (second >= first) {
      second++;
    }
    return better(inUse(candidates, first), inUse(candidates, second), generator);
  }

  /** A node more or less in the list moves those in use by one place at most. */
  private Candidate inUse(List<Candidate> candidates, int index) {
    int size = candidates.size();
    int place = (int) (begin * size) + index;
    return candidates.get(place < size ? place : place - size);
  }

  /**
   * A clear winner wins. Between the others chance decides, tilted by the load: reported loads are
   * old by the time they arrive, and every sender sees the same ones, so if they alone decided, all
   * senders would leave one node for another at once.
   */
  private static Candidate better(Candidate first, Candidate second, RandomGenerator generator) {
    double observed = observedRatio(first, second);
    double weighted = observed * ReportedLoad.ratio(first.reportedLoad(), second.reportedLoad());
    if (Math.min(observed, weighted) >= CLEARLY_WORSE) {
      return second;
    }
    if (Math.max(observed, weighted) <= 1 / CLEARLY_WORSE) {
      return first;
    }
    return generator.nextDouble() * (1 + weighted) < 1 ? first : second;
  }

  /** How much worse the first is than the second, by what this sender saw of them. */
  private static double observedRatio(Candidate first, Candidate second) {
    double ratio = (first.inFlight() + 1.0) / (second.inFlight() + 1.0);
    long firstLatency = first.latencyNanos();
    long secondLatency = second.latencyNanos();
    return firstLatency < 0 || secondLatency < 0
        ? ratio
        : ratio * Math.max(1, firstLatency) / Math.max(1, secondLatency);
  }
}
