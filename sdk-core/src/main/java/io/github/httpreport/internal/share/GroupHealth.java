package io.github.httpreport.internal.share;

import java.time.Duration;

/**
 * Health of one group, by what its requests show of all of its nodes.
 *
 * <p>A group begins {@link Standing#UNPROVEN}. A response of one of its nodes makes it {@link
 * Standing#HEALTHY}. It becomes {@link Standing#FAILING} when requests have failed in a row for
 * longer than its patience, or when a request is in flight and no response came for so long; the
 * next response makes it healthy again.
 *
 * <p>Any thread reports responses and failures, without a lock: each field is volatile, and a lost
 * update costs one sample. The standing itself changes only under the lock of {@link
 * InFlightLimit}, because that counts places by it; any thread may read it.
 */
final class GroupHealth {

  enum Standing {
    HEALTHY,
    UNPROVEN,
    FAILING
  }

  /** Longer than a pause of a garbage collector, shorter than any time-out. */
  private static final long MIN_PATIENCE_NANOS = Duration.ofMillis(250).toNanos();

  /** In multiples of the usual latency: a pause of a healthy node is hardly ever this long. */
  private static final int PATIENCE_IN_LATENCIES = 4;

  /** Failures in a row, however long they take: one lost connection is no failing group. */
  private static final int MIN_FAILURES = 3;

  /** A response counts for one part in so many of the smoothed latency. */
  private static final int WEIGHT = 8;

  private volatile Standing standing = Standing.UNPROVEN;

  /** Smoothed duration of a response; 0 before the first one. */
  private volatile long latencyNanos;

  private volatile long respondedNanos;
  private volatile int failures;

  /** When the failures in a row began; counts only while there are some. */
  private volatile long firstFailureNanos;

  GroupHealth(long nowNanos) {
    respondedNanos = nowNanos;
  }

  Standing standing() {
    return standing;
  }

  void standing(Standing next) {
    standing = next;
  }

  boolean isFailing() {
    return standing == Standing.FAILING;
  }

  /** Records a response. Of two at once one may be lost, which changes the average by little. */
  void responded(long nanos, long nowNanos) {
    long latency = latencyNanos;
    latencyNanos = latency == 0 ? nanos : latency + (nanos - latency) / WEIGHT;
    respondedNanos = nowNanos;
    // Read first: without failures this runs for every request, and a write would be shared.
    if (failures != 0) {
      failures = 0;
    }
  }

  /** Records a failed request; true if that is enough to call the group failing. */
  boolean failed(long nowNanos) {
    int inARow = failures + 1;
    if (inARow == 1) {
      firstFailureNanos = nowNanos;
    }
    failures = inARow;
    return inARow >= MIN_FAILURES && nowNanos - firstFailureNanos > patienceNanos();
  }

  /** Whether a response is overdue, with requests in flight since {@code busySinceNanos}. */
  boolean isOverdue(long nowNanos, long busySinceNanos) {
    return Math.min(nowNanos - respondedNanos, nowNanos - busySinceNanos) > patienceNanos();
  }

  boolean hasRespondedSince(long nanos) {
    return respondedNanos - nanos >= 0;
  }

  /** How long the group may be without a response, before that means something. */
  private long patienceNanos() {
    return Math.max(MIN_PATIENCE_NANOS, PATIENCE_IN_LATENCIES * latencyNanos);
  }
}
