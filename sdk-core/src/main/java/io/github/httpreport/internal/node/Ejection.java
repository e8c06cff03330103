package io.github.httpreport.internal.node;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** Whether a node gets requests, and if not, until when. Changed under the table's lock only. */
public final class Ejection {

  private static final Duration FIRST = Duration.ofSeconds(1);

  /** With its jitter and a probe that hangs for the usual time-out, a node is back within 30 s. */
  private static final Duration LONGEST = Duration.ofSeconds(15);

  /** A node that was well for longer starts with a short ejection again. */
  private static final Duration FORGIVEN_AFTER = Duration.ofSeconds(60);

  private static final double JITTER = 0.2;

  private enum Phase {
    /** Gets requests. */
    HEALTHY,
    /** Gets none until its time is over. */
    EJECTED,
    /** Its time is over; one request or probe decides. */
    ON_TRIAL
  }

  private volatile Phase phase = Phase.HEALTHY;
  private volatile boolean slow;
  private final AtomicBoolean trialOpen = new AtomicBoolean();
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

  boolean isOnTrial() {
    return phase == Phase.ON_TRIAL;
  }

  /** Whether the one request that decides may be sent now; the caller sends it. */
  boolean takeTrial() {
    return phase == Phase.ON_TRIAL && trialOpen.compareAndSet(true, false);
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
    boolean wellForLong = isHealthy() && now - revivedNanos > FORGIVEN_AFTER.toNanos();
    inARow = wellForLong ? 1 : inARow + 1;
    long doubled = FIRST.toNanos() << Math.min(inARow - 1, 4);
    double jitter = 1 - JITTER + 2 * JITTER * random;
    Duration time = Duration.ofNanos((long) (Math.min(doubled, LONGEST.toNanos()) * jitter));
    slow = forSlowness && (slow || isHealthy());
    startNanos = now;
    endNanos = now + time.toNanos();
    phase = Phase.EJECTED;
    return time;
  }

  void beginTrial() {
    trialOpen.set(true);
    phase = Phase.ON_TRIAL;
  }

  /** The request that was to decide was not sent: the next one decides. */
  void returnTrial() {
    trialOpen.set(true);
  }

  void revive(long now) {
    slow = false;
    revivedNanos = now;
    phase = Phase.HEALTHY;
  }
}
