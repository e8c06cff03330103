package io.github.httpreport.logging;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations, sizes and numbers as people write them in a configuration file. */
final class Quantities {

  private static final Pattern AMOUNT = Pattern.compile("(\\d{1,18})\\s*([A-Za-z]*)");

  private static final Map<String, Duration> TIMES =
      Map.of(
          "ms", Duration.ofMillis(1),
          "s", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1));

  private static final Map<String, Long> SIZES =
      Map.of("", 1L, "b", 1L, "kb", 1L << 10, "mb", 1L << 20, "gb", 1L << 30);

  private Quantities() {}

  /** A number without a unit is refused, because it may mean milliseconds or seconds. */
  static Duration duration(String text) {
    try {
      Matcher amount = AMOUNT.matcher(text);
      if (amount.matches()) {
        Duration unit = TIMES.get(amount.group(2).toLowerCase(Locale.ROOT));
        if (unit != null) {
          return unit.multipliedBy(Long.parseLong(amount.group(1)));
        }
      }
      return Duration.parse(text);
    } catch (DateTimeException | ArithmeticException e) {
      throw new IllegalArgumentException(
          "must be a duration such as 500ms, 10s, 2m or 1h, but is '" + text + '\'', e);
    }
  }

  static long bytes(String text) {
    Matcher amount = AMOUNT.matcher(text);
    Long unit = amount.matches() ? SIZES.get(amount.group(2).toLowerCase(Locale.ROOT)) : null;
    if (unit == null || Long.parseLong(amount.group(1)) > Long.MAX_VALUE / unit) {
      throw new IllegalArgumentException(
          "must be a size such as 65536, 64KB or 32MB, but is '" + text + '\'');
    }
    return Long.parseLong(amount.group(1)) * unit;
  }

  static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("must be a whole number, but is '" + text + '\'', e);
    }
  }
}
