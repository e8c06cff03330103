package io.github.httpreport.common;

import java.time.Duration;
import org.apache.commons.lang3.StringUtils;
import org.jspecify.annotations.Nullable;

/** Checks of settings and arguments; a bad value is refused by its name. */
public final class Checks {

  private static final Duration MAX_TIME = Duration.ofDays(365);
  private static final long NANOS_PER_MILLI = Duration.ofMillis(1).toNanos();

  private Checks() {}

  /** A text that is neither null nor blank. */
  public static String text(@Nullable String value, String name) {
    if (value == null || StringUtils.isBlank(value)) {
      throw new IllegalArgumentException(
          name + " must not be " + (value == null ? "null" : "blank"));
    }
    return value;
  }

  /** A value that is not null. */
  public static <T> T notNull(@Nullable T value, String name) {
    if (value == null) {
      throw new IllegalArgumentException(name + " must not be null");
    }
    return value;
  }

  /** A time of more than zero and at most 365 days. */
  public static Duration positive(Duration value, String name) {
    if (value.isZero() || value.isNegative() || value.compareTo(MAX_TIME) > 0) {
      throw new IllegalArgumentException(
          name + " must be more than zero and at most 365 days, but is " + value);
    }
    return value;
  }

  /** A time from zero to 365 days. */
  public static Duration notNegative(Duration value, String name) {
    return value.isZero() ? value : positive(value, name);
  }

  /** A time from zero to a limit. */
  public static Duration atMost(Duration limit, Duration value, String name) {
    if (value.isNegative() || value.compareTo(limit) > 0) {
      throw new IllegalArgumentException(
          name + " must be from zero to " + limit + ", but is " + value);
    }
    return value;
  }

  /** A time of whole milliseconds, more than zero and at most 365 days. */
  public static Duration wholeMillis(Duration value, String name) {
    positive(value, name);
    if (value.toNanos() % NANOS_PER_MILLI != 0) {
      throw new IllegalArgumentException(
          name + " must be a whole number of milliseconds, but is " + value);
    }
    return value;
  }

  /** A number that is not below a limit. */
  public static <T extends Number> T atLeast(long min, T value, String name) {
    if (value.longValue() < min) {
      throw new IllegalArgumentException(name + " must be at least " + min + ", but is " + value);
    }
    return value;
  }
}
