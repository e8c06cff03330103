package io.github.httpreport.examples.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the number of a node. */
final class NodeNumberConverter implements ITypeConverter<Integer> {

  @Override
  public Integer convert(String text) {
    if (!text.matches("[0-9]{1,6}")) {
      throw new TypeConversionException(
          "'" + text + "' is no number of a node; write like 1=200ms");
    }
    return Integer.valueOf(text);
  }
}
