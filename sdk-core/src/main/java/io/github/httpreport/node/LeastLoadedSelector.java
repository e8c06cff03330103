package io.github.httpreport.node;

import io.github.httpreport.Destination;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The power of two choices. Comparing two random candidates, and not all, is what keeps many
 * threads and many senders from running to the same best node at the same moment.
 */
final class LeastLoadedSelector implements NodeSelector {

  /**
   * A smaller ratio is a draw. Without it the noise in the latencies of equal nodes would decide,
   * and whoever happened to look fastest would win all its comparisons.
   */
  private static final double CLEARLY_WORSE = 1.5;

  private final Supplier<? extends RandomGenerator> random;

  /** Asks for the generator on each use, since the usual one belongs to the calling thread. */
  LeastLoadedSelector(Supplier<? extends RandomGenerator> random) {
    this.random = random;
  }

  @Override
  public Candidate select(List<Candidate> candidates, Destination destination) {
    int size = candidates.size();
    if (size == 1) {
      return candidates.get(0);
    }
    RandomGenerator generator = random.get();
    int first = generator.nextInt(size);
    int second = generator.nextInt(size - 1);
    if (second >= first) {
      second++;
    }
    return better(candidates.get(first), candidates.get(second), generator);
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
