package io.github.httpreport.internal.delivery;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Fits the last wait of a delivery into the time left, so that one more attempt is made after it.
 */
final class LastAttempt {

  private static final Duration LONGEST = Duration.ofSeconds(1);
  private static final int SHARE_OF_DEADLINE = 10;

  private LastAttempt() {}

  /**
   * Shortens a wait that would pass the deadline: it ends a tenth of the deadline before it, and
   * one second at most. A delivery that is already that close to its deadline makes no more
   * attempts after such a wait, or it would make more and more of them in less and less time.
   *
   * @return the wait, shorter if need be; null when no attempt fits any more
   */
  static @Nullable Duration fit(Duration wait, Duration timeLeft, Duration deadline) {
    if (wait.compareTo(timeLeft) < 0) {
      return wait;
    }
    Duration share = deadline.dividedBy(SHARE_OF_DEADLINE);
    Duration shortened = timeLeft.minus(share.compareTo(LONGEST) < 0 ? share : LONGEST);
    return shortened.isNegative() || shortened.isZero() ? null : shortened;
  }
}
