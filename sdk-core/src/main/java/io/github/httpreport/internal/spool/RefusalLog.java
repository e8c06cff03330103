package io.github.httpreport.internal.spool;

import io.github.httpreport.common.Printable;
import io.github.httpreport.error.SendException;
import io.github.httpreport.internal.concurrent.Scheduler;
import io.github.httpreport.internal.telemetry.LossLog;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Log of refusals that keep messages in the spool: one WARN when a group begins to be refused, at
 * most once a minute for a group, and for all that follows one summary of all groups at most once a
 * minute. Messages that are given up are lost, and {@link LossLog} logs them.
 *
 * <p>Without the summary, a Manager that has forgotten all groups would write a line for each batch
 * of the spool; without the line of its own, a group that is refused for the first time would be
 * one of many. Used by the thread of the spool only. A group is remembered until its entries are
 * gone.
 */
final class RefusalLog {

  private static final Logger LOG = LoggerFactory.getLogger(SpoolDrainer.class);
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  private final Scheduler scheduler;
  private final Duration maxAge;
  private final LongSupplier inSpool;

  /** Groups with a WARN, and whether their refusals go on. */
  private final Map<String, Refusals> byGroup = new HashMap<>();

  /** Groups in the next summary. */
  private final Set<String> groups = new HashSet<>();

  private long refusals;
  private long messages;

  /** When the first refusal of the next summary came. */
  private long sinceNanos;

  /**
   * @param inSpool how many messages stand in the spool
   */
  RefusalLog(Scheduler scheduler, Duration maxAge, LongSupplier inSpool) {
    this.scheduler = scheduler;
    this.maxAge = maxAge;
    this.inSpool = inSpool;
  }

  /** Notes that messages were refused, and stay. */
  void refused(String group, int count, SendException error) {
    long now = scheduler.nanoTime();
    Refusals known = byGroup.get(group);
    if (known == null || (!known.going && now - known.warnedNanos >= MINUTE)) {
      byGroup.put(group, new Refusals(now));
      LOG.warn(
          "Refused for group {}: {} messages, which stay in the spool until they are {} old; {}"
              + " messages stand in it: {}",
          Printable.escaped(group),
          count,
          maxAge,
          inSpool.getAsLong(),
          error.getMessage());
    } else {
      summarize(now, group, count, error);
    }
  }

  /**
   * Adds a refusal to the next summary, and logs it when a minute has passed since its first one. A
   * last summary may stay unlogged: nothing runs when no refusal follows.
   */
  private void summarize(long now, String group, int count, SendException error) {
    if (refusals == 0) {
      sinceNanos = now;
    }
    groups.add(group);
    refusals++;
    messages += count;
    if (now - sinceNanos >= MINUTE) {
      LOG.warn(
          "Refused {} times more within {} s: {} messages of {} groups, which stay in the spool; {}"
              + " messages stand in it. The last time: {}",
          refusals,
          Duration.ofNanos(now - sinceNanos).toSeconds(),
          messages,
          groups.size(),
          inSpool.getAsLong(),
          error.getMessage());
      refusals = 0;
      messages = 0;
      groups.clear();
    }
  }

  /** Notes that a group takes messages. */
  void accepted(String group) {
    Refusals known = byGroup.get(group);
    if (known != null && known.going) {
      known.going = false;
      LOG.info("Group {} takes messages from the spool again", Printable.escaped(group));
    }
  }

  /** Forgets a group that has nothing left in the spool. */
  void forget(String group) {
    byGroup.remove(group);
  }

  /** The refusals of one group. */
  private static final class Refusals {
    private final long warnedNanos;
    private boolean going = true;

    Refusals(long warnedNanos) {
      this.warnedNanos = warnedNanos;
    }
  }
}
