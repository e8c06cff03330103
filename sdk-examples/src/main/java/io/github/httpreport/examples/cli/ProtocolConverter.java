package io.github.httpreport.examples.cli;

/** Reads the name of a protocol as the help writes it. */
final class ProtocolConverter extends NameConverter<Protocol> {

  ProtocolConverter() {
    super(Protocol.values());
  }
}
