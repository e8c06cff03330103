package io.github.httpreport.benchmarks;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Stops a measurement in which a message was lost. Safe for use by many threads. */
final class Unacknowledged {

  private final AtomicReference<@Nullable Throwable> first = new AtomicReference<>();

  /** Takes note of the end of a request; null if it ended well. */
  void note(@Nullable Throwable error) {
    if (error != null) {
      first.compareAndSet(null, error);
    }
  }

  void check() throws IOException {
    Throwable error = first.get();
    if (error != null) {
      throw new IOException("a message was not acknowledged: " + error.getMessage(), error);
    }
  }
}
