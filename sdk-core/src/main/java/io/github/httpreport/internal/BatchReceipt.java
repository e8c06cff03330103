package io.github.httpreport.internal;

import io.github.httpreport.Attempt;
import io.github.httpreport.SendResult;
import io.github.httpreport.error.FailureDetails;
import io.github.httpreport.error.SendException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** One future for a whole batch, which completes or fails as one however it was split. */
final class BatchReceipt extends Receipt {

  private final CompletableFuture<SendResult> future = new CompletableFuture<>();
  private final Executor teller;
  private final int count;
  private final long roomBytes;
  private final List<SendResult> results = new ArrayList<>(1);
  private @Nullable SendException firstError;
  private int told;

  /**
   * @param teller completes the future: not the I/O thread when code of the application hangs on it
   */
  BatchReceipt(Ledger ledger, Executor teller, int count, long roomBytes) {
    super(ledger);
    this.teller = teller;
    this.count = count;
    this.roomBytes = roomBytes;
  }

  CompletableFuture<SendResult> future() {
    return future;
  }

  @Override
  int count() {
    return count;
  }

  @Override
  boolean isOne() {
    return true;
  }

  @Override
  CompletableFuture<Void> told() {
    return future.handle((result, error) -> null);
  }

  @Override
  void tell(Piece piece, @Nullable SendResult result, @Nullable SendException error) {
    if (isLast(piece, result, error)) {
      teller.execute(this::complete);
    }
  }

  private synchronized boolean isLast(
      Piece piece, @Nullable SendResult result, @Nullable SendException error) {
    if (result != null) {
      results.add(result);
    }
    if (firstError == null) {
      firstError = error;
    }
    told += piece.size();
    return told == count;
  }

  private void complete() {
    // Room first: a callback may send, and the room it waits for may be this.
    ledger().release(roomBytes);
    SendException error = firstError;
    if (error == null) {
      future.complete(results.size() == 1 ? results.get(0) : merged());
    } else {
      future.completeExceptionally(results.isEmpty() ? error : partly(error));
    }
    ledger().told(this);
  }

  private SendResult merged() {
    SendResult last = results.get(results.size() - 1);
    boolean possibleDuplicate = results.stream().anyMatch(SendResult::possibleDuplicate);
    return new SendResult(last.node(), count, attempts(), possibleDuplicate, false);
  }

  private List<Attempt> attempts() {
    return results.stream().flatMap(result -> result.attempts().stream()).distinct().toList();
  }

  private SendException partly(SendException error) {
    List<Attempt> attempts = new ArrayList<>(attempts());
    attempts.addAll(error.attempts());
    int stored = results.stream().mapToInt(SendResult::messageCount).sum();
    return Failures.copy(
        error,
        new FailureDetails(
            error.getMessage() + "; " + stored + " of its " + count + " messages were stored",
            error.retryable(),
            true,
            attempts,
            error));
  }
}
