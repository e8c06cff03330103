package io.github.httpreport.node;

import io.github.httpreport.Destination;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * A random candidate, the likelier the lower its load. The loads are read again each time, as they
 * may change while the list stays.
 */
final class WeightedByLoadSelector implements NodeSelector {

  private final Supplier<? extends RandomGenerator> random;

  /** Asks for the generator on each use, since the usual one belongs to the calling thread. */
  WeightedByLoadSelector(Supplier<? extends RandomGenerator> random) {
    this.random = random;
  }

  @Override
  public Candidate select(List<Candidate> candidates, Destination destination) {
    double[] chances = chances(loads(candidates));
    double total = 0;
    for (double chance : chances) {
      total += chance;
    }
    double point = random.get().nextDouble() * total;
    int last = chances.length - 1;
    int chosen = 0;
    while (chosen < last && point >= chances[chosen]) {
      point -= chances[chosen];
      chosen++;
    }
    return candidates.get(chosen);
  }

  private static int[] loads(List<Candidate> candidates) {
    int[] loads = new int[candidates.size()];
    for (int i = 0; i < loads.length; i++) {
      loads[i] = candidates.get(i).reportedLoad();
    }
    return loads;
  }

  private static double[] chances(int[] loads) {
    double most = (lightest(loads) + 1.0) * ReportedLoad.MAX_INFLUENCE;
    double sum = 0;
    int known = 0;
    for (int load : loads) {
      if (ReportedLoad.isKnown(load)) {
        sum += Math.min(load + 1.0, most);
        known++;
      }
    }
    double average = known == 0 ? 1 : sum / known;
    double[] chances = new double[loads.length];
    for (int i = 0; i < loads.length; i++) {
      chances[i] = 1 / (ReportedLoad.isKnown(loads[i]) ? Math.min(loads[i] + 1.0, most) : average);
    }
    return chances;
  }

  private static int lightest(int[] loads) {
    int lightest = Integer.MAX_VALUE;
    for (int load : loads) {
      if (ReportedLoad.isKnown(load)) {
        lightest = Math.min(lightest, load);
      }
    }
    return lightest;
  }
}
