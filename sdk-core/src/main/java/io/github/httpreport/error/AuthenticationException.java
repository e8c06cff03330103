package io.github.httpreport.error;

/** The server or the node source does not take the credentials. */
public final class AuthenticationException extends SendException {

  private static final long serialVersionUID = 1L;

  /**
   * A failure of this kind.
   *
   * @param details its facts
   */
  public AuthenticationException(FailureDetails details) {
    super(details);
  }

  @Override
  public AuthenticationException withDetails(FailureDetails other) {
    return new AuthenticationException(other);
  }
}
