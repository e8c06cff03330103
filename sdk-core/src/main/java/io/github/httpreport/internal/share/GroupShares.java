package io.github.httpreport.internal.share;

import io.github.httpreport.internal.concurrent.Scheduler;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Shares of all groups in use. A share is made on the first use of its group and dropped when the
 * group has sent nothing for a minute or two and holds nothing; the first delivery after each
 * minute looks for such shares, on its own thread, so no task is needed.
 *
 * <p>Any thread asks for shares; the map is concurrent, and one compare-and-set per minute decides
 * which thread sweeps. A group may get a new share while a delivery still holds the old one, if it
 * comes back in the very moment in which the old one is dropped. The limits of the whole count
 * both.
 */
public final class GroupShares {

  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  private final InFlightLimit inFlight;
  private final double budgetRatio;
  private final Scheduler scheduler;

  /** Retry budgets with a queue, which divide the free tokens of each second among them. */
  private final AtomicInteger budgetsWithQueue = new AtomicInteger();

  private final Map<String, GroupShare> shares = new ConcurrentHashMap<>();

  /**
   * Ids of the groups that are failing now; written under the lock of the limit, read by any
   * thread.
   */
  private final Set<String> failing = ConcurrentHashMap.newKeySet();

  private final AtomicLong sweptNanos;

  public GroupShares(int maxInFlight, double budgetRatio, Scheduler scheduler) {
    inFlight = new InFlightLimit(maxInFlight, scheduler);
    this.budgetRatio = budgetRatio;
    this.scheduler = scheduler;
    sweptNanos = new AtomicLong(scheduler.nanoTime());
  }

  /** The share of a group, made on its first use. */
  public GroupShare of(String groupId) {
    GroupShare known = shares.get(groupId);
    return known != null ? known : shares.computeIfAbsent(groupId, this::newShare);
  }

  /** The share of a group if it is in use; makes none. */
  public @Nullable GroupShare known(String groupId) {
    return shares.get(groupId);
  }

  private GroupShare newShare(String groupId) {
    return new GroupShare(
        groupId,
        inFlight.newShare(fails -> note(groupId, fails)),
        new RetryBudget(budgetRatio, scheduler, budgetsWithQueue),
        scheduler.nanoTime());
  }

  private void note(String groupId, boolean fails) {
    if (fails) {
      failing.add(groupId);
    } else {
      failing.remove(groupId);
    }
  }

  /** Keeps the share for another minute, when a delivery of the group starts. */
  public void used(GroupShare share, long nowNanos) {
    share.used(nowNanos);
    long swept = sweptNanos.get();
    if (nowNanos - swept > MINUTE && sweptNanos.compareAndSet(swept, nowNanos)) {
      shares.values().removeIf(each -> each.retireIfUnusedSince(nowNanos - MINUTE));
    }
  }

  /** How many groups are in use. */
  public int size() {
    return shares.size();
  }

  /** How many of the groups have no success at the moment. */
  public int failing() {
    return failing.size();
  }

  /** The bytes that messages of failing groups take in the buffer. */
  public long bufferedByFailing() {
    long bytes = 0;
    for (String groupId : failing) {
      GroupShare share = shares.get(groupId);
      bytes += share == null ? 0 : share.bufferedBytes();
    }
    return bytes;
  }
}
