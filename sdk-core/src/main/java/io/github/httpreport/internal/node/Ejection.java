package io.github.httpreport.internal.node;

import io.github.httpreport.internal.concurrent.ExponentialBackoff;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ejection of one node: whether it gets requests, and if not, until when.
 *
 * <pre>
 *   HEALTHY    gets requests              -> EJECTED    eject: too many failures
 *   EJECTED    gets none for its time     -> HEALTHY    a probe or an earlier request succeeded
 *                                         -> HALF_OPEN  the time is over, and a request must decide
 *   HALF_OPEN  gets one request           -> HEALTHY    it succeeded
 *                                         -> EJECTED    it failed: for twice as long
 * </pre>
 *
 * <p>The time doubles with each ejection in a row, up to a maximum, and starts small again after a
 * minute of health. The lock of {@link NodeTable} guards every transition; any thread reads the
 * state, and one compare-and-set decides which delivery sends the request that decides.
 */
public final class Ejection {

  static final Duration FIRST = Duration.ofSeconds(1);

  /** With its jitter and a probe that hangs for the usual time-out, a node is back within 30 s. */
  static final Duration MAX = Duration.ofSeconds(15);

  /** A node that was healthy for longer starts with a short ejection again. */
  private static final Duration FORGIVEN_AFTER = Duration.ofSeconds(60);

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

  /** Whether the node gets no request at all. */
  boolean isEjected() {
    return phase == Phase.EJECTED;
  }

  /** Whether responses that did not come in time are the reason. */
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

  /** The nanoseconds until its end, negative when it is over. */
  long nanosLeft(long now) {
    return endNanos - now;
  }

  /** Whether it began after this moment: a response to a request from before proves nothing. */
  boolean beganAfter(long nanos) {
    return startNanos - nanos > 0;
  }

  /** Ejects, longer each time in a row. */
  Duration eject(boolean forSlowness, long now, ExponentialBackoff backoff) {
    boolean healthyForLong = isHealthy() && now - revivedNanos > FORGIVEN_AFTER.toNanos();
    inARow = healthyForLong ? 1 : inARow + 1;
    Duration time = backoff.after(inARow);
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

  /** Lets the next request decide, because the one that was to decide was not sent. */
  void returnProbe() {
    probeFree.set(true);
  }

  void revive(long now) {
    slow = false;
    revivedNanos = now;
    phase = Phase.HEALTHY;
  }
}
