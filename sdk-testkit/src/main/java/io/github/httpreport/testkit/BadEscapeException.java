package io.github.httpreport.testkit;

/** A percent sign without two hexadecimal digits; the message repeats the whole text, as theirs. */
final class BadEscapeException extends Exception {

  private static final long serialVersionUID = 1L;

  BadEscapeException(String message) {
    super(message);
  }
}
