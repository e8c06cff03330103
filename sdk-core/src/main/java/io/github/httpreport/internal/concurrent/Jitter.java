package io.github.httpreport.internal.concurrent;

import java.time.Duration;

/**
 * Jitter of a wait: the range, in parts of the wait, that chance chooses from. Without it, many
 * senders that lost a server at the same moment would come back to it at the same moment.
 *
 * @param low the smallest factor, at least 0
 * @param high the largest factor, which is not reached
 */
public record Jitter(double low, double high) {

  /** Anything up to the whole wait: spreads best, for many waits that begin together. */
  public static final Jitter FULL = new Jitter(0, 1);

  /** At least a half, for a wait that must not be over at once. */
  public static final Jitter HALF = new Jitter(0.5, 1);

  /** A fifth more or less, for a wait whose length has a meaning of its own. */
  public static final Jitter FIFTH = new Jitter(0.8, 1.2);

  /** The wait as it is, for one that nothing else keeps in step with. */
  public static final Jitter NONE = new Jitter(1, 1);

  /**
   * Chooses a wait.
   *
   * @param random from 0 to 1, 1 not included
   */
  public Duration applyTo(Duration wait, double random) {
    return Duration.ofNanos((long) (wait.toNanos() * (low + (high - low) * random)));
  }
}
