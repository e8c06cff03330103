package io.github.httpreport.examples.cli;

import org.jspecify.annotations.Nullable;

/** Ends a command with words that its user understands. */
final class CommandFailedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  CommandFailedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
