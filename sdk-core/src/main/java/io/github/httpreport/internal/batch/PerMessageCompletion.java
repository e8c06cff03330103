package io.github.httpreport.internal.batch;

import io.github.httpreport.SendResult;
import io.github.httpreport.error.SendException;
import io.github.httpreport.internal.concurrent.CallbackExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One future for each message of a batch. */
public final class PerMessageCompletion extends BatchCompletion {

  private final CallbackExecutor completions;
  private final List<CompletableFuture<SendResult>> futures;
  private final AtomicInteger toldMessages = new AtomicInteger();
  private long roomBytes;

  /**
   * @param size how many messages are to be expected
   */
  public PerMessageCompletion(IncompleteBatches ledger, CallbackExecutor completions, int size) {
    super(ledger);
    this.completions = completions;
    futures = new ArrayList<>(size);
  }

  /**
   * Adds a message. Not after the batch was sealed.
   *
   * @throws IllegalStateException if the batch was abandoned; nobody would settle the message
   */
  public synchronized CompletableFuture<SendResult> add(long bytes) {
    if (isAbandoned()) {
      throw new IllegalStateException("sender is closed");
    }
    CompletableFuture<SendResult> future = new CompletableFuture<>();
    futures.add(future);
    roomBytes += bytes;
    return future;
  }

  @Override
  public synchronized int count() {
    return futures.size();
  }

  @Override
  public boolean isOne() {
    return false;
  }

  @Override
  public synchronized CompletableFuture<Void> futuresDone() {
    return CompletableFuture.allOf(futures.toArray(CompletableFuture<?>[]::new))
        .handle((nothing, error) -> null);
  }

  @Override
  public void tell(Piece piece, @Nullable SendResult result, @Nullable SendException error) {
    try {
      // Before any callback runs: one may send, and the room it waits for may be this.
      ledger().release(roomOf(piece));
    } finally {
      completions.execute(new Telling(piece, result, error));
    }
  }

  /** The shares of all pieces add up to the whole exactly, however the batch was cut. */
  private synchronized long roomOf(Piece piece) {
    int all = futures.size();
    return roomBytes * piece.to() / all - roomBytes * piece.from() / all;
  }

  /**
   * Completes the futures of a piece, one after the other. A callback of one may wait for another
   * one of the same piece, so whoever begins first leaves a successor in the queue, which goes on
   * when this one is held up.
   */
  private final class Telling implements Runnable {
    private final Piece piece;
    private final @Nullable SendResult result;
    private final @Nullable SendException error;
    private final AtomicInteger next;

    Telling(Piece piece, @Nullable SendResult result, @Nullable SendException error) {
      this.piece = piece;
      this.result = result;
      this.error = error;
      next = new AtomicInteger(piece.from());
    }

    @Override
    public void run() {
      if (next.get() < piece.to()) {
        completions.offer(this);
      }
      int all = count();
      for (int i = next.getAndIncrement(); i < piece.to(); i = next.getAndIncrement()) {
        complete(i);
        if (toldMessages.incrementAndGet() == all) {
          ledger().told(PerMessageCompletion.this);
        }
      }
    }

    private void complete(int index) {
      CompletableFuture<SendResult> future = futures.get(index);
      if (error != null) {
        future.completeExceptionally(error);
      } else if (result != null) {
        future.complete(ofOne(result, index - piece.from()));
      }
    }

    /** The result with nobody else's id. */
    private SendResult ofOne(SendResult whole, int index) {
      if (whole.messageIds().isEmpty()) {
        return whole;
      }
      return SendResult.builder()
          .node(whole.node())
          .messageCount(whole.messageCount())
          .attempts(whole.attempts())
          .possibleDuplicate(whole.possibleDuplicate())
          .spooled(whole.spooled())
          .messageIds(List.of(whole.messageIds().get(index)))
          .build();
    }
  }
}
