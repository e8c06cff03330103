package io.github.httpreport.internal;

import io.github.httpreport.SendResult;
import io.github.httpreport.error.SendException;
import io.github.httpreport.spool.Spool;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Who is told of a batch from the spool: nobody but the spool, which keeps or removes it. */
final class StoredReceipt extends Receipt {

  private final long id;
  private final int count;
  private final int bytes;
  private final Consumer<StoredReceipt> end;
  private int sent;
  private int failed;
  private int kept;

  /**
   * A receipt.
   *
   * @param nobodys a ledger that counts for nobody: these messages were accepted before
   * @param end told once, when everything is
   */
  StoredReceipt(Ledger nobodys, Spool.Stored stored, Consumer<StoredReceipt> end) {
    super(nobodys);
    id = stored.id();
    count = stored.entry().messages();
    bytes = stored.entry().size();
    this.end = end;
  }

  long id() {
    return id;
  }

  int bytes() {
    return bytes;
  }

  synchronized int sent() {
    return sent;
  }

  synchronized int failed() {
    return failed;
  }

  /** Whether some of it has still to be delivered, and so all of it has. */
  synchronized boolean isKept() {
    return kept > 0;
  }

  @Override
  int count() {
    return count;
  }

  @Override
  boolean isOne() {
    return false;
  }

  @Override
  CompletableFuture<Void> futuresDone() {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  void tell(Piece piece, @Nullable SendResult result, @Nullable SendException error) {
    if (isLast(piece, error)) {
      end.accept(this);
    }
  }

  private synchronized boolean isLast(Piece piece, @Nullable SendException error) {
    if (error == null) {
      sent += piece.size();
    } else if (error.retryable()) {
      kept += piece.size();
    } else {
      failed += piece.size();
    }
    return sent + failed + kept == count;
  }
}
