package io.github.httpreport.internal.batch;

import io.github.httpreport.Attempt;
import io.github.httpreport.SendResult;
import io.github.httpreport.error.FailureDetails;
import io.github.httpreport.error.SendException;
import io.github.httpreport.internal.concurrent.CallbackExecutor;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Completion of a batch with one future, which completes or fails as one however the batch was
 * split.
 *
 * <p>Ranges end on several threads; the monitor guards their results and errors. The thread that
 * ends the last range releases the memory and lets the completer complete the future: the thread
 * itself for a caller that blocks, a callback thread where code of the application may hang on the
 * future.
 *
 * <p>A callback that waits for this future completes it itself as soon as every range has ended: if
 * every callback thread waited for another one to do so, none would go on.
 */
public final class SingleFutureCompletion extends BatchCompletion {

  private record Part(MessageRange range, SendResult result) {}

  private final CompletableFuture<SendResult> future = new CallFuture();
  private final CountDownLatch claimed = new CountDownLatch(1);
  private final Executor completer;
  private final int count;
  private final long budgetBytes;
  private List<Part> parts = List.of();
  private List<SendException> errors = List.of();
  private int completed;

  /**
   * @param completer completes the future: not the I/O thread when code of the application hangs on
   *     it
   */
  public SingleFutureCompletion(
      IncompleteBatches batches, Executor completer, int count, long budgetBytes) {
    super(batches);
    this.completer = completer;
    this.count = count;
    this.budgetBytes = budgetBytes;
  }

  public CompletableFuture<SendResult> future() {
    return future;
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public boolean isOne() {
    return true;
  }

  @Override
  public @Nullable Thread waiter() {
    return completer instanceof BlockedCaller caller ? caller.thread() : null;
  }

  @Override
  public CompletableFuture<Void> futuresDone() {
    return future.handle((result, error) -> null);
  }

  @Override
  public void complete(
      MessageRange range, @Nullable SendResult result, @Nullable SendException error) {
    if (isLast(range, result, error)) {
      try {
        // Before any callback runs: one may send, and the memory it waits for may be this.
        batches().release(budgetBytes);
      } finally {
        claimed.countDown();
        if (completer instanceof BlockedCaller) {
          completeFuture();
        } else {
          completer.execute(this::completeFuture);
        }
      }
    }
  }

  private synchronized boolean isLast(
      MessageRange range, @Nullable SendResult result, @Nullable SendException error) {
    if (result != null) {
      parts = with(parts, new Part(range, result));
    }
    if (error != null) {
      errors = with(errors, error);
    }
    completed += range.size();
    return completed == count;
  }

  private void completeFuture() {
    boolean whole = parts.size() + errors.size() == 1;
    if (errors.isEmpty()) {
      future.complete(whole ? parts.get(0).result() : merged());
    } else {
      future.completeExceptionally(whole ? errors.get(0) : merged(errors.get(0)));
    }
    batches().completed(this);
  }

  /**
   * The future of a call. A callback that waits for it completes it itself as soon as the batch is
   * settled: if every thread of callbacks waited for another one to do so, none would go on. {@link
   * #completeFuture()} has no effect when it runs a second time.
   */
  private final class CallFuture extends CompletableFuture<SendResult>
      implements ForkJoinPool.ManagedBlocker {

    @Override
    public SendResult join() {
      completeAsCallback();
      return super.join();
    }

    @Override
    public SendResult get() throws InterruptedException, ExecutionException {
      completeAsCallback();
      return super.get();
    }

    private boolean isInCallback() {
      return CallbackExecutor.isAnyCallbackThread()
          || (completer instanceof CallbackExecutor callbacks && callbacks.isInGivenExecutor());
    }

    private void completeAsCallback() {
      if (!isDone() && isInCallback()) {
        // The application may complete it, too.
        whenComplete((result, error) -> claimed.countDown());
        try {
          CallbackExecutor.block(this);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
        if (!isDone()) {
          SingleFutureCompletion.this.completeFuture();
        }
      }
    }

    @Override
    public boolean block() throws InterruptedException {
      claimed.await();
      return true;
    }

    @Override
    public boolean isReleasable() {
      return claimed.getCount() == 0;
    }
  }

  private SendResult merged() {
    SendResult last = parts.get(parts.size() - 1).result();
    boolean possibleDuplicate = results().anyMatch(SendResult::possibleDuplicate);
    boolean spooled = results().anyMatch(SendResult::spooled);
    return SendResult.builder()
        .node(last.node())
        .messageCount(count)
        .attempts(attempts())
        .possibleDuplicate(possibleDuplicate)
        .spooled(spooled)
        .messageIds(messageIds())
        .build();
  }

  private SendException merged(SendException first) {
    int stored = results().mapToInt(SendResult::messageCount).sum();
    return first.withDetails(
        FailureDetails.builder(
                first.getMessage()
                    + "; "
                    + stored
                    + " of its "
                    + count
                    + " messages were "
                    + (results().anyMatch(SendResult::spooled)
                        ? "acknowledged or are on disk"
                        : "acknowledged"))
            .retryable(errors.stream().allMatch(SendException::retryable))
            .mayHaveBeenStored(
                stored > 0 || errors.stream().anyMatch(SendException::mayHaveBeenStored))
            .attempts(attempts())
            .cause(first)
            .build());
  }

  private Stream<SendResult> results() {
    return parts.stream().map(Part::result);
  }

  /** In the order of the call; the parts are in the order of their ends. */
  private List<String> messageIds() {
    return parts.stream()
        .sorted(Comparator.comparingInt(part -> part.range().from()))
        .flatMap(part -> part.result().messageIds().stream())
        .toList();
  }

  private List<Attempt> attempts() {
    // Attempts from before the split are in the history of every range, as the same objects.
    Set<Attempt> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    return Stream.concat(
            results().map(SendResult::attempts), errors.stream().map(SendException::attempts))
        .flatMap(List::stream)
        .filter(seen::add)
        .toList();
  }
}
