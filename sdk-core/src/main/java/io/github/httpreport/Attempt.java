package io.github.httpreport;

import java.time.Duration;

/**
 * One request to one node and what came of it.
 *
 * @param node the node as {@code host:port}
 * @param duration from the start of the exchange to its outcome
 * @param outcome what came of it
 * @param code the server's own code, for example {@code 0} or {@code 114}; {@code HTTP 503} for a
 *     bare status; empty when no answer came
 */
public record Attempt(String node, Duration duration, Outcome outcome, String code) {

  /** What came of one attempt. */
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
    /** The request left and no answer came in time. */
    TIMED_OUT(true),
    /** The request may have left and the connection was lost before a whole answer came. */
    CONNECTION_LOST(true),
    /** An answer came that does not tell whether the messages were taken. */
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
}
