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

  /**
   * Open from the moment when the last range has its result: a callback may then complete the
   * future.
   */
  private final CountDownLatch claimed = new CountDownLatch(1);

  private final Executor completer;
  private final int count;

  /** Memory of the whole batch, which the last range gives back. */
  private final long budgetBytes;

  /** Results so far, in the order of their ends. */
  private List<Part> parts = List.of();

  private List<SendException> errors = List.of();

  /** Messages whose range has its result or its error. */
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

  /**
   * The caller that blocks in {@code send} and can do the first exchange itself; null for every
   * other completer.
   */
  @Override
  public @Nullable Thread waiter() {
    return completer instanceof BlockedCaller caller ? caller.thread() : null;
  }

  @Override
  public CompletableFuture<Void> futuresDone() {
    return future.handle((result, error) -> null);
  }

  /**
   * Records the end of a range. The thread of the last range gives the memory back before the
   * future completes, and runs the completer, which decides on which thread the application's code
   * goes on.
   */
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

  /**
   * Adds the end of a range; true for the thread of the last one, which alone goes on from there.
   */
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

  /**
   * Completes the future with what the ranges ended with: all results as one, or one error for all.
   * Callable again without an effect, and without the monitor, because no range is left to change
   * it.
   */
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
   * Future of the call, whose {@code join} and {@code get} are safe in a callback of the same
   * sender: the thread that waits completes the future itself once the batch has its end. With a
   * plain future, callbacks that wait could hold every thread of the pool, and the task that
   * completes their futures would have none.
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

    /**
     * Waits as a callback for the end of the batch, which needs no callback thread to come, and
     * then completes the future here. Other threads use the plain wait.
     */
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

  /**
   * The result of several ranges. The node is that of the range that ended last; every attempt, and
   * whatever any range says about duplicates and the disk, is kept.
   */
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

  /**
   * The error of several ranges, of which at least one failed: the first error with the number of
   * messages that have a better end, so that the caller knows that sending again makes duplicates.
   */
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

  /**
   * Every attempt once. Attempts from before a split are in the history of each range, as the same
   * objects, and equal attempts of different ranges are different ones, so identity decides.
   */
  private List<Attempt> attempts() {
    Set<Attempt> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    return Stream.concat(
            results().map(SendResult::attempts), errors.stream().map(SendException::attempts))
        .flatMap(List::stream)
        .filter(seen::add)
        .toList();
  }
}
