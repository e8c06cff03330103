package io.github.httpreport;

import io.github.httpreport.common.Checks;
import java.time.Duration;

/** Behaviour of a send when the buffer has no room for it. Immutable. */
public final class WhenFull {

  /** The kinds of behaviour; later versions may add one. */
  public enum Action {
    /** See {@link WhenFull#block}. */
    BLOCK,
    /** See {@link WhenFull#fail}. */
    FAIL,
    /** See {@link WhenFull#spill}. */
    SPILL
  }

  private static final WhenFull FAIL = new WhenFull(Action.FAIL, Duration.ZERO);
  private static final WhenFull SPILL = new WhenFull(Action.SPILL, Duration.ZERO);

  private final Action action;
  private final Duration timeout;

  private WhenFull(Action action, Duration timeout) {
    this.action = action;
    this.timeout = timeout;
  }

  /**
   * Wait on the calling thread until there is room, at most this long, then fail with {@code
   * BufferFullException}.
   *
   * @param timeout how long to wait at most, more than zero and at most 365 days
   * @return the setting
   * @throws IllegalArgumentException if the time is out of range
   */
  public static WhenFull block(Duration timeout) {
    return new WhenFull(Action.BLOCK, Checks.positive(timeout, "block timeout"));
  }

  /**
   * Fail at once with {@code BufferFullException}.
   *
   * @return the setting
   */
  public static WhenFull fail() {
    return FAIL;
  }

  /**
   * Put it on disk, from where it is delivered when there is room. Needs a spool. Waits on the
   * calling thread, for ten seconds at most, only where the disk is too slow for the application;
   * fails with {@code BufferFullException} where the spool is full as well or cannot be used.
   *
   * @return the setting
   */
  public static WhenFull spill() {
    return SPILL;
  }

  /**
   * The kind of behaviour.
   *
   * @return never null
   */
  public Action action() {
    return action;
  }

  /**
   * How long {@link #block} waits at most.
   *
   * @return more than zero for {@link Action#BLOCK}, zero for the others
   */
  public Duration timeout() {
    return timeout;
  }

  @Override
  public String toString() {
    return action == Action.BLOCK
        ? "block(" + timeout + ')'
        : action == Action.FAIL ? "fail()" : "spill()";
  }
}
