package io.github.httpreport.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What is run.
 *
 * @param rounds how many are counted; one more before them warms up
 * @param sample how long each contestant runs in a round
 * @param server against which server
 * @param blocks the contestants
 * @param extras what else is measured
 */
record Plan(
    int rounds,
    Duration sample,
    ServerKind server,
    List<Suite> blocks,
    Set<ExtraMeasurement> extras) {

  double seconds() {
    return (double) sample.toMillis() / Duration.ofSeconds(1).toMillis();
  }
}
