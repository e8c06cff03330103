package io.github.httpreport.error;

import static java.util.Objects.requireNonNull;

import io.github.httpreport.Attempt;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Facts that every {@link SendException} carries. Immutable. */
public final class FailureDetails implements Serializable {

  private static final long serialVersionUID = 1L;

  private final String message;
  private final boolean retryable;
  private final boolean mayHaveBeenStored;

  @SuppressWarnings("serial") // An unmodifiable list of the JDK, which is serializable.
  private final List<Attempt> attempts;

  private final @Nullable Throwable cause;

  private FailureDetails(Builder builder) {
    message = builder.message;
    retryable = builder.retryable;
    mayHaveBeenStored = builder.mayHaveBeenStored;
    attempts = builder.attempts;
    cause = builder.cause;
  }

  /**
   * Starts from a failure before anything was sent, which the same call would meet again.
   *
   * @param message names group, stream, node, code and the server's own text; never a body or a
   *     secret
   * @return a new builder
   */
  public static Builder builder(String message) {
    return new Builder(requireNonNull(message, "message"));
  }

  /**
   * Starts from these details.
   *
   * @return a new builder
   */
  public Builder toBuilder() {
    return builder(message)
        .retryable(retryable)
        .mayHaveBeenStored(mayHaveBeenStored)
        .attempts(attempts)
        .cause(cause);
  }

  /**
   * The text of the exception.
   *
   * @return group, stream, node, code and the server's own text; never a body or a secret
   */
  public String message() {
    return message;
  }

  /**
   * Whether the same send may succeed later although no setting changes.
   *
   * @return true if it is worth another try
   */
  public boolean retryable() {
    return retryable;
  }

  /**
   * Whether the server may hold some or all of the messages nevertheless.
   *
   * @return true if the outcome is unknown
   */
  public boolean mayHaveBeenStored() {
    return mayHaveBeenStored;
  }

  /**
   * Every request made.
   *
   * @return in order, unmodifiable; empty when nothing was sent
   */
  public List<Attempt> attempts() {
    return attempts;
  }

  /**
   * The failure underneath.
   *
   * @return null if there is none
   */
  public @Nullable Throwable cause() {
    return cause;
  }

  @Override
  public String toString() {
    return "FailureDetails["
        + message
        + ", retryable="
        + retryable
        + ", mayHaveBeenStored="
        + mayHaveBeenStored
        + ", attempts="
        + attempts
        + ", cause="
        + cause
        + ']';
  }

  /** Collects details; not safe for use by several threads. */
  public static final class Builder {
    private final String message;
    private boolean retryable;
    private boolean mayHaveBeenStored;
    private List<Attempt> attempts = List.of();
    private @Nullable Throwable cause;

    private Builder(String message) {
      this.message = message;
    }

    /**
     * Sets whether the same send may succeed later although no setting changes. Default false.
     *
     * @param value true if it is worth another try
     * @return this builder
     */
    public Builder retryable(boolean value) {
      retryable = value;
      return this;
    }

    /**
     * Sets whether the server may hold some or all of the messages nevertheless. Default false.
     *
     * @param value true if the outcome is unknown
     * @return this builder
     */
    public Builder mayHaveBeenStored(boolean value) {
      mayHaveBeenStored = value;
      return this;
    }

    /**
     * Sets the requests made. Default none.
     *
     * @param value in order; copied
     * @return this builder
     */
    public Builder attempts(List<Attempt> value) {
      attempts = List.copyOf(value);
      return this;
    }

    /**
     * Sets the failure underneath. Default none.
     *
     * @param value null for none
     * @return this builder
     */
    public Builder cause(@Nullable Throwable value) {
      cause = value;
      return this;
    }

    /**
     * The details.
     *
     * @return new details
     */
    public FailureDetails build() {
      return new FailureDetails(this);
    }
  }
}
