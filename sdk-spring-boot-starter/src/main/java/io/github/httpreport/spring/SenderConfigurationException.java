package io.github.httpreport.spring;

import java.io.Serial;

/** A sender that cannot be made of its properties; the text names the prefix and the setting. */
final class SenderConfigurationException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1;

  SenderConfigurationException(String sender, RuntimeException cause) {
    super(
        "the properties "
            + SenderProperties.prefixOf(sender)
            + ".* do not make a sender: "
            + cause.getMessage(),
        cause);
  }
}
