package io.github.httpreport.error;

/** No node could be reached, or the node source knows none for the group. */
public final class NoNodeAvailableException extends SendException {

  private static final long serialVersionUID = 1L;

  /**
   * A failure of this kind.
   *
   * @param details its facts
   */
  public NoNodeAvailableException(FailureDetails details) {
    super(details);
  }

  @Override
  public NoNodeAvailableException withDetails(FailureDetails other) {
    return new NoNodeAvailableException(other);
  }
}
