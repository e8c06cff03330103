package io.github.httpreport.examples.cli;

import java.util.Arrays;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads one of some values by the name that the help writes. */
abstract class NameConverter<T> implements ITypeConverter<T> {

  private final T[] values;

  NameConverter(T[] values) {
    this.values = values;
  }

  @Override
  public final T convert(String text) {
    return Arrays.stream(values)
        .filter(known -> known.toString().equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "expected one of " + Arrays.toString(values) + " but was '" + text + "'"));
  }
}
