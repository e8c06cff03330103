package io.github.httpreport.testkit;

/** What came is not HTTP that a server would read. */
final class BadRequestException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Whether it went over a bound of the server's. */
  private final boolean tooLong;

  BadRequestException(String message) {
    this(message, false);
  }

  private BadRequestException(String message, boolean tooLong) {
    super(message);
    this.tooLong = tooLong;
  }

  static BadRequestException lineTooLong() {
    return new BadRequestException("line too long", true);
  }

  boolean tooLong() {
    return tooLong;
  }
}
