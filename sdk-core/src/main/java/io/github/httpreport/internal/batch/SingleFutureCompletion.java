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

/** One future for a whole batch, which completes or fails as one however it was split. */
public final class SingleFutureCompletion extends BatchCompletion {

  private record Part(Piece piece, SendResult result) {}

  private final CompletableFuture<SendResult> future = new CallFuture();
  private final CountDownLatch settled = new CountDownLatch(1);
  private final Executor teller;
  private final int count;
  private final long roomBytes;
  private List<Part> parts = List.of();
  private List<SendException> errors = List.of();
  private int told;

  /**
   * @param teller completes the future: not the I/O thread when code of the application hangs on it
   */
  public SingleFutureCompletion(
      IncompleteBatches ledger, Executor teller, int count, long roomBytes) {
    super(ledger);
    this.teller = teller;
    this.count = count;
    this.roomBytes = roomBytes;
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
    return teller instanceof BlockedCaller caller ? caller.thread() : null;
  }

  @Override
  public CompletableFuture<Void> futuresDone() {
    return future.handle((result, error) -> null);
  }

  @Override
  public void tell(Piece piece, @Nullable SendResult result, @Nullable SendException error) {
    if (isLast(piece, result, error)) {
      try {
        // Before any callback runs: one may send, and the room it waits for may be this.
        ledger().release(roomBytes);
      } finally {
        settled.countDown();
        teller.execute(this::complete);
      }
    }
  }

  private synchronized boolean isLast(
      Piece piece, @Nullable SendResult result, @Nullable SendException error) {
    if (result != null) {
      parts = with(parts, new Part(piece, result));
    }
    if (error != null) {
      errors = with(errors, error);
    }
    told += piece.size();
    return told == count;
  }

  private void complete() {
    boolean whole = parts.size() + errors.size() == 1;
    if (errors.isEmpty()) {
      future.complete(whole ? parts.get(0).result() : merged());
    } else {
      future.completeExceptionally(whole ? errors.get(0) : merged(errors.get(0)));
    }
    ledger().told(this);
  }

  /**
   * The future of a call. A callback that waits for it completes it itself as soon as the batch is
   * settled: if every thread of callbacks waited for another one to do so, none would go on. {@link
   * #complete()} has no effect when it runs a second time.
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
          || (teller instanceof CallbackExecutor completions && completions.isInGivenExecutor());
    }

    private void completeAsCallback() {
      if (!isDone() && isInCallback()) {
        // The application may complete it, too.
        whenComplete((result, error) -> settled.countDown());
        try {
          CallbackExecutor.block(this);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
        if (!isDone()) {
          SingleFutureCompletion.this.complete();
        }
      }
    }

    @Override
    public boolean block() throws InterruptedException {
      settled.await();
      return true;
    }

    @Override
    public boolean isReleasable() {
      return settled.getCount() == 0;
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

  /** In the order of the call: the parts are in that of their ends. */
  private List<String> messageIds() {
    return parts.stream()
        .sorted(Comparator.comparingInt(part -> part.piece().from()))
        .flatMap(part -> part.result().messageIds().stream())
        .toList();
  }

  private List<Attempt> attempts() {
    // What was tried before the batch was cut is in every piece, as the same object.
    Set<Attempt> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    return Stream.concat(
            results().map(SendResult::attempts), errors.stream().map(SendException::attempts))
        .flatMap(List::stream)
        .filter(seen::add)
        .toList();
  }
}
