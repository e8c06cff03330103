package io.github.httpreport.internal;

import io.github.httpreport.CloseSummary;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Closes a sender: once, in its time, from any thread. */
final class Closing {

  /**
   * For futures of abandoned messages to be told and threads to end: milliseconds, unless callbacks
   * of the application hold them up.
   */
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final Ledger ledger;
  private final Room room;
  private final Accumulator accumulator;
  private final Transport transport;
  private final SystemTimer timer;
  private final Completions completions;
  private final CompletableFuture<CloseSummary> closed = new CompletableFuture<>();

  Closing(
      Ledger ledger,
      Room room,
      Accumulator accumulator,
      Transport transport,
      SystemTimer timer,
      Completions completions) {
    this.ledger = ledger;
    this.room = room;
    this.accumulator = accumulator;
    this.transport = transport;
    this.timer = timer;
    this.completions = completions;
  }

  CloseSummary close(Duration timeout) {
    if (!ledger.close()) {
      return summaryOfFirst(timeout);
    }
    room.close();
    accumulator.sealAll();
    boolean drained = await(ledger.untold(), timeout);
    if (!drained) {
      ledger.abandon(Failures.closed());
      drained = await(ledger.untold(), GRACE);
    }
    CloseSummary summary = ledger.summary();
    timer.close();
    transport.close(GRACE);
    completions.close();
    // Before the wait for threads: one of them may be in a callback that closes the sender, too.
    closed.complete(summary);
    awaitThreads(drained ? GRACE : Duration.ZERO);
    return summary;
  }

  private CloseSummary summaryOfFirst(Duration timeout) {
    try {
      return closed.get(timeout.plus(GRACE).toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // The first call has more time than this one: tell how things stand.
      return ledger.summary();
    }
    return ledger.summary();
  }

  private static boolean await(List<Receipt> receipts, Duration timeout) {
    try {
      Ledger.allTold(receipts).get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      return false;
    }
    return false;
  }

  private void awaitThreads(Duration timeout) {
    if (completions.isCallbackThread()) {
      return;
    }
    try {
      timer.awaitThread(timeout);
      completions.awaitThreads(timeout);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
