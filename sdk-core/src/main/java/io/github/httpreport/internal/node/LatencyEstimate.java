package io.github.httpreport.internal.node;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Smoothed response time of a node. Safe for use by many threads, without locks: an estimate is an
 * immutable value, replaced by compare-and-set. Times are {@link System#nanoTime()}, compared by
 * difference.
 *
 * <p>Old responses lose weight with time and not with the number of responses, so that an estimate
 * means the same at ten requests per second as at ten thousand. There are two exceptions: the first
 * responses are averaged evenly, because the very first one includes setting up the connection; and
 * a response of more than double the estimate counts for a tenth at least, so that a node that
 * turns slow is noticed within a few responses. Lesser ones do not, or the noise of a node would
 * raise its estimate.
 */
final class LatencyEstimate {

  /** What {@link #nanos} says before the first response. */
  static final long UNKNOWN = -1;

  private static final double TAU_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int FIRST_RESPONSES = 16;
  private static final double WEIGHT_OF_SLOW_RESPONSE = 0.1;

  private final AtomicReference<@Nullable Estimate> current = new AtomicReference<>();
  private volatile long waitingSinceNanos;

  /** A request leaves for the node while none is on the way to it. */
  void startWaiting(long nowNanos) {
    waitingSinceNanos = nowNanos;
  }

  /** Adds the time of a response. */
  void record(long sampleNanos, long nowNanos) {
    waitingSinceNanos = nowNanos;
    Estimate old;
    Estimate next;
    do {
      old = current.get();
      next = old == null ? new Estimate(sampleNanos, nowNanos, 1) : old.with(sampleNanos, nowNanos);
    } while (!current.compareAndSet(old, next));
  }

  /**
   * The estimate at this moment.
   *
   * <p>While requests are in flight it is at least the time since the last response, as the oldest
   * of them has waited for so long: a node that hangs is recognised before anything times out.
   * While none is on the way the estimate fades, so that a node once slow is tried again. The first
   * request on the way ends that, so that it is tried with one request and not with all.
   *
   * @param inFlight requests on the way to the node
   * @return at least 0, or {@link #UNKNOWN}
   */
  long nanos(long nowNanos, int inFlight) {
    Estimate estimate = current.get();
    if (estimate == null) {
      return UNKNOWN;
    }
    return inFlight > 0
        ? Math.max((long) estimate.nanos, nowNanos - waitingSinceNanos)
        : estimate.faded(nowNanos);
  }

  /** Forgets all responses. */
  void reset() {
    current.set(null);
  }

  private record Estimate(double nanos, long atNanos, int responses) {

    Estimate with(long sampleNanos, long nowNanos) {
      long elapsed = Math.max(0, nowNanos - atNanos);
      double weight = 1 - Math.exp(-elapsed / TAU_NANOS);
      if (responses < FIRST_RESPONSES) {
        weight = Math.max(weight, 1.0 / (responses + 1));
      }
      if (sampleNanos > 2 * nanos) {
        weight = Math.max(weight, WEIGHT_OF_SLOW_RESPONSE);
      }
      return new Estimate(
          nanos + weight * (sampleNanos - nanos),
          atNanos + elapsed,
          Math.min(FIRST_RESPONSES, responses + 1));
    }

    long faded(long nowNanos) {
      long idle = Math.max(0, nowNanos - atNanos - GRACE_NANOS);
      return (long) (nanos * Math.exp(-idle / TAU_NANOS));
    }
  }
}
