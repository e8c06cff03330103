package io.github.httpreport.examples.bench;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Stops a measurement in which a message was lost. */
final class Unacknowledged {

  private Unacknowledged() {}

  static void check(@Nullable Throwable error) throws IOException {
    if (error != null) {
      throw new IOException("a message was not acknowledged: " + error.getMessage(), error);
    }
  }
}
