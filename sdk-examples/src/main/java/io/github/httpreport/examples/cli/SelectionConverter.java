package io.github.httpreport.examples.cli;

import java.util.Arrays;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the name of a selector as the help writes it. */
final class SelectionConverter implements ITypeConverter<Selection> {

  @Override
  public Selection convert(String text) {
    return Arrays.stream(Selection.values())
        .filter(known -> known.toString().equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "expected one of "
                        + Arrays.toString(Selection.values())
                        + " but was '"
                        + text
                        + "'"));
  }
}
