package io.github.httpreport.internal.delivery;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Rule for the last wait of a delivery: it is cut so that one more attempt fits before the
 * deadline.
 */
final class LastAttempt {

  private static final Duration MAX = Duration.ofSeconds(1);
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
    Duration shortened = timeLeft.minus(share.compareTo(MAX) < 0 ? share : MAX);
    return shortened.isNegative() || shortened.isZero() ? null : shortened;
  }
}
