package io.github.httpreport;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.time.Duration;
import java.util.Objects;

/** One request to one node and its outcome. Immutable. */
public final class Attempt implements Serializable {

  private static final long serialVersionUID = 1L;

  /** Outcome of one attempt; later versions may add one. */
  public enum Outcome {
    /** The server took the messages. */
    ACCEPTED(false),
    /** No connection could be made: nothing left this process. */
    NOT_CONNECTED(false),
    /** The server said that it did not take the messages now. */
    REFUSED(false),
    /** The server said that this request is wrong. */
    REJECTED(false),
    /** The server said that the request is too large. */
    TOO_LARGE(false),
    /** The server asked for new credentials. */
    UNAUTHENTICATED(false),
    /** The request left and no response came in time. */
    TIMED_OUT(true),
    /** The request may have left and the connection was lost before a whole response came. */
    CONNECTION_LOST(true),
    /** A response came that does not say whether the messages were taken. */
    UNCLEAR(true);

    private final boolean mayHaveBeenStored;

    Outcome(boolean mayHaveBeenStored) {
      this.mayHaveBeenStored = mayHaveBeenStored;
    }

    /**
     * Whether the messages may be on the server although no acceptance was seen.
     *
     * @return true for an outcome that is unknown
     */
    public boolean mayHaveBeenStored() {
      return mayHaveBeenStored;
    }
  }

  private final String node;
  private final Duration duration;
  private final Outcome outcome;
  private final String code;

  private Attempt(String node, Duration duration, Outcome outcome, String code) {
    this.node = requireNonNull(node, "node");
    this.duration = requireNonNull(duration, "duration");
    this.outcome = requireNonNull(outcome, "outcome");
    this.code = requireNonNull(code, "code");
  }

  /**
   * An attempt.
   *
   * @param node the node as {@code host:port}
   * @param duration from the start of the exchange to its outcome
   * @param outcome its outcome
   * @param code the server's own code; empty when no response came
   * @return the attempt
   */
  public static Attempt of(String node, Duration duration, Outcome outcome, String code) {
    return new Attempt(node, duration, outcome, code);
  }

  /**
   * The node.
   *
   * @return {@code host:port}
   */
  public String node() {
    return node;
  }

  /**
   * The time from the start of the exchange to its outcome.
   *
   * @return zero or more
   */
  public Duration duration() {
    return duration;
  }

  /**
   * The outcome.
   *
   * @return never null
   */
  public Outcome outcome() {
    return outcome;
  }

  /**
   * The server's own code.
   *
   * @return for example {@code 0} or {@code 114}; {@code HTTP 503} for a bare status; empty when no
   *     response came
   */
  public String code() {
    return code;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Attempt that
        && node.equals(that.node)
        && duration.equals(that.duration)
        && outcome == that.outcome
        && code.equals(that.code);
  }

  @Override
  public int hashCode() {
    return Objects.hash(node, duration, outcome, code);
  }

  @Override
  public String toString() {
    return "Attempt[node="
        + node
        + ", duration="
        + duration
        + ", outcome="
        + outcome
        + ", code="
        + code
        + ']';
  }
}
