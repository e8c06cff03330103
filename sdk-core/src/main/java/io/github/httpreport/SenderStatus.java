package io.github.httpreport;

import static java.util.Objects.requireNonNull;

import io.github.httpreport.common.Checks;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Snapshot of what a sender knows at one moment, for health checks and dashboards; see {@link
 * ProxySender#status()}. Immutable. It holds numbers only: no address, no name of a group, nothing
 * of a message.
 *
 * <p>The numbers are read one after the other while the sender works, so two of them may differ by
 * what happened in between.
 */
public final class SenderStatus {

  private final boolean closed;
  private final int nodes;
  private final int ejectedNodes;
  private final int groups;
  private final int failingGroups;
  private final long bufferUsedBytes;
  private final long bufferMaxBytes;
  private final boolean hasSpool;
  private final long spoolMessages;
  private final long spoolUsedBytes;
  private final long spoolMaxBytes;
  private final boolean spoolBroken;
  private final boolean spoolFull;
  private final @Nullable Instant lastSuccess;

  private SenderStatus(Builder builder) {
    closed = builder.closed;
    nodes = builder.nodes;
    ejectedNodes = builder.ejectedNodes;
    groups = builder.groups;
    failingGroups = builder.failingGroups;
    bufferUsedBytes = builder.bufferUsedBytes;
    bufferMaxBytes = builder.bufferMaxBytes;
    hasSpool = builder.hasSpool;
    spoolMessages = builder.spoolMessages;
    spoolUsedBytes = builder.spoolUsedBytes;
    spoolMaxBytes = builder.spoolMaxBytes;
    spoolBroken = builder.spoolBroken;
    spoolFull = builder.spoolFull;
    lastSuccess = builder.lastSuccess;
  }

  /**
   * An open sender that was not used yet, with the default buffer and no spool: a start for a
   * status that a test or another implementation of {@link ProxySender} reports.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Whether a message sent now has a prospect: the sender is open, and a node may take the message
   * or the spool keeps it. False only if that is known to be otherwise: the sender is closed; or no
   * spool has room, and every node is ejected or every group in use is failing. A sender that was
   * not used yet, or not for a while, is available.
   *
   * @return false if nothing can be sent
   */
  public boolean available() {
    boolean nodeMayTake = !allNodesEjected() && !allGroupsFailing();
    boolean spoolTakes = hasSpool && !spoolBroken && !spoolFull;
    return !closed && (nodeMayTake || spoolTakes);
  }

  private boolean allNodesEjected() {
    return nodes > 0 && ejectedNodes == nodes;
  }

  private boolean allGroupsFailing() {
    return groups > 0 && failingGroups == groups;
  }

  /**
   * Whether {@code close} was called.
   *
   * @return true from the first call on
   */
  public boolean closed() {
    return closed;
  }

  /**
   * The nodes that the groups in use list, each counted once.
   *
   * @return zero before the first use of a group
   */
  public int nodes() {
    return nodes;
  }

  /**
   * The nodes of {@link #nodes()} that get no requests now, because they failed. A node whose
   * ejection is over and that may get one request on trial is not one of them.
   *
   * @return at most {@code nodes()}
   */
  public int ejectedNodes() {
    return ejectedNodes;
  }

  /**
   * The groups in use. A group is in use from its first message until nothing was sent to it for
   * ten to twenty minutes.
   *
   * @return zero or more
   */
  public int groups() {
    return groups;
  }

  /**
   * The groups in use of which nothing gets through: no list of nodes could be had, or the nodes do
   * not answer. A group stops failing with the next success, and a minute after its last attempt
   * unless messages of it wait.
   *
   * @return at most {@code groups()}
   */
  public int failingGroups() {
    return failingGroups;
  }

  /**
   * The part of the buffer that accepted and unsettled messages take.
   *
   * @return in bytes, at most {@link #bufferMaxBytes()}
   */
  public long bufferUsedBytes() {
    return bufferUsedBytes;
  }

  /**
   * The bound of the buffer.
   *
   * @return in bytes
   */
  public long bufferMaxBytes() {
    return bufferMaxBytes;
  }

  /**
   * Whether the sender has a spool; without one the numbers of the spool are zero.
   *
   * @return true if one was configured
   */
  public boolean hasSpool() {
    return hasSpool;
  }

  /**
   * The messages in the spool as of its last commit, those of earlier senders included.
   *
   * @return zero or more
   */
  public long spoolMessages() {
    return spoolMessages;
  }

  /**
   * The size of the entries in the spool as of its last commit, about.
   *
   * @return in bytes
   */
  public long spoolUsedBytes() {
    return spoolUsedBytes;
  }

  /**
   * The bound of the spool.
   *
   * @return in bytes
   */
  public long spoolMaxBytes() {
    return spoolMaxBytes;
  }

  /**
   * Whether the spool cannot be used; messages are then delivered without it.
   *
   * @return true as long as its disk fails
   */
  public boolean spoolBroken() {
    return spoolBroken;
  }

  /**
   * Whether the last commit of the spool had to refuse messages for lack of room.
   *
   * @return true until a commit refuses none
   */
  public boolean spoolFull() {
    return spoolFull;
  }

  /**
   * When a server last acknowledged messages of this sender.
   *
   * @return empty before the first acknowledgement
   */
  public Optional<Instant> lastSuccess() {
    return Optional.ofNullable(lastSuccess);
  }

  @Override
  public String toString() {
    String spool =
        hasSpool
            ? ", spool="
                + (spoolMessages + " messages, ")
                + (spoolUsedBytes + "/" + spoolMaxBytes + " bytes")
                + (spoolBroken ? ", broken" : "")
                + (spoolFull ? ", full" : "")
            : "";
    return "SenderStatus["
        + (closed ? "closed, " : "")
        + ("ejected=" + ejectedNodes + "/" + nodes + " nodes, ")
        + ("failing=" + failingGroups + "/" + groups + " groups, ")
        + ("buffer=" + bufferUsedBytes + "/" + bufferMaxBytes + " bytes")
        + spool
        + (", lastSuccess=" + lastSuccess)
        + ']';
  }

  /** Collects the numbers of a status; not safe for use by several threads. */
  public static final class Builder {

    private boolean closed;
    private int nodes;
    private int ejectedNodes;
    private int groups;
    private int failingGroups;
    private long bufferUsedBytes;
    private long bufferMaxBytes = 32L * 1024 * 1024;
    private boolean hasSpool;
    private long spoolMessages;
    private long spoolUsedBytes;
    private long spoolMaxBytes;
    private boolean spoolBroken;
    private boolean spoolFull;
    private @Nullable Instant lastSuccess;

    private Builder() {}

    /**
     * Whether the sender is closed. Default open.
     *
     * @param value true if it is
     * @return this builder
     */
    public Builder closed(boolean value) {
      closed = value;
      return this;
    }

    /**
     * The nodes. Default none.
     *
     * @param known zero or more
     * @param ejected zero to {@code known}
     * @return this builder
     */
    public Builder nodes(int known, int ejected) {
      nodes = Checks.atLeast(0, known, "nodes");
      ejectedNodes = part(ejected, known, "ejected nodes");
      return this;
    }

    /**
     * The groups. Default none.
     *
     * @param inUse zero or more
     * @param failing zero to {@code inUse}
     * @return this builder
     */
    public Builder groups(int inUse, int failing) {
      groups = Checks.atLeast(0, inUse, "groups");
      failingGroups = part(failing, inUse, "failing groups");
      return this;
    }

    private static int part(int value, int whole, String name) {
      if (value > whole) {
        throw new IllegalArgumentException(
            name + " must be at most " + whole + ", but is " + value);
      }
      return Checks.atLeast(0, value, name);
    }

    /**
     * The buffer. Default empty, 32 MiB.
     *
     * @param usedBytes zero or more
     * @param maxBytes at least 1
     * @return this builder
     */
    public Builder buffer(long usedBytes, long maxBytes) {
      bufferUsedBytes = Checks.atLeast(0, usedBytes, "buffer usedBytes");
      bufferMaxBytes = Checks.atLeast(1, maxBytes, "buffer maxBytes");
      return this;
    }

    /**
     * A spool that works. Default none.
     *
     * @param messages zero or more
     * @param usedBytes zero or more
     * @param maxBytes at least 1
     * @return this builder
     */
    public Builder spool(long messages, long usedBytes, long maxBytes) {
      hasSpool = true;
      spoolMessages = Checks.atLeast(0, messages, "spool messages");
      spoolUsedBytes = Checks.atLeast(0, usedBytes, "spool usedBytes");
      spoolMaxBytes = Checks.atLeast(1, maxBytes, "spool maxBytes");
      return this;
    }

    /**
     * Whether the disk of the spool fails. Default false.
     *
     * @param value true if it does
     * @return this builder
     */
    public Builder spoolBroken(boolean value) {
      spoolBroken = value;
      return this;
    }

    /**
     * Whether the spool has no room. Default false.
     *
     * @param value true if it has none
     * @return this builder
     */
    public Builder spoolFull(boolean value) {
      spoolFull = value;
      return this;
    }

    /**
     * When a server last acknowledged messages. Default never.
     *
     * @param value the moment
     * @return this builder
     */
    public Builder lastSuccess(Instant value) {
      lastSuccess = requireNonNull(value, "lastSuccess");
      return this;
    }

    /**
     * The status with these numbers.
     *
     * @return a new status
     */
    public SenderStatus build() {
      return new SenderStatus(this);
    }
  }
}
