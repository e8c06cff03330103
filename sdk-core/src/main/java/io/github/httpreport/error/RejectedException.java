package io.github.httpreport.error;

import static java.util.Objects.requireNonNull;

/** The server answered that it does not take the messages. */
public final class RejectedException extends SendException {

  private static final long serialVersionUID = 1L;

  /** The server's own code. */
  private final String code;

  /**
   * A failure of this kind.
   *
   * @param code the server's own code, or {@code HTTP} and a status
   * @param details what it tells
   */
  public RejectedException(String code, FailureDetails details) {
    super(details);
    this.code = requireNonNull(code, "code");
  }

  /**
   * The server's own code, for example {@code 115}; {@code HTTP 400} for a bare status.
   *
   * @return the code of the last answer
   */
  public String code() {
    return code;
  }
}
