package io.github.httpreport.error;

/** One message alone is larger than the server or the buffer takes. Send it in parts. */
public final class MessageTooLargeException extends SendException {

  private static final long serialVersionUID = 1L;

  /**
   * A failure of this kind.
   *
   * @param details its facts
   */
  public MessageTooLargeException(FailureDetails details) {
    super(details);
  }

  @Override
  public MessageTooLargeException withDetails(FailureDetails other) {
    return new MessageTooLargeException(other);
  }
}
