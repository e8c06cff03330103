package io.github.httpreport.node;

import io.github.httpreport.Destination;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Any candidate, each as likely as the others. */
final class RandomSelector implements NodeSelector {

  private final Supplier<? extends RandomGenerator> random;

  /** Asks for the generator on each use, since the usual one belongs to the calling thread. */
  RandomSelector(Supplier<? extends RandomGenerator> random) {
    this.random = random;
  }

  @Override
  public Candidate select(List<Candidate> candidates, Destination destination) {
    return candidates.get(random.get().nextInt(candidates.size()));
  }
}
