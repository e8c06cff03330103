package io.github.httpreport.internal.telemetry;

import io.github.httpreport.Attempt;
import io.github.httpreport.SenderMetrics.BatchObserver;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Guard around the observer of one batch, as {@link GuardedMetrics} is around the metrics: whatever
 * the application's observer throws, an {@code Error} too, stops no delivery.
 *
 * <p>Calls come on the threads of callers and of deliveries, and on several at once where a batch
 * was split. An exception goes to the guard that made this one, so that a sender logs one line for
 * all of its observers.
 */
final class GuardedObserver implements BatchObserver {

  private final BatchObserver observer;
  private final Consumer<Throwable> onError;

  GuardedObserver(BatchObserver observer, Consumer<Throwable> onError) {
    this.observer = observer;
    this.onError = onError;
  }

  @Override
  public void enqueued() {
    guarded(observer::enqueued);
  }

  @Override
  public void started(int messages, int encodedBytes) {
    guarded(() -> observer.started(messages, encodedBytes));
  }

  @Override
  public void attempted(Attempt attempt) {
    guarded(() -> observer.attempted(attempt));
  }

  @Override
  public void ended(@Nullable RuntimeException error) {
    guarded(() -> observer.ended(error));
  }

  private void guarded(Runnable call) {
    try {
      call.run();
    } catch (Throwable e) {
      onError.accept(e);
    }
  }
}
