package io.github.httpreport.internal.delivery;

import io.github.httpreport.Destination;
import io.github.httpreport.internal.node.GroupNodes;
import io.github.httpreport.internal.node.NodeState;
import io.github.httpreport.internal.node.NodeTable.FailureKind;
import io.github.httpreport.internal.share.GroupShare;
import org.jspecify.annotations.Nullable;

/**
 * Reports of how a node responded to an attempt: to the table that ejects nodes, to the group's
 * share of the places in flight, and to the directory, which fetches a new list early when many
 * fail.
 *
 * <p>Each response counts twice, for the node and for the group, and not always in the same way: a
 * node that refuses a request has responded, which keeps its group healthy, while its own fault is
 * not yet decided. Belongs to one delivery, and is used by one thread at a time like it.
 */
final class NodeFeedback {

  private static final String REFUSES_ALONE = "it rejected what another node takes";

  private final DeliveryContext context;
  private final GroupShare share;
  private final Destination destination;
  private final DeliveryDeadline deadline;

  NodeFeedback(
      DeliveryContext context,
      GroupShare share,
      Destination destination,
      DeliveryDeadline deadline) {
    this.context = context;
    this.share = share;
    this.destination = destination;
    this.deadline = deadline;
  }

  /** The node is there and responds sensibly, whatever its response to this request. */
  void healthy(InFlightAttempt attempt) {
    share.places().responded(attempt.nanos(), attempt.endNanos());
    context.table().succeeded(attempt.state(), attempt.nanos());
  }

  /** The node refused the request, which is not held against it until other nodes were asked. */
  void refused(InFlightAttempt attempt) {
    share.places().responded(attempt.nanos(), attempt.endNanos());
    context.table().unused(attempt.state());
  }

  /** The exchange failed, or the node responded that it cannot take requests now. */
  void failed(GroupNodes group, InFlightAttempt attempt, @Nullable Throwable error, String reason) {
    FailureKind kind = kind(error);
    if (kind != FailureKind.NONE) {
      share.places().failed();
    }
    if (kind == FailureKind.SLOW) {
      attempt.state().responded(attempt.nanos());
    }
    recordFailure(group, attempt.state(), kind, reason);
  }

  /** The node rejected messages that another node has accepted since. */
  void overruled(GroupNodes group, NodeState node) {
    recordFailure(group, node, FailureKind.REFUSING, REFUSES_ALONE);
  }

  /**
   * Counts a failure against the node. Where the node is ejected, the list of the group may be out
   * of date, so a new one is fetched early.
   */
  private void recordFailure(GroupNodes group, NodeState node, FailureKind kind, String reason) {
    if (context.table().failed(group, node, kind, reason)) {
      context.directory().refreshEarly(destination.groupId());
    }
  }

  /** A connection that failed because the deadline cut it off shows a slow node at most. */
  private FailureKind kind(@Nullable Throwable error) {
    FailureKind kind = SendExceptions.kind(error);
    boolean cutOff = kind == FailureKind.UNREACHABLE && deadline.nanosLeft() <= 0;
    return cutOff ? FailureKind.SLOW : kind;
  }
}
