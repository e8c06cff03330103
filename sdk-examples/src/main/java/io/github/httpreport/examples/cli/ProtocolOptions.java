package io.github.httpreport.examples.cli;

import io.github.httpreport.Destination;
import io.github.httpreport.HttpProxySender;
import io.github.httpreport.examples.doctor.NodeCheck;
import io.github.httpreport.protocol.WireProtocol;
import org.jspecify.annotations.Nullable;

/** What a command has to know to report to one kind of server. */
interface ProtocolOptions {

  /**
   * The protocol that the options describe.
   *
   * @throws IllegalArgumentException if the options do not make sense; the text names one
   */
  WireProtocol protocol(CredentialOptions credentials);

  /** The question to a node that the doctor asks, with a protocol of these options. */
  NodeCheck probe(WireProtocol protocol, Destination destination);

  /**
   * Sets protocol, servers and credentials on a sender.
   *
   * @throws IllegalArgumentException if the options do not make sense; the text names one
   */
  HttpProxySender.Builder applyTo(
      HttpProxySender.Builder sender, ServerOptions target, CredentialOptions credentials);

  /**
   * Where lines belong.
   *
   * @param group what was given as the group; null where nothing was
   * @param stream what was given as the stream; null where nothing was
   * @throws IllegalArgumentException if something is missing or blank; the text names the option
   */
  Destination destination(@Nullable String group, @Nullable String stream);

  /** The value of an option that must be there. */
  static String required(String option, @Nullable String value) {
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException(
          option + (value == null ? " is required" : " must not be blank"));
    }
    return value;
  }

  /** The value of an option, or another value where it was not given. */
  static String orElse(String option, @Nullable String value, String other) {
    return value == null ? other : required(option, value);
  }
}
