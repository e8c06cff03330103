package io.github.httpreport.internal.delivery;

import io.github.httpreport.Destination;
import io.github.httpreport.internal.concurrent.ExpiringMap;
import io.github.httpreport.internal.concurrent.Scheduler;
import java.time.Duration;

/**
 * History of the latest acknowledgements of each destination. It separates a refusal that will pass
 * from one that will not: a destination that accepted messages a moment ago has no typing error in
 * its name.
 *
 * <p>Any delivery reports and asks on its own thread. The map is bounded and drops destinations
 * that are not used; the fields of an entry are volatile and written without a lock. Of two
 * acknowledgements at once one may be lost, which the next one makes up for.
 */
public final class AckHistory {

  /** How long an acknowledgement counts. */
  static final Duration RECENT = Duration.ofMinutes(1);

  /** An acknowledgement this soon after another one is not worth a write to shared memory. */
  private static final long PRECISION_NANOS = Duration.ofMillis(10).toNanos();

  private static final int MAX_DESTINATIONS = 50_000;

  private final Scheduler scheduler;
  private final ExpiringMap<Destination, Acks> destinations;

  public AckHistory(Scheduler scheduler) {
    this.scheduler = scheduler;
    destinations = new ExpiringMap<>(MAX_DESTINATIONS, RECENT.multipliedBy(2), scheduler);
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
    return scheduler.nanoTime() - nanos <= RECENT.toNanos();
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
