package io.github.httpreport.internal;

import io.github.httpreport.CloseSummary;
import io.github.httpreport.internal.batch.BatchCompletion;
import io.github.httpreport.internal.batch.IncompleteBatches;
import io.github.httpreport.internal.batch.MessageIntake;
import io.github.httpreport.internal.concurrent.CallbackExecutor;
import io.github.httpreport.internal.concurrent.SystemScheduler;
import io.github.httpreport.internal.concurrent.Uninterruptibly;
import io.github.httpreport.internal.delivery.SendExceptions;
import io.github.httpreport.internal.spool.SenderSpool;
import io.github.httpreport.internal.transport.Transport;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes a sender: once, in its time, from any thread. */
final class ShutdownSequence {

  private static final Logger LOG = LoggerFactory.getLogger(ShutdownSequence.class);

  /**
   * For futures of abandoned messages to be told and threads to end: milliseconds, unless callbacks
   * of the application hold them up.
   */
  private static final Duration GRACE = Duration.ofSeconds(1);

  /** What is expected of a disk at least, when time is set aside for it. */
  private static final long SLOW_DISK_BYTES_A_SECOND = 4 << 20;

  private final IncompleteBatches ledger;
  private final MessageIntake intake;
  private final Transport transport;
  private final SystemScheduler timer;
  private final CallbackExecutor completions;
  private final @Nullable SenderSpool spool;
  private final ClosingReport report;
  private final CompletableFuture<CloseSummary> closed = new CompletableFuture<>();

  ShutdownSequence(
      IncompleteBatches ledger,
      MessageIntake intake,
      Transport transport,
      SystemScheduler timer,
      CallbackExecutor completions,
      @Nullable SenderSpool spool,
      ClosingReport report) {
    this.ledger = ledger;
    this.intake = intake;
    this.spool = spool;
    this.transport = transport;
    this.timer = timer;
    this.completions = completions;
    this.report = report;
  }

  CloseSummary close(Duration timeout) {
    if (!ledger.close()) {
      return summaryOfFirst(timeout);
    }
    intake.close();
    boolean drained = spool == null ? await(ledger.untold(), timeout) : closeSpool(spool, timeout);
    if (!drained) {
      ledger.abandon(SendExceptions.closed());
      drained = await(ledger.untold(), GRACE);
    }
    CloseSummary summary = ledger.summary();
    timer.close();
    logged("report on", () -> report.run(summary));
    logged("close the transport of", () -> transport.close(GRACE));
    completions.close();
    logged("end the metrics of", report::end);
    // Before the wait for threads: one of them may be in a callback that closes the sender, too.
    closed.complete(summary);
    awaitThreads(drained ? GRACE : Duration.ZERO);
    return summary;
  }

  /**
   * Delivers while there is time, then gives what is left in memory to the disk. Deliveries end at
   * once on an interrupted thread; the disk does not, because nothing but its time is needed there.
   *
   * @return whether nothing is left in memory
   */
  private boolean closeSpool(SenderSpool known, Duration timeout) {
    long endNanos = timer.nanoTime() + timeout.toNanos();
    known.worker().beginClosing();
    Duration forDeliveries = timeout.minus(timeForDisk(timeout));
    long startNanos = timer.nanoTime();
    await(ledger.untold(), forDeliveries);
    known.worker().awaitIdle(forDeliveries.minusNanos(timer.nanoTime() - startNanos));
    List<BatchCompletion> left = ledger.untold();
    known.intake().takeOver(left);
    Uninterruptibly.await(
        untilWithGrace(endNanos), nanos -> allTold(ledger.untold(), Duration.ofNanos(nanos)));
    known.worker().close(untilWithGrace(endNanos));
    return await(ledger.untold(), Duration.ZERO);
  }

  private Duration untilWithGrace(long endNanos) {
    Duration left = Duration.ofNanos(Math.max(0, endNanos - timer.nanoTime()));
    return left.plus(GRACE);
  }

  /** What a slow disk needs for everything in memory, but never more than half of the time. */
  private Duration timeForDisk(Duration timeout) {
    long bytes = intake.usedBytes();
    Duration needed = Duration.ofMillis(bytes * 1_000 / SLOW_DISK_BYTES_A_SECOND);
    Duration half = timeout.dividedBy(2);
    return needed.compareTo(half) < 0 ? needed : half;
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

  /** Does a step whose failure must not keep this one from its summary. */
  private static void logged(String what, Runnable step) {
    try {
      step.run();
    } catch (Throwable e) {
      LOG.error("Could not {} a sender that closes", what, e);
    }
  }

  private static boolean await(List<BatchCompletion> receipts, Duration timeout) {
    try {
      return allTold(receipts, timeout);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static boolean allTold(List<BatchCompletion> receipts, Duration timeout)
      throws InterruptedException {
    try {
      IncompleteBatches.allTold(receipts).get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (ExecutionException | TimeoutException e) {
      return false;
    }
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
