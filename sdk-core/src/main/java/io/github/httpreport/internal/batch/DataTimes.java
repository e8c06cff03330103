package io.github.httpreport.internal.batch;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Data times in the whole milliseconds that servers know; null stands for none. Every time passes
 * through here before it is compared, so that two instants within one millisecond share a batch.
 */
public final class DataTimes {

  private DataTimes() {}

  /**
   * Cuts what is below a millisecond.
   *
   * @throws IllegalArgumentException if the time is out of the range of milliseconds in a long
   */
  public static @Nullable Instant inMillis(@Nullable Instant dataTime) {
    try {
      return dataTime == null ? null : Instant.ofEpochMilli(dataTime.toEpochMilli());
    } catch (ArithmeticException e) {
      throw outOfRange(dataTime, e);
    }
  }

  /** The data time that messages share a batch by: rounded down to the granularity. */
  public static @Nullable Instant roundedDown(@Nullable Instant dataTime, Duration granularity) {
    Instant time = inMillis(dataTime);
    long unit = granularity.toMillis();
    if (time == null || unit == 1) {
      return time;
    }
    long millis = time.toEpochMilli();
    try {
      return Instant.ofEpochMilli(Math.subtractExact(millis, Math.floorMod(millis, unit)));
    } catch (ArithmeticException e) {
      throw outOfRange(dataTime, e);
    }
  }

  private static IllegalArgumentException outOfRange(
      @Nullable Instant dataTime, ArithmeticException e) {
    return new IllegalArgumentException("dataTime is out of range: " + dataTime, e);
  }
}
