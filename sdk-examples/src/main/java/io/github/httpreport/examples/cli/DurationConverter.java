package io.github.httpreport.examples.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a time as people write it. */
final class DurationConverter implements ITypeConverter<Duration> {

  private static final Pattern FORM = Pattern.compile("([0-9]{1,12})(ms|s|m|h)");
  private static final Duration MAX = Duration.ofDays(365);

  @Override
  public Duration convert(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new TypeConversionException(
          "'" + text + "' is no time; write a whole number and ms, s, m or h, like 500ms or 10s");
    }
    Duration time = of(Long.parseLong(matcher.group(1)), matcher.group(2));
    if (time.compareTo(MAX) > 0) {
      throw new TypeConversionException("'" + text + "' is longer than a year");
    }
    return time;
  }

  private static Duration of(long number, String unit) {
    return switch (unit) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      default -> Duration.ofHours(number);
    };
  }
}
