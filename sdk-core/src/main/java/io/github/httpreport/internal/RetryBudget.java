package io.github.httpreport.internal;

import java.time.Duration;

/**
 * Keeps retries from doubling the traffic to a cluster that is down. First attempts pay in a share,
 * a success pays for one retry, a few a second are free, and each retry costs one.
 */
final class RetryBudget {

  private static final double MAX_TOKENS = 100;
  private static final double FREE_PER_SECOND = 10;
  private static final double NANOS_PER_SECOND = Duration.ofSeconds(1).toNanos();

  private final double ratio;
  private final Timer timer;
  private double tokens = MAX_TOKENS;
  private long lastNanos;

  RetryBudget(double ratio, Timer timer) {
    this.ratio = ratio;
    this.timer = timer;
    lastNanos = timer.nanoTime();
  }

  synchronized void firstAttempt() {
    tokens = Math.min(MAX_TOKENS, tokens + ratio);
  }

  synchronized void retrySucceeded() {
    tokens = Math.min(MAX_TOKENS, tokens + 1);
  }

  synchronized boolean tryRetry() {
    long now = timer.nanoTime();
    double earned = (now - lastNanos) / NANOS_PER_SECOND * FREE_PER_SECOND;
    tokens = Math.min(MAX_TOKENS, tokens + Math.max(0, earned));
    lastNanos = now;
    if (tokens < 1) {
      return false;
    }
    tokens -= 1;
    return true;
  }
}
