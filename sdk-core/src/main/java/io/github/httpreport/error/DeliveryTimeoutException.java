package io.github.httpreport.error;

/** The retry policy's deadline passed, or the sender was closed, before an acknowledgement came. */
public final class DeliveryTimeoutException extends SendException {

  private static final long serialVersionUID = 1L;

  /**
   * A failure of this kind.
   *
   * @param details its facts
   */
  public DeliveryTimeoutException(FailureDetails details) {
    super(details);
  }

  @Override
  public DeliveryTimeoutException withDetails(FailureDetails other) {
    return new DeliveryTimeoutException(other);
  }
}
