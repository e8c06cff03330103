package io.github.httpreport.protocol;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Meaning of a response. A protocol derives it, the delivery acts on it. Immutable, with equality
 * by value. Later versions may add a kind only together with a major version.
 *
 * <p>Codes and reasons are put on one line and cut at 400 characters here, so a protocol may pass a
 * server's own text as it is. It must leave out what the server echoes of the request.
 */
public sealed interface Verdict {

  /**
   * The server's own code.
   *
   * @return for example {@code 0}; {@code HTTP 413} for a bare status; may be empty
   */
  String code();

  /** The messages are with the server. */
  sealed interface Accepted extends Verdict permits Verdicts.AcceptedVerdict {

    /**
     * A plain success, after which the connection stays open.
     *
     * @param code the server's code
     * @return the verdict
     */
    static Accepted of(String code) {
      return of(code, List.of());
    }

    /**
     * A success of a server that names the messages, after which the connection stays open.
     *
     * @param code the server's code
     * @param messageIds the server's own id of each message, in the order of the request; copied
     * @return the verdict
     */
    static Accepted of(String code, List<String> messageIds) {
      return new Verdicts.AcceptedVerdict(code, true, messageIds);
    }

    /**
     * The same from a server that closes the connection after this response.
     *
     * @return another verdict
     */
    Accepted closingConnection();

    /**
     * Whether the server keeps the connection open after this response.
     *
     * @return true unless it was made by {@link #closingConnection}
     */
    boolean keepsConnection();

    /**
     * The server's own id of each message.
     *
     * @return in the order of the request, unmodifiable; empty when the server names none
     */
    List<String> messageIds();
  }

  /** The messages may be sent again, best to another node. */
  sealed interface Retry extends Verdict permits Verdicts.RetryVerdict {

    /**
     * A refusal that stored nothing and counts against the node.
     *
     * @param code the server's code
     * @param reason the server's text, without what it echoes of the request
     * @return the verdict
     */
    static Retry of(String code, String reason) {
      return new Verdicts.RetryVerdict(code, reason, false, Optional.empty(), false);
    }

    /**
     * The same where the server may hold the messages already.
     *
     * @return another verdict
     */
    Retry maybeStored();

    /**
     * The same with a time that the server asks to wait.
     *
     * @param wait zero or more
     * @return another verdict
     */
    Retry after(Duration wait);

    /**
     * The same where only the place that the messages are for is missing, so that the node goes on
     * getting messages for other places.
     *
     * @return another verdict
     */
    Retry nodeHealthy();

    /**
     * The server's text.
     *
     * @return one line
     */
    String reason();

    /**
     * Whether the server may hold the messages already.
     *
     * @return true if it was made by {@link #maybeStored}
     */
    boolean mayHaveBeenStored();

    /**
     * How long the server asks to wait.
     *
     * @return empty unless it was made by {@link #after}
     */
    Optional<Duration> retryAfter();

    /**
     * Whether the verdict leaves the health of the node alone.
     *
     * @return true if it was made by {@link #nodeHealthy}
     */
    boolean isNodeHealthy();
  }

  /** The request is larger than the server takes; smaller ones may pass. */
  sealed interface Split extends Verdict permits Verdicts.SplitVerdict {

    /**
     * A refusal of the size.
     *
     * @param code the server's code
     * @param reason the server's text
     * @return the verdict
     */
    static Split of(String code, String reason) {
      return new Verdicts.SplitVerdict(code, reason);
    }

    /**
     * The server's text.
     *
     * @return one line
     */
    String reason();
  }

  /** The credentials of this request are no longer good; new ones may be. */
  sealed interface Reauthenticate extends Verdict permits Verdicts.ReauthenticateVerdict {

    /**
     * A refusal of the credentials.
     *
     * @param code the server's code
     * @param reason the server's text, without a secret
     * @return the verdict
     */
    static Reauthenticate of(String code, String reason) {
      return new Verdicts.ReauthenticateVerdict(code, reason);
    }

    /**
     * The server's text.
     *
     * @return one line
     */
    String reason();
  }

  /** The server will never take these messages like this. */
  sealed interface Rejected extends Verdict permits Verdicts.RejectedVerdict {

    /**
     * A refusal of the whole request that a change outside of the messages can cure: of a group, a
     * stream, credentials, a path or a node.
     *
     * @param code the server's code
     * @param reason the server's text, without what it echoes of the request
     * @return the verdict
     */
    static Rejected of(String code, String reason) {
      return new Verdicts.RejectedVerdict(code, reason, false, false);
    }

    /**
     * A refusal of the whole request because of its messages: every node refuses them at any time.
     * Only such a rejection can remove messages from a spool.
     *
     * @param code the server's code
     * @param reason the server's text, without what it echoes of the request
     * @return the verdict
     */
    static Rejected content(String code, String reason) {
      return new Verdicts.RejectedVerdict(code, reason, false, true);
    }

    /**
     * The same where the server may hold some of the messages nevertheless.
     *
     * @return another verdict
     */
    Rejected maybeStored();

    /**
     * The server's text.
     *
     * @return one line
     */
    String reason();

    /**
     * Whether the server may hold some of the messages nevertheless.
     *
     * @return true if it was made by {@link #maybeStored}
     */
    boolean mayHaveBeenStored();

    /**
     * Whether the messages themselves are the reason.
     *
     * @return true if it was made by {@link #content}
     */
    boolean isContentAtFault();
  }
}
