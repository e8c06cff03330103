package io.github.httpreport.error;

/** The buffer had no room within the time that {@code WhenFull} allows. Nothing was sent. */
public final class BufferFullException extends SendException {

  private static final long serialVersionUID = 1L;

  /**
   * A failure of this kind.
   *
   * @param details its facts
   */
  public BufferFullException(FailureDetails details) {
    super(details);
  }

  @Override
  public BufferFullException withDetails(FailureDetails other) {
    return new BufferFullException(other);
  }
}
