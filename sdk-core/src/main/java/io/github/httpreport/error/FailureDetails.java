package io.github.httpreport.error;

import io.github.httpreport.Attempt;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What every failed send tells.
 *
 * @param message names group, stream, node, code and the server's own words; never a body or a
 *     secret
 * @param retryable whether the same send may succeed later without anybody changing a setting
 * @param mayHaveBeenStored whether the server may hold some or all of the messages nevertheless
 * @param attempts every request made, in order
 * @param cause what happened underneath, or null
 */
public record FailureDetails(
    String message,
    boolean retryable,
    boolean mayHaveBeenStored,
    List<Attempt> attempts,
    @Nullable Throwable cause) {

  /** Takes a copy of the attempts. */
  public FailureDetails {
    attempts = List.copyOf(attempts);
  }

  /**
   * The same, told by somebody who knows more.
   *
   * @param stored whether the server may hold some of the messages
   * @return details that say so, if these or the parameter do
   */
  public FailureDetails orStored(boolean stored) {
    return new FailureDetails(message, retryable, mayHaveBeenStored || stored, attempts, cause);
  }

  /**
   * A failure before anything was sent.
   *
   * @param message what is wrong
   * @param retryable whether the same send may succeed later
   * @return details without attempts
   */
  public static FailureDetails beforeSending(String message, boolean retryable) {
    return new FailureDetails(message, retryable, false, List.of(), null);
  }
}
