package io.github.httpreport.testkit;

/** What came is not HTTP that a server would read. */
final class BadRequestException extends Exception {

  private static final long serialVersionUID = 1L;

  BadRequestException(String message) {
    super(message);
  }
}
