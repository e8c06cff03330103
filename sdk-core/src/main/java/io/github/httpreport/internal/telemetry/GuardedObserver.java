package io.github.httpreport.internal.telemetry;

import io.github.httpreport.Attempt;
import io.github.httpreport.SenderMetrics.BatchObserver;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Observer of the application whose exceptions, an {@code Error} too, stop no delivery. */
final class GuardedObserver implements BatchObserver {

  private final BatchObserver observer;
  private final Consumer<Throwable> complaint;

  GuardedObserver(BatchObserver observer, Consumer<Throwable> complaint) {
    this.observer = observer;
    this.complaint = complaint;
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
      complaint.accept(e);
    }
  }
}
