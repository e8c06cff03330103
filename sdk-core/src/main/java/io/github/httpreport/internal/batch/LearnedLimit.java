package io.github.httpreport.internal.batch;

import java.time.Duration;

/**
 * The size of request that a destination seems to take, learned from refusals. A refusal lowers the
 * limit and holds it for a while; after that, each acknowledged request that uses at least half of
 * the limit doubles it. So a limit learned in a bad moment is gone after a dozen requests. Where
 * the server means it, the next refusal follows: it doubles the hold, up to five minutes, so that a
 * server with a smaller limit refuses a request now and then and not all the time. Guarded by
 * itself; nothing under the lock blocks.
 */
final class LearnedLimit {

  private static final Duration FIRST_HOLD = Duration.ofSeconds(1);
  private static final Duration MAX_HOLD = Duration.ofMinutes(5);

  /** A limit that was not refused for so long after it grew to the maximum is forgotten. */
  private static final Duration FORGOTTEN_AFTER = MAX_HOLD.multipliedBy(2);

  private long limit = Long.MAX_VALUE;
  private Duration hold = FIRST_HOLD;
  private long refusedNanos;
  private boolean hasGrown;

  synchronized long bytes() {
    return limit;
  }

  /** Lowers the limit to this size; false if it is as low already. */
  synchronized boolean refused(long instead, long now) {
    boolean isLower = instead < limit;
    limit = Math.min(limit, instead);
    refusedNanos = now;
    if (hasGrown) {
      hasGrown = false;
      hold = hold.multipliedBy(2).compareTo(MAX_HOLD) < 0 ? hold.multipliedBy(2) : MAX_HOLD;
    }
    return isLower;
  }

  /** Raises the limit after an acknowledged request; true if nothing of it is left to remember. */
  synchronized boolean acknowledged(int bytes, long max, long now) {
    long sinceRefusal = now - refusedNanos;
    if (sinceRefusal >= hold.toNanos() && bytes >= limit / 2 && limit < max) {
      limit = Math.min(max, 2 * Math.max(limit, bytes));
      hasGrown = true;
    }
    return limit >= max && sinceRefusal >= FORGOTTEN_AFTER.toNanos();
  }
}
