package io.github.httpreport.examples.cli;

import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a time that is more than nothing. */
final class PositiveDurationConverter implements ITypeConverter<Duration> {

  private final DurationConverter times = new DurationConverter();

  @Override
  public Duration convert(String text) {
    Duration time = times.convert(text);
    if (time.isZero()) {
      throw new TypeConversionException("'" + text + "' is not more than zero");
    }
    return time;
  }
}
