package io.github.httpreport.error;

/**
 * The request left and no readable response came, and the retry policy allows no further attempt.
 */
public final class UnknownOutcomeException extends SendException {

  private static final long serialVersionUID = 1L;

  /**
   * A failure of this kind.
   *
   * @param details its facts
   */
  public UnknownOutcomeException(FailureDetails details) {
    super(details);
  }

  @Override
  public UnknownOutcomeException withDetails(FailureDetails other) {
    return new UnknownOutcomeException(other);
  }
}
