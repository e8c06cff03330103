package io.github.httpreport.flink;

import org.jspecify.annotations.Nullable;

/** A record without a body, text or destination: the record alone is at fault and is refused. */
final class InvalidRecordException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  InvalidRecordException(@Nullable String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
