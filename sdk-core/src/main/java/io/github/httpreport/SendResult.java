package io.github.httpreport;

import static java.util.Objects.requireNonNull;

import io.github.httpreport.common.Checks;
import java.util.List;
import java.util.Objects;

/**
 * A delivery that the server acknowledged, or that is on disk. What the acknowledgement promises is
 * the server's to say: an InLong DataProxy's code 0 means "in the memory queue of that node".
 * Immutable.
 */
public final class SendResult {

  private final String node;
  private final int messageCount;
  private final List<Attempt> attempts;
  private final boolean possibleDuplicate;
  private final boolean spooled;
  private final List<String> messageIds;

  private SendResult(Builder builder) {
    node = builder.node;
    messageCount = builder.messageCount;
    attempts = builder.attempts;
    possibleDuplicate = builder.possibleDuplicate;
    spooled = builder.spooled;
    messageIds = builder.messageIds;
  }

  /**
   * Starts from one message that no node is named for: for a sender of the application's own, such
   * as a fake, and for {@link MockProxySender#succeedNext}.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The node that took the messages; the last one when the batch had to be split.
   *
   * @return {@code host:port}; empty when the messages are on disk
   */
  public String node() {
    return node;
  }

  /**
   * How many messages the acknowledged batch held: for {@link ProxySender#enqueue(String, String,
   * String) enqueue} those that travelled together.
   *
   * @return at least 1
   */
  public int messageCount() {
    return messageCount;
  }

  /**
   * Every request made for the batch so far.
   *
   * @return in order, the accepted one last; unmodifiable
   */
  public List<Attempt> attempts() {
    return attempts;
  }

  /**
   * Whether an earlier attempt may have been stored as well.
   *
   * @return true if the server may hold the messages twice
   */
  public boolean possibleDuplicate() {
    return possibleDuplicate;
  }

  /**
   * Whether the messages, or some of a batch that was split, are on this machine's disk and not yet
   * on the server: they outlive the process and are delivered later.
   *
   * @return false when the server acknowledged all of them
   */
  public boolean spooled() {
    return spooled;
  }

  /**
   * The server's own id of each message, where the server names them, as Tencent CKafka DataHub
   * does.
   *
   * @return in the order of the call, unmodifiable; for {@code enqueue} the id of the one message;
   *     empty where the server names none
   */
  public List<String> messageIds() {
    return messageIds;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SendResult that
        && node.equals(that.node)
        && messageCount == that.messageCount
        && attempts.equals(that.attempts)
        && possibleDuplicate == that.possibleDuplicate
        && spooled == that.spooled
        && messageIds.equals(that.messageIds);
  }

  @Override
  public int hashCode() {
    return Objects.hash(node, messageCount, attempts, possibleDuplicate, spooled, messageIds);
  }

  @Override
  public String toString() {
    return "SendResult[node="
        + node
        + ", messageCount="
        + messageCount
        + ", attempts="
        + attempts
        + ", possibleDuplicate="
        + possibleDuplicate
        + ", spooled="
        + spooled
        + ", messageIds="
        + messageIds
        + ']';
  }

  /** Collects a result; not safe for use by several threads. */
  public static final class Builder {
    private String node = "";
    private int messageCount = 1;
    private List<Attempt> attempts = List.of();
    private boolean possibleDuplicate;
    private boolean spooled;
    private List<String> messageIds = List.of();

    private Builder() {}

    /**
     * Sets the node. Default empty.
     *
     * @param value {@code host:port}
     * @return this builder
     */
    public Builder node(String value) {
      node = requireNonNull(value, "node");
      return this;
    }

    /**
     * Sets how many messages the batch held. Default 1.
     *
     * @param value at least 1
     * @return this builder
     * @throws IllegalArgumentException if it is less
     */
    public Builder messageCount(int value) {
      messageCount = Checks.atLeast(1, value, "messageCount");
      return this;
    }

    /**
     * Sets the requests made for the batch. Default none.
     *
     * @param value in order; copied
     * @return this builder
     */
    public Builder attempts(List<Attempt> value) {
      attempts = List.copyOf(value);
      return this;
    }

    /**
     * Sets whether an earlier attempt may have been stored as well. Default false.
     *
     * @param value true if the server may hold the messages twice
     * @return this builder
     */
    public Builder possibleDuplicate(boolean value) {
      possibleDuplicate = value;
      return this;
    }

    /**
     * Sets whether the messages are on disk and not yet on the server. Default false.
     *
     * @param value true if they are on disk
     * @return this builder
     */
    public Builder spooled(boolean value) {
      spooled = value;
      return this;
    }

    /**
     * Sets the server's own ids of the messages. Default none.
     *
     * @param value in the order of the call; copied
     * @return this builder
     */
    public Builder messageIds(List<String> value) {
      messageIds = List.copyOf(value);
      return this;
    }

    /**
     * The result.
     *
     * @return a new result
     */
    public SendResult build() {
      return new SendResult(this);
    }
  }
}
