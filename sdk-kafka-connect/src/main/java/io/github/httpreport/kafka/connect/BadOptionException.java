package io.github.httpreport.kafka.connect;

import java.util.function.Supplier;
import org.apache.kafka.common.config.ConfigException;

/** One option with a value that the library refuses. Its text names the option. */
final class BadOptionException extends ConfigException {

  private static final long serialVersionUID = 1L;

  private final String option;
  private final String why;

  BadOptionException(String option, String why) {
    super(option + ": " + why);
    this.option = option;
    this.why = why;
  }

  String option() {
    return option;
  }

  /** What is wrong with the value. */
  String why() {
    return why;
  }

  /** Calls a setter of the library, whose refusal then names the option that the value is of. */
  static <T> T named(String option, Supplier<T> setter) {
    try {
      return setter.get();
    } catch (IllegalArgumentException e) {
      throw new BadOptionException(option, String.valueOf(e.getMessage()));
    }
  }
}
