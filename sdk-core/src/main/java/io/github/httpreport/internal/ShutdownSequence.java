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

/**
 * Close of a sender: once, within its time limit, from any thread.
 *
 * <pre>
 *   OPEN      accepts messages             -> CLOSING   the first call of {@link #close}
 *   CLOSING   refuses them; delivers while -> ABANDONED the time is over, and batches are left
 *             there is time, then gives    -> CLOSED    every batch is complete
 *             what is left to the spool
 *   ABANDONED every batch left fails       -> CLOSED    their futures are complete, or a second passed
 *   CLOSED    threads end
 * </pre>
 *
 * <p>The first caller does the work on its own thread; another one, a callback perhaps, waits for
 * the same summary or returns the counts of the moment. Each step runs whatever the one before it
 * throws, and no wait is without a limit. The order of the steps keeps a promise each: batches are
 * sealed before deliveries end, the metrics hear of every loss before they are closed, and the
 * summary is returned before threads are waited for, because one of them may be in a callback that
 * closes the sender too.
 */
final class ShutdownSequence {

  private static final Logger LOG = LoggerFactory.getLogger(ShutdownSequence.class);

  /**
   * For futures of abandoned messages to complete and threads to end: milliseconds, unless
   * callbacks of the application hold them up.
   */
  private static final Duration GRACE = Duration.ofSeconds(1);

  /** The slowest disk that time is reserved for, in bytes a second. */
  private static final long SLOW_DISK_BYTES_A_SECOND = 4 << 20;

  private final IncompleteBatches batches;
  private final MessageIntake intake;
  private final Transport transport;
  private final SystemScheduler scheduler;
  private final CallbackExecutor callbacks;
  private final @Nullable SenderSpool spool;
  private final ClosingReport report;
  private final CompletableFuture<CloseSummary> closed = new CompletableFuture<>();

  ShutdownSequence(
      IncompleteBatches batches,
      MessageIntake intake,
      Transport transport,
      SystemScheduler scheduler,
      CallbackExecutor callbacks,
      @Nullable SenderSpool spool,
      ClosingReport report) {
    this.batches = batches;
    this.intake = intake;
    this.spool = spool;
    this.transport = transport;
    this.scheduler = scheduler;
    this.callbacks = callbacks;
    this.report = report;
  }

  CloseSummary close(Duration timeout) {
    if (!batches.close()) {
      return summaryOfFirst(timeout);
    }
    intake.close();
    boolean drained =
        spool == null ? await(batches.incomplete(), timeout) : closeSpool(spool, timeout);
    if (!drained) {
      // The spool, if there is one, has had its time: what is open now gets an end without it.
      batches.abandon(SendExceptions.closed());
      drained = await(batches.incomplete(), GRACE);
    }
    CloseSummary summary = batches.summary();
    // No linger, retry or probe starts from here on: every batch they were for has its end.
    scheduler.close();
    logged("report on", () -> report.run(summary));
    logged("close the transport of", () -> transport.close(GRACE));
    callbacks.close();
    logged("end the metrics of", report::end);
    // Before the wait for threads: one of them may be in a callback that closes the sender, too.
    closed.complete(summary);
    // Batches are left only where a callback hangs or this thread is interrupted, and a thread in
    // such a callback does not end in time.
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
    long endNanos = scheduler.nanoTime() + timeout.toNanos();
    known.worker().beginClosing();
    Duration forDeliveries = timeout.minus(timeForDisk(timeout));
    long startNanos = scheduler.nanoTime();
    await(batches.incomplete(), forDeliveries);
    known.worker().awaitIdle(forDeliveries.minusNanos(scheduler.nanoTime() - startNanos));
    List<BatchCompletion> left = batches.incomplete();
    known.intake().takeOver(left);
    Uninterruptibly.await(
        untilWithGrace(endNanos),
        nanos -> allCompleted(batches.incomplete(), Duration.ofNanos(nanos)));
    known.worker().close(untilWithGrace(endNanos));
    return await(batches.incomplete(), Duration.ZERO);
  }

  /** The time until the limit, with the grace in which the disk ends its last commit. */
  private Duration untilWithGrace(long endNanos) {
    Duration left = Duration.ofNanos(Math.max(0, endNanos - scheduler.nanoTime()));
    return left.plus(GRACE);
  }

  /** What a slow disk needs for everything in memory, but never more than half of the time. */
  private Duration timeForDisk(Duration timeout) {
    long bytes = intake.usedBytes();
    Duration needed = Duration.ofMillis(bytes * 1_000 / SLOW_DISK_BYTES_A_SECOND);
    Duration half = timeout.dividedBy(2);
    return needed.compareTo(half) < 0 ? needed : half;
  }

  /**
   * The result for every caller but the first: the summary of the first, or the counts of this
   * moment where this call's limit ends earlier.
   */
  private CloseSummary summaryOfFirst(Duration timeout) {
    try {
      return closed.get(timeout.plus(GRACE).toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // The first call has more time than this one: return the counts of this moment.
      return batches.summary();
    }
    return batches.summary();
  }

  /** Does a step whose failure must not keep this one from its summary. */
  private static void logged(String what, Runnable step) {
    try {
      step.run();
    } catch (Throwable e) {
      LOG.error("Could not {} a sender that closes", what, e);
    }
  }

  private static boolean await(List<BatchCompletion> completions, Duration timeout) {
    try {
      return allCompleted(completions, timeout);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static boolean allCompleted(List<BatchCompletion> completions, Duration timeout)
      throws InterruptedException {
    try {
      IncompleteBatches.allCompleted(completions).get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (ExecutionException | TimeoutException e) {
      return false;
    }
  }

  private void awaitThreads(Duration timeout) {
    if (callbacks.isCallbackThread()) {
      return;
    }
    try {
      scheduler.awaitThread(timeout);
      callbacks.awaitThreads(timeout);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
