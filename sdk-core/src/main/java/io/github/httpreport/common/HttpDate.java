package io.github.httpreport.common;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** Dates in headers of HTTP, such as {@code Sun, 06 Nov 1994 08:49:37 GMT} (RFC 1123). */
public final class HttpDate {

  private HttpDate() {}

  /** The time, or empty for a text that is no date. */
  public static Optional<Instant> parse(String text) {
    try {
      return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text.strip(), Instant::from));
    } catch (DateTimeParseException notADate) {
      return Optional.empty();
    }
  }
}
