package io.github.httpreport.examples.trial;

import java.time.Duration;
import java.util.List;

/**
 * What an isolation trial does.
 *
 * @param time how long each row is measured
 * @param groups half of them are dead
 * @param ways how messages are offered, one after the other
 */
record IsolationPlan(Duration time, int groups, List<Way> ways) {}
