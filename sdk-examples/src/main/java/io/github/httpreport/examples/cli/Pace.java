package io.github.httpreport.examples.cli;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A bound on lines per second; waiting ends when the command is to stop. For one thread. */
final class Pace {

  private static final long NANOS_PER_SECOND = Duration.ofSeconds(1).toNanos();

  /** Where no bound was asked for. */
  static final long UNLIMITED = 0;

  private final long perSecond;
  private final CompletableFuture<?> stop;
  private final long startNanos = System.nanoTime();
  private long passed;

  /**
   * Starts now.
   *
   * @param perSecond lines per second, or {@link #UNLIMITED}
   * @param stop completes when there is nothing to wait for any more
   */
  Pace(long perSecond, CompletableFuture<?> stop) {
    this.perSecond = perSecond;
    this.stop = stop;
  }

  /** Returns when the next line is due. */
  void await() {
    if (perSecond == UNLIMITED) {
      return;
    }
    long due = (long) ((double) passed * NANOS_PER_SECOND / perSecond);
    passed++;
    long wait = due - (System.nanoTime() - startNanos);
    if (wait > 0) {
      await(wait);
    }
  }

  private void await(long nanos) {
    try {
      stop.get(nanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException due) {
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a termination does not fail", e);
    }
  }
}
