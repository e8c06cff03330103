package io.github.httpreport.internal.concurrent;

import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * Back-off that doubles with each failure in a row, up to a maximum, with jitter. Retries of
 * messages, ejections of nodes, groups of the spool and a broken disk wait by it, each with bounds
 * of its own.
 *
 * <p>resilience4j's function gives the bounds, which are whole milliseconds. Immutable, and safe
 * for use by many threads if its source of chance is.
 */
public final class ExponentialBackoff {

  private static final double GROWTH = 2.0;

  /**
   * Failures that are told apart. The function counts up to the number that it is asked for, and
   * every maximum is reached long before this one.
   */
  private static final int MAX_DOUBLINGS = 48;

  private final IntervalFunction bounds;
  private final Jitter jitter;
  private final DoubleSupplier random;

  /**
   * @param first the bound of the wait after the first failure, at least 1 ms
   * @param max the bound of all waits
   * @param random chance from 0 to 1, 1 not included
   */
  public ExponentialBackoff(Duration first, Duration max, Jitter jitter, DoubleSupplier random) {
    bounds = IntervalFunction.ofExponentialBackoff(first, GROWTH, max);
    this.jitter = jitter;
    this.random = random;
  }

  /**
   * The wait after a failure.
   *
   * @param failuresInARow how many there were, this one included; at least 1
   */
  public Duration after(int failuresInARow) {
    long millis = bounds.apply(Math.min(failuresInARow, MAX_DOUBLINGS));
    return jitter.applyTo(Duration.ofMillis(millis), random.getAsDouble());
  }
}
