package io.github.httpreport.error;

import static java.util.Objects.requireNonNull;

/** The server answered that it does not take the messages. */
public final class RejectedException extends SendException {

  private static final long serialVersionUID = 1L;

  /** The server's own code. */
  private final String code;

  /** Whether the messages are the reason. */
  private final boolean contentAtFault;

  /**
   * A failure of this kind.
   *
   * @param code the server's own code, or {@code HTTP} and a status
   * @param details its facts
   */
  public RejectedException(String code, FailureDetails details) {
    this(code, details, false);
  }

  private RejectedException(String code, FailureDetails details, boolean contentAtFault) {
    super(details);
    this.code = requireNonNull(code, "code");
    this.contentAtFault = contentAtFault;
  }

  /**
   * A failure whose reason is the messages themselves.
   *
   * @param code the server's own code, or {@code HTTP} and a status
   * @param details its facts
   * @return a new exception
   */
  public static RejectedException ofContent(String code, FailureDetails details) {
    return new RejectedException(code, details, true);
  }

  /**
   * Whether the messages themselves are the reason, so that no node takes them at any time. The
   * server refuses a request as a whole, so a single one of its messages may be at fault; the
   * others are taken when they are sent without it.
   *
   * @return false when the group, the stream, credentials, a path or a node may be the reason
   */
  public boolean isContentAtFault() {
    return contentAtFault;
  }

  /**
   * The server's own code, for example {@code 115}; {@code HTTP 400} for a bare status.
   *
   * @return the code of the last response
   */
  public String code() {
    return code;
  }

  @Override
  public RejectedException withDetails(FailureDetails other) {
    return new RejectedException(code, other, contentAtFault);
  }
}
