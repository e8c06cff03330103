package io.github.httpreport.faults;

import io.github.httpreport.HttpProxySender;
import io.github.httpreport.RetryPolicy;
import java.time.Duration;

/** How long and how often a sender tries. */
record TimeoutProfile(
    int attempts, Duration deadline, Duration connectTimeout, Duration requestTimeout) {

  private static final Duration FIRST_WAIT = Duration.ofMillis(1);
  private static final Duration MAX_WAIT = Duration.ofMillis(20);
  private static final Duration LONG = Duration.ofMinutes(5);

  /** No time runs out in a test. */
  static final TimeoutProfile AMPLE =
      new TimeoutProfile(
          60, Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofSeconds(10));

  /** Whoever does not answer is given up soon, and somebody else, or the same again, is asked. */
  static final TimeoutProfile HASTY =
      new TimeoutProfile(
          60, Duration.ofSeconds(30), Duration.ofMillis(400), Duration.ofMillis(400));

  /** Nothing settles by itself. */
  static final TimeoutProfile ENDLESS = new TimeoutProfile(1_000_000, LONG, LONG, LONG);

  TimeoutProfile attempts(int value) {
    return new TimeoutProfile(value, deadline, connectTimeout, requestTimeout);
  }

  /** So much time for all, and no other end. */
  static TimeoutProfile until(Duration deadline) {
    return new TimeoutProfile(1_000_000, deadline, LONG, LONG);
  }

  void applyTo(HttpProxySender.Builder builder) {
    builder
        .connectTimeout(connectTimeout)
        .requestTimeout(requestTimeout)
        .retry(
            RetryPolicy.builder()
                .maxAttempts(attempts)
                .deadline(deadline)
                .backoff(FIRST_WAIT, MAX_WAIT)
                .budgetRatio(10)
                .build());
  }
}
