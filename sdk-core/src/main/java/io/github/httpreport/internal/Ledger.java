package io.github.httpreport.internal;

import io.github.httpreport.CloseSummary;
import io.github.httpreport.error.SendException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Accounts for every message that was accepted, and knows whom is still to be told. */
final class Ledger {

  private final Room room;
  private final Set<Receipt> untold = ConcurrentHashMap.newKeySet();
  private final LongAdder sent = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder abandoned = new LongAdder();
  private volatile boolean closed;

  Ledger(Room room) {
    this.room = room;
  }

  /**
   * Takes note of a batch. Noted first and checked then, so that a concurrent {@link #close()}
   * either sees the batch or is seen. A batch that was abandoned in between is counted, and told as
   * any other.
   *
   * @throws IllegalStateException if the sender is closed; the batch is then not noted
   */
  void open(Receipt receipt) {
    untold.add(receipt);
    if (closed && receipt.withdraw()) {
      requireOpen();
    }
  }

  void requireOpen() {
    if (closed) {
      throw new IllegalStateException("sender is closed");
    }
  }

  /** Lets nothing in any more; false if that was so already. */
  synchronized boolean close() {
    boolean wasOpen = !closed;
    closed = true;
    return wasOpen;
  }

  void sent(int messages) {
    sent.add(messages);
  }

  void failed(int messages) {
    failed.add(messages);
  }

  void abandoned(int messages) {
    abandoned.add(messages);
  }

  void release(long bytes) {
    room.release(bytes);
  }

  void told(Receipt receipt) {
    untold.remove(receipt);
  }

  /** The batches that somebody waits for now. */
  List<Receipt> untold() {
    return List.copyOf(untold);
  }

  /** Gives up whatever is not settled. */
  void abandon(SendException error) {
    untold.forEach(receipt -> receipt.abandon(error));
  }

  CloseSummary summary() {
    return new CloseSummary(sent.sum(), failed.sum(), 0, abandoned.sum());
  }

  /** Completes, never with an error, when all of these batches have been told of. */
  static CompletableFuture<Void> allTold(Collection<Receipt> receipts) {
    return CompletableFuture.allOf(
        receipts.stream().map(Receipt::told).toArray(CompletableFuture<?>[]::new));
  }
}
