package io.github.httpreport.internal.batch;

import io.github.httpreport.SendResult;
import io.github.httpreport.error.SendException;
import io.github.httpreport.internal.concurrent.CallbackExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Completion of a batch whose messages have a future each.
 *
 * <p>Callers add messages until the batch is sealed, under the monitor, which guards the list of
 * futures and the bytes. After that the list does not change, and is read without a lock. Memory is
 * released before any callback runs: a callback may send, and wait for that memory.
 *
 * <p>Futures complete on callback threads, one after the other. A callback of one may wait for
 * another one of the same range, so the thread that begins first leaves a successor in the queue,
 * which goes on when a callback blocks.
 */
public final class PerMessageCompletion extends BatchCompletion {

  private final CallbackExecutor callbacks;
  private final List<CompletableFuture<SendResult>> futures;

  /** Futures that are complete, over all ranges; the last one takes the batch out of the set. */
  private final AtomicInteger completedMessages = new AtomicInteger();

  /** Memory of all messages and of the batch itself, which came with the first message. */
  private long budgetBytes;

  /**
   * @param size how many messages are to be expected
   */
  public PerMessageCompletion(IncompleteBatches batches, CallbackExecutor callbacks, int size) {
    super(batches);
    this.callbacks = callbacks;
    futures = new ArrayList<>(size);
  }

  /**
   * Adds a message. Not after the batch was sealed.
   *
   * @throws IllegalStateException if the batch was abandoned; nothing would complete the message
   */
  public synchronized CompletableFuture<SendResult> add(long bytes) {
    if (isAbandoned()) {
      throw new IllegalStateException("sender is closed");
    }
    CompletableFuture<SendResult> future = new CompletableFuture<>();
    futures.add(future);
    budgetBytes += bytes;
    observeEnqueued();
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

  /** Gives the memory of a range back, and lets callback threads complete its futures. */
  @Override
  public void complete(
      MessageRange range, @Nullable SendResult result, @Nullable SendException error) {
    try {
      // Before any callback runs: one may send, and the memory it waits for may be this.
      batches().release(budgetOf(range));
    } finally {
      callbacks.execute(new CompletionTask(range, result, error));
    }
  }

  /** The shares of all ranges add up to the whole exactly, however the batch was split. */
  private synchronized long budgetOf(MessageRange range) {
    int all = futures.size();
    return budgetBytes * range.to() / all - budgetBytes * range.from() / all;
  }

  /**
   * Completes the futures of a range, one after the other; several threads may run it at once, and
   * share the futures by the index {@code next}.
   */
  private final class CompletionTask implements Runnable {
    private final MessageRange range;
    private final @Nullable SendResult result;
    private final @Nullable SendException error;
    private final AtomicInteger next;

    CompletionTask(MessageRange range, @Nullable SendResult result, @Nullable SendException error) {
      this.range = range;
      this.result = result;
      this.error = error;
      next = new AtomicInteger(range.from());
    }

    @Override
    public void run() {
      // Before the first future completes: its callback may block, and the successor then goes on.
      if (next.get() < range.to()) {
        callbacks.offer(this);
      }
      int all = count();
      for (int i = next.getAndIncrement(); i < range.to(); i = next.getAndIncrement()) {
        complete(i);
        if (completedMessages.incrementAndGet() == all) {
          batches().completed(PerMessageCompletion.this);
        }
      }
    }

    private void complete(int index) {
      CompletableFuture<SendResult> future = futures.get(index);
      if (error != null) {
        future.completeExceptionally(error);
      } else if (result != null) {
        future.complete(ofOne(result, index - range.from()));
      }
    }

    /** The result with the id of this message only. */
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
