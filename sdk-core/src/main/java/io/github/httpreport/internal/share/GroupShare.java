package io.github.httpreport.internal.share;

import java.util.concurrent.atomic.LongAdder;

/**
 * Share of one group in what all groups of a sender have in common: places in flight, retry budget,
 * and bytes of the buffer.
 *
 * <p>A share is in use until {@link GroupShares} retires it, which needs three things at once: no
 * delivery for a minute or two, no bytes in the buffer, and no place held or waited for. Any thread
 * reads and counts here, without a lock; the places and the budget guard themselves.
 */
public final class GroupShare {

  private final String groupId;
  private final InFlightLimit.Share places;
  private final RetryBudget budget;
  private final LongAdder bufferedBytes = new LongAdder();

  /** When a delivery of the group started last. */
  private volatile long usedNanos;

  GroupShare(String groupId, InFlightLimit.Share places, RetryBudget budget, long nowNanos) {
    this.groupId = groupId;
    this.places = places;
    this.budget = budget;
    usedNanos = nowNanos;
  }

  public String groupId() {
    return groupId;
  }

  /** The places in flight of the group. */
  public InFlightLimit.Share places() {
    return places;
  }

  public RetryBudget budget() {
    return budget;
  }

  /** Whether no request of the group succeeds at the moment. */
  public boolean isFailing() {
    return places.isFailing();
  }

  /** The bytes of its messages in the buffer, as the memory budget counts them. */
  public long bufferedBytes() {
    return bufferedBytes.sum();
  }

  public void addBuffered(long bytes) {
    bufferedBytes.add(bytes);
  }

  void used(long nowNanos) {
    usedNanos = nowNanos;
  }

  /** Whether no delivery of the group started since that moment. */
  public boolean isUnusedSince(long nanos) {
    return usedNanos - nanos < 0;
  }

  /** Ends the share if it was not used since that moment and holds nothing. */
  boolean retireIfUnusedSince(long nanos) {
    return isUnusedSince(nanos) && bufferedBytes() <= 0 && budget.isIdle() && places.retire();
  }
}
