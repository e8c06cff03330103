package io.github.httpreport.benchmarks.reliability;

import java.time.Duration;
import java.util.List;

/**
 * What an isolation trial does.
 *
 * @param time how long each row is measured
 * @param groups half of them are dead
 * @param ways how messages are offered, one after the other
 */
record IsolationPlan(Duration time, int groups, List<CallKind> ways) {}
