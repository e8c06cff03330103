package io.github.httpreport.examples.bench;

import io.github.httpreport.SendResult;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Counts the good ends of futures, one message each. Safe for use by many threads. */
final class Acknowledgements implements BiConsumer<@Nullable SendResult, @Nullable Throwable> {

  private final LongAdder acknowledged = new LongAdder();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  @Override
  public void accept(@Nullable SendResult result, @Nullable Throwable error) {
    if (error == null) {
      acknowledged.increment();
    } else {
      failure.compareAndSet(null, error);
    }
  }

  /** How many there were, once all futures have ended. */
  long count() throws IOException {
    Throwable error = failure.get();
    if (error != null) {
      throw new IOException("a message was not acknowledged: " + error.getMessage(), error);
    }
    return acknowledged.sum();
  }
}
