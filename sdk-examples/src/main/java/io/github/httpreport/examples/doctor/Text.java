package io.github.httpreport.examples.doctor;

import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Times and errors as the findings write them. */
final class Text {

  private Text() {}

  static String millis(double millis) {
    return String.format(Locale.ROOT, "%.1f ms", millis);
  }

  static double millisSince(long startNanos) {
    return (System.nanoTime() - startNanos) / 1e6;
  }

  /** What an error says on one line, without the wrappers of futures. */
  static String of(Throwable error) {
    Throwable cause = unwrapped(error);
    String message = cause.getMessage();
    return (message == null ? cause.getClass().getSimpleName() : message)
        .strip()
        .replaceAll("\\s*\\R\\s*", " ");
  }

  static Throwable unwrapped(Throwable error) {
    boolean wrapper = error instanceof CompletionException || error instanceof ExecutionException;
    return wrapper && error.getCause() != null ? error.getCause() : error;
  }
}
