package io.github.httpreport.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.Destination;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How often each candidate was chosen. */
final class Draws {

  static final Destination DESTINATION = new Destination("group", "stream");

  private final Map<Candidate, Integer> counts = new LinkedHashMap<>();
  private final int total;

  private Draws(int total) {
    this.total = total;
  }

  static Draws of(int total, NodeSelector selector, List<Candidate> candidates) {
    Draws draws = new Draws(total);
    for (int i = 0; i < total; i++) {
      draws.counts.merge(selector.select(candidates, DESTINATION), 1, Integer::sum);
    }
    return draws;
  }

  int count(Candidate candidate) {
    return counts.getOrDefault(candidate, 0);
  }

  /** Six standard deviations, which chance exceeds once in five hundred million times. */
  void assertProbability(Candidate candidate, double probability, long seed) {
    double deviation = Math.sqrt(total * probability * (1 - probability));
    assertThat((double) count(candidate))
        .as("draws of %s, seed %d", candidate.node(), seed)
        .isBetween(total * probability - 6 * deviation, total * probability + 6 * deviation);
  }
}
