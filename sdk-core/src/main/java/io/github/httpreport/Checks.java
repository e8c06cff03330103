package io.github.httpreport;

import java.time.Duration;
import org.apache.commons.lang3.StringUtils;

/** Refuses a bad setting or argument by its name. */
final class Checks {

  private static final Duration MAX = Duration.ofDays(365);
  private static final long NANOS_PER_MILLI = Duration.ofMillis(1).toNanos();

  private Checks() {}

  static String text(String value, String name) {
    if (StringUtils.isBlank(value)) {
      throw new IllegalArgumentException(
          name + " must not be " + (value == null ? "null" : "blank"));
    }
    return value;
  }

  static Duration positive(Duration value, String name) {
    if (value.isZero() || value.isNegative() || value.compareTo(MAX) > 0) {
      throw new IllegalArgumentException(
          name + " must be more than zero and at most 365 days, but is " + value);
    }
    return value;
  }

  static Duration notNegative(Duration value, String name) {
    return value.isZero() ? value : positive(value, name);
  }

  static Duration wholeMillis(Duration value, String name) {
    positive(value, name);
    if (value.toNanos() % NANOS_PER_MILLI != 0) {
      throw new IllegalArgumentException(
          name + " must be a whole number of milliseconds, but is " + value);
    }
    return value;
  }

  static <T extends Number> T atLeast(long least, T value, String name) {
    if (value.longValue() < least) {
      throw new IllegalArgumentException(name + " must be at least " + least + ", but is " + value);
    }
    return value;
  }
}
