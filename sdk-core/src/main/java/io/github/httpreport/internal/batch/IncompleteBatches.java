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

/** Accounts for every message that was accepted, and knows whom is still to be told. */
public final class IncompleteBatches {

  private final MemoryBudget room;
  private final @Nullable GroupShares groups;
  private final @Nullable GroupShare share;
  private final Books books;

  /** A ledger over a room that is not divided among groups. */
  public IncompleteBatches(MemoryBudget room) {
    this(room, null, null, new Books());
  }

  /** A ledger over a room that groups share. */
  public IncompleteBatches(MemoryBudget room, GroupShares groups) {
    this(room, groups, null, new Books());
  }

  private IncompleteBatches(
      MemoryBudget room, @Nullable GroupShares groups, @Nullable GroupShare share, Books books) {
    this.room = room;
    this.groups = groups;
    this.share = share;
    this.books = books;
  }

  /** The same ledger for messages that take their room elsewhere, where it is not divided. */
  public IncompleteBatches over(MemoryBudget other) {
    return new IncompleteBatches(other, null, null, books);
  }

  /** The same ledger for messages of one group. */
  public IncompleteBatches of(String groupId) {
    return groups == null ? this : new IncompleteBatches(room, groups, groups.of(groupId), books);
  }

  /** The share of a group in the room; null where it is not divided. */
  public @Nullable GroupShare shareOf(String groupId) {
    return groups == null ? null : groups.of(groupId);
  }

  /**
   * Takes note of a batch. Noted first and checked then, so that a concurrent {@link #close()}
   * either sees the batch or is seen. A batch that was abandoned in between is counted, and told as
   * any other.
   *
   * @throws IllegalStateException if the sender is closed; the batch is then not noted
   */
  public void open(BatchCompletion receipt) {
    try {
      books.untold.add(receipt);
    } catch (Throwable e) {
      // It may be in the set before the set fails to grow.
      receipt.withdraw();
      throw e;
    }
    if (books.closed && receipt.withdraw()) {
      requireOpen();
    }
  }

  public void requireOpen() {
    if (books.closed) {
      throw new IllegalStateException("sender is closed");
    }
  }

  public boolean isClosed() {
    return books.closed;
  }

  /** Lets nothing in any more; false if that was so already. */
  public boolean close() {
    synchronized (books) {
      boolean wasOpen = !books.closed;
      books.closed = true;
      return wasOpen;
    }
  }

  void sent(int messages) {
    books.sent.add(messages);
  }

  void failed(int messages) {
    books.failed.add(messages);
  }

  /** Counts messages that closing gives up; the destination is null for those of a spool. */
  void abandoned(@Nullable Destination destination, String lastReason, int messages) {
    books.abandoned.add(messages);
    if (destination != null) {
      books.left.add(destination, messages, lastReason);
    }
  }

  /** What was counted as abandoned, by destination. */
  public AbandonedMessages leftBehind() {
    return books.left;
  }

  void spooled(int messages) {
    books.spooled.add(messages);
  }

  /** Messages that were counted as spooled have come to their end. */
  public void leftSpool(long sentMessages, long failedMessages) {
    books.spooled.add(-sentMessages - failedMessages);
    books.sent.add(sentMessages);
    books.failed.add(failedMessages);
  }

  /** How many messages are counted as spooled now. */
  public long inSpool() {
    return books.spooled.sum();
  }

  void release(long bytes) {
    room.release(share, bytes);
  }

  void told(BatchCompletion receipt) {
    books.untold.remove(receipt);
  }

  /** The batches that somebody waits for now. */
  public List<BatchCompletion> untold() {
    return List.copyOf(books.untold);
  }

  /** Gives up whatever is not settled. */
  public void abandon(SendException error) {
    books.untold.forEach(receipt -> receipt.abandon(error));
  }

  public CloseSummary summary() {
    return CloseSummary.builder()
        .sent(books.sent.sum())
        .failed(books.failed.sum())
        .spooled(books.spooled.sum())
        .abandoned(books.abandoned.sum())
        .build();
  }

  /** Completes, never with an error, when all of these batches have been told of. */
  public static CompletableFuture<Void> allTold(Collection<BatchCompletion> receipts) {
    return CompletableFuture.allOf(
        receipts.stream().map(BatchCompletion::told).toArray(CompletableFuture<?>[]::new));
  }

  private static final class Books {
    private final Set<BatchCompletion> untold = ConcurrentHashMap.newKeySet();
    private final LongAdder sent = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder spooled = new LongAdder();
    private final LongAdder abandoned = new LongAdder();
    private final AbandonedMessages left = new AbandonedMessages();
    private volatile boolean closed;
  }
}
