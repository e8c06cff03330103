package io.github.httpreport.benchmarks.reliability;

import java.time.Duration;

/**
 * What a soak does.
 *
 * @param seconds how long it goes on, and how many rows it prints
 * @param rate messages per second
 * @param nodes at least 2
 * @param restartEvery from one node's restart to the next one's
 * @param seed of the choice of faults
 */
record SoakPlan(int seconds, int rate, int nodes, Duration restartEvery, long seed) {}
