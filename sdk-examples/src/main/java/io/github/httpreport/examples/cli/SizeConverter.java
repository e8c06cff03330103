package io.github.httpreport.examples.cli;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a number of bytes as people write it. */
public final class SizeConverter implements ITypeConverter<Long> {

  private static final Pattern FORM = Pattern.compile("([0-9]{1,9})(B|kB|KB|KiB|MB|MiB|GB|GiB)");

  private static final Map<String, Long> UNITS =
      Map.of(
          "B", 1L,
          "kB", 1_000L,
          "KB", 1_000L,
          "KiB", 1L << 10,
          "MB", 1_000_000L,
          "MiB", 1L << 20,
          "GB", 1_000_000_000L,
          "GiB", 1L << 30);

  /** For picocli. */
  public SizeConverter() {}

  @Override
  public Long convert(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new TypeConversionException(
          "'"
              + text
              + "' is no size; write a whole number and B, KiB, MiB, GiB, kB, MB or GB,"
              + " like 64KiB or 32MB");
    }
    return Long.parseLong(matcher.group(1)) * UNITS.getOrDefault(matcher.group(2), 1L);
  }
}
