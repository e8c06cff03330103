package io.github.httpreport.error;

/**
 * The thread was interrupted while it waited in {@code send}. Its interrupt flag is set again; the
 * delivery goes on in the background.
 */
public final class InterruptedSendException extends SendException {

  private static final long serialVersionUID = 1L;

  /**
   * A failure of this kind.
   *
   * @param details its facts
   */
  public InterruptedSendException(FailureDetails details) {
    super(details);
  }

  @Override
  public InterruptedSendException withDetails(FailureDetails other) {
    return new InterruptedSendException(other);
  }
}
