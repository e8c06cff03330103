package io.github.httpreport.benchmarks.reliability;

import java.time.Duration;

/**
 * What a recovery trial does.
 *
 * @param nodes at least 3
 * @param width calls under way at any time
 * @param requestTimeout of the sender
 * @param outage how long one node answers nothing
 * @param heartbeats whether it goes on answering heartbeats
 */
record RecoveryPlan(
    int nodes, int width, Duration requestTimeout, Duration outage, boolean heartbeats) {}
