package io.github.httpreport.examples.cli;

import java.util.Arrays;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the name of a protocol as the help writes it. */
final class ProtocolConverter implements ITypeConverter<Protocol> {

  @Override
  public Protocol convert(String text) {
    return Arrays.stream(Protocol.values())
        .filter(known -> known.toString().equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "expected one of "
                        + Arrays.toString(Protocol.values())
                        + " but was '"
                        + text
                        + "'"));
  }
}
