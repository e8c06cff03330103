package io.github.httpreport.kafka.connect;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Bounded waits for futures, and what they failed with. */
final class Futures {

  private Futures() {}

  /** What a future failed with; null while it is not done, and when it succeeded. */
  static @Nullable Throwable failure(Future<?> future) {
    if (!future.isDone()
        || (future instanceof CompletableFuture<?> f && !f.isCompletedExceptionally())) {
      return null;
    }
    try {
      future.get();
      return null;
    } catch (ExecutionException e) {
      return e.getCause() == null ? e : e.getCause();
    } catch (CancellationException e) {
      return e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return e;
    }
  }

  /** Waits until one of the futures is done, at most this long. */
  static void awaitAny(List<Future<?>> futures, Duration timeout) {
    CompletableFuture<?>[] all =
        futures.stream()
            .filter(CompletableFuture.class::isInstance)
            .map(CompletableFuture.class::cast)
            .toArray(CompletableFuture<?>[]::new);
    await(CompletableFuture.anyOf(all), timeout);
  }

  /** Waits until the future is done, well or badly, at most this long. */
  static void await(Future<?> future, Duration timeout) {
    try {
      future.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | CancellationException | TimeoutException e) {
      // Whoever waits looks at the future, or at its own ones, himself.
      return;
    }
  }
}
