package io.github.httpreport.internal.share;

import java.time.Duration;

/**
 * What the requests of one group tell of its nodes as a whole.
 *
 * <p>A group begins {@link Standing#UNPROVEN}. An answer of one of its nodes makes it {@link
 * Standing#HEALTHY}. It becomes {@link Standing#FAILING} when requests have failed in a row for
 * longer than its patience, or when a request is on the way and no answer came for so long; the
 * next answer makes it healthy again.
 *
 * <p>Any thread reports answers and failures. The standing itself changes only under the lock of
 * {@link InFlightLimit}, because that counts places by it; any thread may read it.
 */
final class GroupHealth {

  enum Standing {
    HEALTHY,
    UNPROVEN,
    FAILING
  }

  /** Longer than a pause of a garbage collector, shorter than any time-out. */
  private static final long MIN_PATIENCE_NANOS = Duration.ofMillis(250).toNanos();

  /** So many times the usual latency without an answer are no accident. */
  private static final int PATIENCE_IN_LATENCIES = 4;

  private static final int MIN_FAILURES = 3;
  private static final int WEIGHT = 8;

  private volatile Standing standing = Standing.UNPROVEN;
  private volatile long latencyNanos;
  private volatile long answeredNanos;
  private volatile int failures;
  private volatile long firstFailureNanos;

  GroupHealth(long nowNanos) {
    answeredNanos = nowNanos;
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

  /** A node answered after so long. Of two reports at once one may be lost, which does no harm. */
  void answered(long nanos, long nowNanos) {
    long latency = latencyNanos;
    latencyNanos = latency == 0 ? nanos : latency + (nanos - latency) / WEIGHT;
    answeredNanos = nowNanos;
    // Read first: while all is well this runs for every request, on every thread.
    if (failures != 0) {
      failures = 0;
    }
  }

  /** A request failed; true if that is enough to call the group failing. */
  boolean failed(long nowNanos) {
    int inARow = failures + 1;
    if (inARow == 1) {
      firstFailureNanos = nowNanos;
    }
    failures = inARow;
    return inARow >= MIN_FAILURES && nowNanos - firstFailureNanos > patienceNanos();
  }

  /** Whether the group should have answered by now, with requests on the way since a moment. */
  boolean isOverdue(long nowNanos, long busySinceNanos) {
    return Math.min(nowNanos - answeredNanos, nowNanos - busySinceNanos) > patienceNanos();
  }

  boolean hasAnsweredSince(long nanos) {
    return answeredNanos - nanos >= 0;
  }

  private long patienceNanos() {
    return Math.max(MIN_PATIENCE_NANOS, PATIENCE_IN_LATENCIES * latencyNanos);
  }
}
