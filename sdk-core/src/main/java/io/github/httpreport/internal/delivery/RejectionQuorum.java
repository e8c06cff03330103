package io.github.httpreport.internal.delivery;

import io.github.httpreport.Destination;
import io.github.httpreport.internal.batch.RequestSizeLimits;
import io.github.httpreport.internal.node.GroupNodes;
import io.github.httpreport.internal.node.NodeState;
import io.github.httpreport.internal.node.NodeTable;
import io.github.httpreport.node.Node;
import io.github.httpreport.protocol.Payload;
import io.github.httpreport.protocol.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Refusals of one delivery: rejections, and requests that are too large. A refusal by one node may
 * be the fault of that node, so another one is asked. It is confirmed when two nodes give the same
 * code, or when there is no other node to ask. A confirmed refusal may still pass, when the
 * destination took such requests a moment ago: then the delivery waits and asks again, until an
 * attempt that began after the first refusal was acknowledged for the same destination, which
 * proves that the refusal means these messages. Used by the thread that runs the delivery's current
 * step, like the delivery itself.
 */
final class RejectionQuorum {

  /** What to do after a refusal. */
  enum Next {
    ANOTHER_NODE,
    LATER,
    FINAL
  }

  private record Refusal(NodeState node, String code, long nanos) {}

  /** A batch that is known to fit waits for so many back-offs, some 2 s, before it is cut. */
  private static final int MAX_WAITS_OF_BATCH = 5;

  private final AckHistory acks;
  private final RequestSizeLimits limits;

  /**
   * When the first refusal came; only acknowledgements of later attempts disprove that it will
   * pass.
   */
  private final long firstNanos;

  /** Every node that has refused, over all waits. */
  private final Set<Node> refusing = new HashSet<>();

  /** Refusals since the last wait, whose nodes are at fault if another one accepts. */
  private final List<Refusal> refusals = new ArrayList<>(2);

  private boolean confirmed;

  /** Whether others passed meanwhile, so that the refusal means these messages. */
  private boolean isDisproved;

  private int waits;
  private String lastCode = "";
  private String lastText = "";

  RejectionQuorum(AckHistory acks, RequestSizeLimits limits, long nowNanos) {
    this.acks = acks;
    this.limits = limits;
    firstNanos = nowNanos;
  }

  /**
   * Counts a refusal.
   *
   * @param text names the node, the code and the node's own text
   * @param nanos how long the attempt took
   */
  void add(GroupNodes group, NodeState node, String code, String text, long nanos) {
    refusing.add(node.node());
    refusals.add(new Refusal(node, code, nanos));
    lastCode = code;
    lastText = text;
    confirmed = confirmed || isRepeated() || !hasAnother(group, Set.of());
  }

  private boolean isRepeated() {
    Refusal last = refusals.get(refusals.size() - 1);
    return refusals.stream().anyMatch(r -> r.node() != last.node() && r.code().equals(last.code()));
  }

  /** Whether the group has a node, ejected or not, that did not refuse and is not among these. */
  boolean hasAnother(GroupNodes group, Set<Node> tried) {
    return group.all().stream()
        .map(NodeState::node)
        .anyMatch(node -> !refusing.contains(node) && !tried.contains(node));
  }

  /** The nodes that the next attempt avoids: those that refused, unless all of them did. */
  Set<Node> avoided(GroupNodes group) {
    return hasAnother(group, Set.of()) ? new HashSet<>(refusing) : Set.of();
  }

  /**
   * Begins another attempt. An acknowledgement before it, and not one that comes until it ends,
   * shows whether the bad moment was over when the node looked at the request.
   */
  void beginAttempt(Destination destination) {
    isDisproved = waits > 0 && acks.isAfter(destination, firstNanos);
  }

  /** Decides what follows the refusal that {@link #add} counted last. */
  Next next(Payload payload, Verdict verdict) {
    if (verdict instanceof Verdict.Rejected rejected && rejected.mayHaveBeenStored()) {
      // Another node would store a second time what this one took.
      return Next.FINAL;
    }
    if (!confirmed) {
      return Next.ANOTHER_NODE;
    }
    if (!mayPass(payload, verdict)) {
      return Next.FINAL;
    }
    waits++;
    // Several nodes refuse: that is a bad moment of all of them, or their right.
    refusals.clear();
    return Next.LATER;
  }

  private boolean mayPass(Payload payload, Verdict verdict) {
    Destination destination = payload.destination();
    if (verdict instanceof Verdict.Split) {
      boolean isEnough = payload.messageCount() == 1 ? isDisproved : waits >= MAX_WAITS_OF_BATCH;
      return !isEnough && isKnownToFit(destination, payload.size());
    }
    boolean isOfContent = verdict instanceof Verdict.Rejected r && r.isContentAtFault();
    return !isOfContent && !isDisproved && acks.isRecent(destination);
  }

  private boolean isKnownToFit(Destination destination, int bytes) {
    return limits.isPromised(destination, bytes) || acks.hasTaken(destination, bytes);
  }

  /** The code of the last refusal. */
  String code() {
    return lastCode;
  }

  /** Why the messages are not delivered yet, when another kind of failure followed a refusal. */
  String reason(Verdict.Retry since) {
    return lastText + "; since then: " + since.reason();
  }

  /** The messages were acknowledged: the nodes that refused them just before are at fault. */
  void overruledBy(NodeState accepting, Consumer<NodeState> atFault) {
    refusals.stream().map(Refusal::node).filter(node -> node != accepting).forEach(atFault);
  }

  /** A confirmed refusal is the messages' fault: the nodes responded as they should. */
  void exonerate(NodeTable table) {
    if (confirmed) {
      refusals.forEach(refusal -> table.succeeded(refusal.node(), refusal.nanos()));
    }
  }
}
