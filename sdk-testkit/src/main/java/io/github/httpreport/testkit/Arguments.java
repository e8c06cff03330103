package io.github.httpreport.testkit;

import java.time.Duration;
import org.apache.commons.lang3.StringUtils;

/** Refuses a bad setting of a server by its name. */
final class Arguments {

  private static final int MAX_PORT = 65_535;
  private static final Duration MAX_IDLE = Duration.ofDays(20);

  private Arguments() {}

  static String text(String value, String name) {
    if (StringUtils.isBlank(value)) {
      throw new IllegalArgumentException(name + " must not be blank");
    }
    return value;
  }

  static int atLeast(int least, int value, String name) {
    if (value < least) {
      throw new IllegalArgumentException(name + " must be at least " + least + ", but is " + value);
    }
    return value;
  }

  static int between(int least, int most, int value, String name) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " must be from " + least + " to " + most + ", but is " + value);
    }
    return value;
  }

  static int port(int value, String name) {
    return between(0, MAX_PORT, value, name);
  }

  static Duration idleTimeout(Duration value) {
    if (value.toMillis() < 1 || value.compareTo(MAX_IDLE) > 0) {
      throw new IllegalArgumentException(
          "idleTimeout must be from 1 ms to 20 days, but is " + value);
    }
    return value;
  }
}
