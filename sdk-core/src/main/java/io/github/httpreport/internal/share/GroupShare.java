package io.github.httpreport.internal.share;

import java.util.concurrent.atomic.LongAdder;

/** What one group has of the things that all groups of a sender share. */
public final class GroupShare {

  private final String groupId;
  private final InFlightLimit.Share places;
  private final RetryBudget budget;
  private final LongAdder bufferedBytes = new LongAdder();
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

  /** Its places on the way. */
  public InFlightLimit.Share places() {
    return places;
  }

  public RetryBudget budget() {
    return budget;
  }

  /** Whether nothing of the group gets through at the moment. */
  public boolean isFailing() {
    return places.isFailing();
  }

  /** What its messages take in the buffer; counted by the memory budget. */
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
