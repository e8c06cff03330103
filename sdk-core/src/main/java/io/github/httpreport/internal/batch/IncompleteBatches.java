package io.github.httpreport.internal.batch;

import io.github.httpreport.CloseSummary;
import io.github.httpreport.Destination;
import io.github.httpreport.error.SendException;
import io.github.httpreport.internal.share.GroupShare;
import io.github.httpreport.internal.share.GroupShares;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Set of the accepted batches that are not complete, and the counts of all messages by their end.
 *
 * <p>Every accepted message is in one count or in one incomplete batch: acknowledged, failed,
 * spooled, abandoned, or on its way. {@link #close} and {@code flush} wait for the batches of the
 * set, and {@link #summary} returns the counts.
 *
 * <p>A batch is added before the sender is found open, so a concurrent {@link #close} either finds
 * the batch in the set or is found by {@link #open}; of the two, at least one sees the other. Any
 * thread adds and removes; the set is concurrent, the counts are adders, and the monitor of the
 * counts makes one of several closing threads the first.
 *
 * <p>Several views share one set and its counts: one for each group, which releases memory to the
 * share of the group, and one over the second budget of messages that are spilled.
 */
public final class IncompleteBatches {

  private final MemoryBudget budget;
  private final @Nullable GroupShares groups;

  /** The share that memory goes back to; null in the view of all groups. */
  private final @Nullable GroupShare share;

  private final SharedState shared;

  /** A set whose memory is not divided among groups. */
  public IncompleteBatches(MemoryBudget budget) {
    this(budget, null, null, new SharedState());
  }

  /** A set whose memory the groups share. */
  public IncompleteBatches(MemoryBudget budget, GroupShares groups) {
    this(budget, groups, null, new SharedState());
  }

  private IncompleteBatches(
      MemoryBudget budget,
      @Nullable GroupShares groups,
      @Nullable GroupShare share,
      SharedState shared) {
    this.budget = budget;
    this.groups = groups;
    this.share = share;
    this.shared = shared;
  }

  /** The same set for messages whose memory is of another budget, which is not divided. */
  public IncompleteBatches over(MemoryBudget other) {
    return new IncompleteBatches(other, null, null, shared);
  }

  /**
   * The same set for messages of one group, whose share is looked up once for the batch and not for
   * each release.
   */
  public IncompleteBatches of(String groupId) {
    return groups == null
        ? this
        : new IncompleteBatches(budget, groups, groups.of(groupId), shared);
  }

  /** The share of a group in the memory; null where it is not divided. */
  public @Nullable GroupShare shareOf(String groupId) {
    return groups == null ? null : groups.of(groupId);
  }

  /**
   * Adds a batch. A batch that a concurrent {@link #close()} abandoned in between is counted and
   * completed as any other.
   *
   * @throws IllegalStateException if the sender is closed; the batch is then not in the set
   */
  public void open(BatchCompletion completion) {
    try {
      shared.incomplete.add(completion);
    } catch (Throwable e) {
      // It may be in the set before the set fails to grow.
      completion.withdraw();
      throw e;
    }
    if (shared.closed && completion.withdraw()) {
      requireOpen();
    }
  }

  /**
   * Refuses use after the close.
   *
   * @throws IllegalStateException if the sender is closed
   */
  public void requireOpen() {
    if (shared.closed) {
      throw new IllegalStateException("sender is closed");
    }
  }

  public boolean isClosed() {
    return shared.closed;
  }

  /** Refuses batches from now on; false if the sender was closed before. */
  public boolean close() {
    synchronized (shared) {
      boolean wasOpen = !shared.closed;
      shared.closed = true;
      return wasOpen;
    }
  }

  void sent(int messages) {
    shared.sent.add(messages);
  }

  void failed(int messages) {
    shared.failed.add(messages);
  }

  /** Counts messages that closing gives up; the destination is null for those of a spool. */
  void abandoned(@Nullable Destination destination, String lastReason, int messages) {
    shared.abandoned.add(messages);
    if (destination != null) {
      shared.left.add(destination, messages, lastReason);
    }
  }

  /** What was counted as abandoned, by destination. */
  public AbandonedMessages leftBehind() {
    return shared.left;
  }

  void spooled(int messages) {
    shared.spooled.add(messages);
  }

  /** Messages that were counted as spooled have come to their end. */
  public void leftSpool(long sentMessages, long failedMessages) {
    shared.spooled.add(-sentMessages - failedMessages);
    shared.sent.add(sentMessages);
    shared.failed.add(failedMessages);
  }

  /** How many messages are counted as spooled now. */
  public long inSpool() {
    return shared.spooled.sum();
  }

  void release(long bytes) {
    budget.release(share, bytes);
  }

  void completed(BatchCompletion completion) {
    shared.incomplete.remove(completion);
  }

  /** The batches of this moment that are not complete. */
  public List<BatchCompletion> incomplete() {
    return List.copyOf(shared.incomplete);
  }

  /** Gives up every message that is not claimed. */
  public void abandon(SendException error) {
    shared.incomplete.forEach(completion -> completion.abandon(error));
  }

  public CloseSummary summary() {
    return CloseSummary.builder()
        .sent(shared.sent.sum())
        .failed(shared.failed.sum())
        .spooled(shared.spooled.sum())
        .abandoned(shared.abandoned.sum())
        .build();
  }

  /** Completes, never with an error, when all of these batches are complete. */
  public static CompletableFuture<Void> allCompleted(Collection<BatchCompletion> completions) {
    return CompletableFuture.allOf(
        completions.stream().map(BatchCompletion::completed).toArray(CompletableFuture<?>[]::new));
  }

  /**
   * What all views share. The numbers of one summary may be of moments that differ while batches
   * end.
   */
  private static final class SharedState {
    private final Set<BatchCompletion> incomplete = ConcurrentHashMap.newKeySet();
    private final LongAdder sent = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder spooled = new LongAdder();
    private final LongAdder abandoned = new LongAdder();
    private final AbandonedMessages left = new AbandonedMessages();
    private volatile boolean closed;
  }
}
