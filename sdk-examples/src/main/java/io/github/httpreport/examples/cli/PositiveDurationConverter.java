package io.github.httpreport.examples.cli;

import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a time that is more than nothing. */
public final class PositiveDurationConverter implements ITypeConverter<Duration> {

  private final DurationConverter times = new DurationConverter();

  /** For picocli. */
  public PositiveDurationConverter() {}

  @Override
  public Duration convert(String text) {
    Duration time = times.convert(text);
    if (time.isZero()) {
      throw new TypeConversionException("'" + text + "' is not more than zero");
    }
    return time;
  }
}
