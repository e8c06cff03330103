package io.github.httpreport.internal.delivery;

import io.github.httpreport.Destination;
import io.github.httpreport.internal.concurrent.ExpiringMap;
import io.github.httpreport.internal.concurrent.Scheduler;
import java.time.Duration;

/**
 * The latest acknowledgements of each destination. They tell a refusal that will pass from one that
 * will not: what was taken a moment ago is not a typing error. Bounded; unused destinations are
 * dropped. Safe for use by many threads; a race between two acknowledgements loses one of them,
 * which the next one makes up for.
 */
public final class AckHistory {

  /** How long an acknowledgement counts. */
  static final Duration RECENT = Duration.ofMinutes(1);

  /** An acknowledgement this soon after another one is not worth a write to shared memory. */
  private static final long PRECISION_NANOS = Duration.ofMillis(10).toNanos();

  private static final int MAX_DESTINATIONS = 50_000;

  private final Scheduler timer;
  private final ExpiringMap<Destination, Acks> destinations;

  public AckHistory(Scheduler timer) {
    this.timer = timer;
    destinations = new ExpiringMap<>(MAX_DESTINATIONS, RECENT.multipliedBy(2), timer);
  }

  /**
   * Notes an acknowledgement.
   *
   * @param bytes size of the request
   * @param startNanos when its attempt began
   */
  public void acknowledged(Destination destination, int bytes, long startNanos) {
    Acks acks = destinations.getOrAdd(destination, () -> new Acks(bytes, startNanos));
    if (acks != null && acks.update(bytes, startNanos)) {
      destinations.expire();
    }
  }

  /** Whether the destination acknowledged anything within the last minute. */
  boolean isRecent(Destination destination) {
    Acks acks = destinations.get(destination);
    return acks != null && isRecent(acks.latestNanos);
  }

  /** Whether an attempt that began after this moment was acknowledged. */
  boolean isAfter(Destination destination, long nanos) {
    Acks acks = destinations.get(destination);
    return acks != null && acks.latestNanos - nanos > 0;
  }

  /** Whether the destination acknowledged a request of at least this size in the last minute. */
  boolean hasTaken(Destination destination, int bytes) {
    Acks acks = destinations.get(destination);
    return acks != null && bytes <= acks.largestBytes && isRecent(acks.largestNanos);
  }

  private boolean isRecent(long nanos) {
    return timer.nanoTime() - nanos <= RECENT.toNanos();
  }

  public int size() {
    return destinations.size();
  }

  /** Of one destination. */
  private static final class Acks {
    private volatile long latestNanos;
    private volatile int largestBytes;
    private volatile long largestNanos;

    Acks(int bytes, long startNanos) {
      latestNanos = startNanos;
      largestBytes = bytes;
      largestNanos = startNanos;
    }

    /** False if it is too soon after the one before. */
    boolean update(int bytes, long startNanos) {
      boolean isLater = startNanos - latestNanos > PRECISION_NANOS;
      if (isLater) {
        latestNanos = startNanos;
      }
      if (bytes > largestBytes || isDue(bytes, startNanos - largestNanos)) {
        largestBytes = bytes;
        largestNanos = startNanos;
      }
      return isLater;
    }

    private boolean isDue(int bytes, long nanosSinceLargest) {
      return bytes == largestBytes
          ? nanosSinceLargest > PRECISION_NANOS
          : nanosSinceLargest > RECENT.toNanos();
    }
  }
}
