package io.github.httpreport.internal.node;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** Whether a node gets requests, and if not, until when. Changed under the table's lock only. */
public final class Ejection {

  private static final Duration FIRST = Duration.ofSeconds(1);

  /** With its jitter and a probe that hangs for the usual time-out, a node is back within 30 s. */
  private static final Duration MAX = Duration.ofSeconds(15);

  /** A node that was well for longer starts with a short ejection again. */
  private static final Duration FORGIVEN_AFTER = Duration.ofSeconds(60);

  private static final double JITTER = 0.2;

  private enum Phase {
    /** Gets requests. */
    HEALTHY,
    /** Gets none until its time is over. */
    EJECTED,
    /** Its time is over; one request or probe decides. */
    HALF_OPEN
  }

  private volatile Phase phase = Phase.HEALTHY;
  private volatile boolean slow;
  private final AtomicBoolean probeFree = new AtomicBoolean();
  private volatile long startNanos;
  private volatile long endNanos;
  private int inARow;
  private long revivedNanos;

  public boolean isHealthy() {
    return phase == Phase.HEALTHY;
  }

  /** Whether it gets no request at all; on trial it may get one. */
  boolean isEjected() {
    return phase == Phase.EJECTED;
  }

  /** Whether it was ejected for answers that did not come in time. */
  boolean isForSlowness() {
    return slow;
  }

  boolean isHalfOpen() {
    return phase == Phase.HALF_OPEN;
  }

  /** Whether the one request that decides may be sent now; the caller sends it. */
  boolean takeProbe() {
    return phase == Phase.HALF_OPEN && probeFree.compareAndSet(true, false);
  }

  /** How far its end is, negative when it is over. */
  long nanosLeft(long now) {
    return endNanos - now;
  }

  /** Whether it began after this moment, so that an answer to a request of then says nothing. */
  boolean beganAfter(long nanos) {
    return startNanos - nanos > 0;
  }

  /** Ejects, longer each time in a row. */
  Duration eject(boolean forSlowness, long now, double random) {
    boolean healthyForLong = isHealthy() && now - revivedNanos > FORGIVEN_AFTER.toNanos();
    inARow = healthyForLong ? 1 : inARow + 1;
    long doubled = FIRST.toNanos() << Math.min(inARow - 1, 4);
    double jitter = 1 - JITTER + 2 * JITTER * random;
    Duration time = Duration.ofNanos((long) (Math.min(doubled, MAX.toNanos()) * jitter));
    slow = forSlowness && (slow || isHealthy());
    startNanos = now;
    endNanos = now + time.toNanos();
    phase = Phase.EJECTED;
    return time;
  }

  void beginHalfOpen() {
    probeFree.set(true);
    phase = Phase.HALF_OPEN;
  }

  /** The request that was to decide was not sent: the next one decides. */
  void returnProbe() {
    probeFree.set(true);
  }

  void revive(long now) {
    slow = false;
    revivedNanos = now;
    phase = Phase.HEALTHY;
  }
}
