package io.github.httpreport.examples.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Numbers and errors as people read them. */
public final class Format {

  private Format() {}

  /**
   * A number with its thousands apart.
   *
   * @param value the number
   * @return like {@code 12,345}
   */
  public static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  static String lines(long count) {
    return count == 1 ? "1 line" : number(count) + " lines";
  }

  /** A time as the options take it. */
  static String time(Duration time) {
    return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
  }

  static String percent(long part, long whole) {
    return String.format(Locale.ROOT, "%.1f %%", whole == 0 ? 0.0 : 100.0 * part / whole);
  }

  static String millis(Duration time) {
    return String.format(Locale.ROOT, "%.1f ms", time.toNanos() / 1e6);
  }

  static String perSecond(long count, Duration time) {
    return number(Math.round(count / Math.max(1e-9, time.toNanos() / 1e9)));
  }

  /**
   * What an error says, without the wrappers of futures.
   *
   * @param error the error, or null for none
   * @return its message, or its name when it has none
   */
  public static String of(@Nullable Throwable error) {
    Throwable cause = unwrapped(error);
    if (cause == null) {
      return "no reason given";
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  static @Nullable Throwable unwrapped(@Nullable Throwable error) {
    if (error instanceof CompletionException || error instanceof ExecutionException) {
      return error.getCause() == null ? error : error.getCause();
    }
    return error;
  }
}
