package io.github.httpreport.kafka.connect;

import org.apache.kafka.common.config.ConfigException;

/** An option that is needed and not set. */
final class MissingOptionException extends ConfigException {

  private static final long serialVersionUID = 1L;

  MissingOptionException(String option) {
    super(option + " is not set");
  }
}
