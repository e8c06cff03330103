package io.github.httpreport.error;

import io.github.httpreport.Attempt;
import java.util.List;

/**
 * A batch or message was not acknowledged. The subclasses say why. Serializable with its details,
 * as engines carry the failure of a job from one process to another.
 */
public class SendException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final FailureDetails details;

  /**
   * A failure for a cause that no subclass names.
   *
   * @param details its facts
   */
  public SendException(FailureDetails details) {
    super(details.message(), details.cause());
    this.details = details;
  }

  /**
   * Whether the same send may succeed later without a change of settings.
   *
   * @return true if it is worth another try
   */
  public boolean retryable() {
    return details.retryable();
  }

  /**
   * Whether the server may hold some or all of the messages nevertheless, so that sending them
   * again may store them twice.
   *
   * @return true if the outcome is unknown
   */
  public boolean mayHaveBeenStored() {
    return details.mayHaveBeenStored();
  }

  /**
   * Every request made for the batch.
   *
   * @return in order, unmodifiable; empty when nothing was sent
   */
  public List<Attempt> attempts() {
    return details.attempts();
  }

  /**
   * All of the above, for passing on.
   *
   * @return the details
   */
  public FailureDetails details() {
    return details;
  }

  /**
   * The same kind of failure with other details.
   *
   * @param other the facts of the copy
   * @return a copy of this class
   */
  public SendException withDetails(FailureDetails other) {
    return new SendException(other);
  }
}
