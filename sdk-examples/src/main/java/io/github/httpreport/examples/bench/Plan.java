package io.github.httpreport.examples.bench;

import java.time.Duration;

/**
 * What is run.
 *
 * @param rounds how many are counted; one more before them warms up
 * @param turn how long each contestant runs in a round
 * @param bodyBytes the length of each message
 * @param nodes how many nodes the cluster has
 */
record Plan(int rounds, Duration turn, int bodyBytes, int nodes) {

  private static final String LINE =
      "2026-01-01 12:00:00.000 INFO  [worker-7] GET /orders/4711?page=2 status=200 took=35ms ";

  /** A message of the planned length that looks like a line of a log, in ASCII. */
  String body() {
    return LINE.repeat(bodyBytes / LINE.length() + 1).substring(0, bodyBytes);
  }
}
