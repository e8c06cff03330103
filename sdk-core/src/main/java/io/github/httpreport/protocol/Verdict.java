package io.github.httpreport.protocol;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What an answer means. A protocol says it, the delivery acts on it. */
public sealed interface Verdict {

  /**
   * The server's own code.
   *
   * @return for example {@code 0}; {@code HTTP 413} for a bare status; may be empty
   */
  String code();

  /**
   * The messages are with the server.
   *
   * @param code the server's code
   * @param keepConnection whether the server keeps the connection open after this answer
   * @param messageIds the server's own id of each message, in the order of the request; empty when
   *     the server names none
   */
  record Accepted(String code, boolean keepConnection, List<String> messageIds) implements Verdict {

    /** Takes a copy of the ids. */
    public Accepted {
      messageIds = List.copyOf(messageIds);
    }

    /**
     * A plain success, after which the connection stays open.
     *
     * @param code the server's code
     */
    public Accepted(String code) {
      this(code, true, List.of());
    }
  }

  /**
   * The messages may be sent again, best to another node.
   *
   * @param code the server's code
   * @param reason the server's words, without what it echoes of the request
   * @param mayHaveBeenStored whether the server may hold them already
   * @param retryAfter how long the server asks to wait
   * @param nodeHealthy whether only the place that the messages are for is missing, so that the
   *     node goes on getting those for others
   */
  record Retry(
      String code,
      String reason,
      boolean mayHaveBeenStored,
      Optional<Duration> retryAfter,
      boolean nodeHealthy)
      implements Verdict {

    /**
     * An answer that counts against its node.
     *
     * @param code the server's code
     * @param reason the server's words, without what it echoes of the request
     * @param mayHaveBeenStored whether the server may hold the messages already
     * @param retryAfter how long the server asks to wait
     */
    public Retry(
        String code, String reason, boolean mayHaveBeenStored, Optional<Duration> retryAfter) {
      this(code, reason, mayHaveBeenStored, retryAfter, false);
    }
  }

  /**
   * The request is larger than the server takes; smaller ones may pass.
   *
   * @param code the server's code
   * @param reason the server's words
   */
  record Split(String code, String reason) implements Verdict {}

  /**
   * The credentials of this request are no longer good; new ones may be.
   *
   * @param code the server's code
   * @param reason the server's words, without a secret
   */
  record Reauthenticate(String code, String reason) implements Verdict {}

  /**
   * The server will never take these messages like this.
   *
   * @param code the server's code
   * @param reason the server's words, without what it echoes of the request
   * @param mayHaveBeenStored whether the server may hold some of them nevertheless
   * @param contentAtFault whether the messages themselves are the reason, so that every node
   *     refuses them at any time: too large alone, or malformed. False for everything that a change
   *     outside of the messages can cure, such as a group, a stream, credentials, a path or a node.
   *     Only a rejection of content can remove messages from a spool
   */
  record Rejected(String code, String reason, boolean mayHaveBeenStored, boolean contentAtFault)
      implements Verdict {

    /**
     * A refusal that is not the content's fault.
     *
     * @param code the server's code
     * @param reason the server's words, without what it echoes of the request
     * @param mayHaveBeenStored whether the server may hold some of the messages nevertheless
     */
    public Rejected(String code, String reason, boolean mayHaveBeenStored) {
      this(code, reason, mayHaveBeenStored, false);
    }

    /**
     * A refusal of the whole request that is not the content's fault.
     *
     * @param code the server's code
     * @param reason the server's words, without what it echoes of the request
     */
    public Rejected(String code, String reason) {
      this(code, reason, false, false);
    }

    /**
     * A refusal of the whole request because of its messages.
     *
     * @param code the server's code
     * @param reason the server's words, without what it echoes of the request
     * @return the verdict; nothing was stored
     */
    public static Rejected content(String code, String reason) {
      return new Rejected(code, reason, false, true);
    }
  }
}
