package io.github.httpreport.internal.node;

import io.github.httpreport.Destination;
import io.github.httpreport.SenderMetrics;
import io.github.httpreport.SenderStatus;
import io.github.httpreport.internal.concurrent.ExponentialBackoff;
import io.github.httpreport.internal.concurrent.Jitter;
import io.github.httpreport.internal.concurrent.Scheduler;
import io.github.httpreport.node.Candidate;
import io.github.httpreport.node.Node;
import io.github.httpreport.node.NodeList;
import io.github.httpreport.node.NodeSelector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Table of every node in use: its health, and the selection among the nodes of a group.
 *
 * <p>A node is in the table from the first list that names it to the last one; several groups may
 * list it, and share its state. {@link Ejection} has the states of its health and their
 * transitions. Each transition raises {@code healthVersion}, by which a group knows that its list
 * of healthy nodes is out of date.
 *
 * <p>Deliveries select nodes and report results on their own threads, the scheduler's thread ends
 * ejections, the I/O thread brings the results of probes, and lists are swapped by the thread that
 * fetched them. The lock guards membership and transitions, which are rare; a selection takes no
 * lock. Metrics of the application are updated under the lock only when a node is ejected or
 * forgotten, so that their order is that of the events.
 */
public final class NodeTable {

  /** How a request failed, as far as it says something of the node. */
  public enum FailureKind {
    /** The waiting thread was interrupted. */
    NONE,
    /** No connection: no process listens there, or no network leads to it. */
    UNREACHABLE,
    /** No response in time. */
    SLOW,
    /** A broken connection, or a response that says "not now". */
    UNHEALTHY,
    /** A refusal of what another node accepted, which no probe can find out. */
    REFUSING
  }

  private static final Logger LOG = LoggerFactory.getLogger(NodeTable.class);

  /**
   * Failures in a row before a node is ejected, unless no connection can be made: that ejects at
   * once.
   */
  private static final int FAILURES_TO_EJECT = 3;

  private final NodeSelector selector;
  private final NodeProbe probe;
  private final Scheduler scheduler;
  private final SenderMetrics metrics;
  private final ExponentialBackoff ejections;
  private final Map<Node, NodeState> states = new ConcurrentHashMap<>();

  /** Raised, under the lock, with every transition; a group compares it before each selection. */
  private final AtomicInteger healthVersion = new AtomicInteger();

  private final ReentrantLock lock = new ReentrantLock();

  /**
   * Called outside of the lock when a node revives, and under it when an ejected one is forgotten.
   */
  private volatile Consumer<String> recoveryListener = address -> {};

  public NodeTable(
      NodeSelector selector,
      NodeProbe probe,
      Scheduler scheduler,
      SenderMetrics metrics,
      DoubleSupplier random) {
    this.selector = selector;
    this.probe = probe;
    this.scheduler = scheduler;
    this.metrics = metrics;
    ejections = new ExponentialBackoff(Ejection.FIRST, Ejection.MAX, Jitter.FIFTH, random);
  }

  /** Sets the listener to the addresses of nodes that are no longer ejected. */
  public void onRecovery(Consumer<String> listener) {
    recoveryListener = listener;
  }

  private void reportRecovery(NodeState state) {
    metrics.nodeEjected(state.address(), false);
    recoveryListener.accept(state.address());
  }

  /** Replaces the list of a group. Nodes that stay keep their statistics and their ejection. */
  GroupNodes swap(@Nullable GroupNodes old, NodeList list) {
    lock.lock();
    try {
      List<NodeState> members = new ArrayList<>(list.loads().size());
      list.loads()
          .forEach(
              (node, load) -> {
                NodeState state = states.computeIfAbsent(node, n -> new NodeState(n, scheduler));
                state.listed(load);
                members.add(state);
              });
      if (old != null) {
        old.all().stream().filter(NodeState::unlisted).forEach(this::forget);
      }
      return new GroupNodes(list, members);
    } finally {
      lock.unlock();
    }
  }

  /** The group is not used any more, nor are its nodes unless another group lists them. */
  void drop(GroupNodes group) {
    lock.lock();
    try {
      group.all().stream().filter(NodeState::unlisted).forEach(this::forget);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Drops the state of a node that no group lists. An ejected one is reported as recovered first,
   * so that a listener that counts ejected nodes comes back to zero.
   */
  private void forget(NodeState state) {
    states.remove(state.node());
    if (!state.ejection().isHealthy()) {
      reportRecovery(state);
    }
    metrics.nodeRemoved(state.address());
  }

  /** Adds the nodes that groups list, and those of them that get no requests now, to a status. */
  public void addNodes(SenderStatus.Builder status) {
    int known = 0;
    int ejected = 0;
    for (NodeState state : states.values()) {
      known++;
      ejected += state.ejection().isEjected() ? 1 : 0;
    }
    status.nodes(known, ejected);
  }

  /** An attempt that ends later than its node left brings metrics of the node back: once more. */
  public void attempted(NodeState state) {
    if (!state.isListed() && !states.containsKey(state.node())) {
      metrics.nodeRemoved(state.address());
    }
  }

  /**
   * Selects a node that was not tried before, if there is one. A half-open node goes first, because
   * one request must decide; with no healthy node the one nearest to revival is taken, since a
   * request is the quickest way to find out.
   *
   * @throws IllegalStateException if the selector returns something that was not offered to it
   */
  public NodeState select(GroupNodes group, Destination destination, Set<Node> tried) {
    GroupNodes.Health health = group.health(healthVersion.get());
    NodeState halfOpen = health.halfOpen().isEmpty() ? null : halfOpen(health, tried);
    if (halfOpen != null) {
      return halfOpen;
    }
    List<Candidate> healthy = health.healthy();
    if (healthy.isEmpty()) {
      return nearestToRevival(group, Set.of()).orElseThrow();
    }
    List<Candidate> fresh = tried.isEmpty() ? healthy : without(healthy, tried);
    List<Candidate> candidates = fresh.isEmpty() ? healthy : fresh;
    Candidate selected = selector.select(candidates, destination);
    // A selector of the application may return a candidate of an earlier list.
    Collection<Candidate> offered = candidates == healthy ? health.members() : candidates;
    if (selected instanceof NodeState state && offered.contains(state)) {
      return state;
    }
    throw new IllegalStateException(
        "node selector " + selector.getClass().getName() + " chose none of its candidates");
  }

  /** The same for a second opinion: an ejected node rather than one that was tried. */
  public NodeState selectUntried(GroupNodes group, Destination destination, Set<Node> tried) {
    Optional<NodeState> ejected =
        hasUntried(group, tried) ? Optional.empty() : nearestToRevival(group, tried);
    return ejected.orElseGet(() -> select(group, destination, tried));
  }

  /**
   * Takes the one deciding request of a half-open node; null where there is none, or another
   * delivery has taken it.
   */
  private static @Nullable NodeState halfOpen(GroupNodes.Health health, Set<Node> tried) {
    for (NodeState halfOpen : health.halfOpen()) {
      if (!tried.contains(halfOpen.node()) && halfOpen.ejection().takeProbe()) {
        return halfOpen;
      }
    }
    return null;
  }

  /** Ends the use of a selected node that was sent nothing. */
  public void unused(NodeState state) {
    state.ejection().returnProbe();
  }

  /** Whether a healthy node is left that was not tried. */
  public boolean hasUntried(GroupNodes group, Set<Node> tried) {
    for (Candidate candidate : group.health(healthVersion.get()).healthy()) {
      if (!tried.contains(candidate.node())) {
        return true;
      }
    }
    return false;
  }

  /** Notes a response. Only one to a request that began after the ejection revives the node. */
  public void succeeded(NodeState state, long nanos) {
    state.responded(nanos);
    state.clearFailures();
    // A node that goes down still responds, now and then, to what it was sent before.
    if (!state.ejection().isHealthy() && !state.ejection().beganAfter(now() - nanos)) {
      revive(state);
    }
  }

  /**
   * Takes note of a failure; true if the node is ejected, for this or already.
   *
   * @param why the failure in words, for the log
   */
  public boolean failed(GroupNodes group, NodeState state, FailureKind kind, String why) {
    if (kind == FailureKind.NONE) {
      unused(state);
      return false;
    }
    int inARow = state.failed();
    boolean enough = kind == FailureKind.UNREACHABLE || inARow >= FAILURES_TO_EJECT;
    lock.lock();
    try {
      boolean healthy = state.ejection().isHealthy();
      boolean stays = !enough || (kind == FailureKind.SLOW && !maySpareOneMore(group));
      if (!state.isListed() || (healthy && stays)) {
        return false;
      }
      if (healthy || !isEjectionRunning(state)) {
        eject(state, kind, inARow, why);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Ejects a node, or prolongs its ejection. Logged for the first time in a row only. */
  private void eject(NodeState state, FailureKind kind, int inARow, String why) {
    boolean first = state.ejection().isHealthy();
    Duration time = state.ejection().eject(kind == FailureKind.SLOW, now(), ejections);
    healthVersion.incrementAndGet();
    scheduler.schedule(time, () -> endEjection(state, kind));
    if (first) {
      LOG.warn(
          "Node {} is ejected for {} ms; failures in a row: {}, the last: {}",
          state,
          time.toMillis(),
          inARow,
          why);
      metrics.nodeEjected(state.address(), true);
    }
  }

  /**
   * Probes the node when its time is over; without a probe the next request decides. Runs on the
   * scheduler's thread, and sends outside of the lock.
   */
  private void endEjection(NodeState state, FailureKind kind) {
    if (isDecisionDue(state)
        && !probe.start(state.node(), healthy -> probed(state, kind, healthy))) {
      beginHalfOpen(state);
    }
  }

  private void beginHalfOpen(NodeState state) {
    lock.lock();
    try {
      if (isDecisionDue(state)) {
        state.ejection().beginHalfOpen();
        healthVersion.incrementAndGet();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether the time of an ejection is over, and neither a request nor a probe has decided yet. */
  private boolean isDecisionDue(NodeState state) {
    return state.isListed() && !state.ejection().isHealthy() && !isEjectionRunning(state);
  }

  private boolean isEjectionRunning(NodeState state) {
    return state.ejection().nanosLeft(now()) > 0;
  }

  private void probed(NodeState state, FailureKind kind, boolean healthy) {
    if (healthy && (kind == FailureKind.SLOW || kind == FailureKind.REFUSING)) {
      // The node may respond to probes and still refuse reports, or hang on them: one report has to
      // show it, or each report in flight would wait for its time-out.
      beginHalfOpen(state);
      return;
    }
    if (healthy) {
      revive(state);
      return;
    }
    lock.lock();
    try {
      if (isDecisionDue(state)) {
        eject(state, kind, state.failures(), "");
      }
    } finally {
      lock.unlock();
    }
  }

  private void revive(NodeState state) {
    lock.lock();
    try {
      if (state.ejection().isHealthy() || !state.isListed()) {
        return;
      }
      state.startAfresh();
      state.ejection().revive(now());
      healthVersion.incrementAndGet();
    } finally {
      lock.unlock();
    }
    LOG.info("Node {} is healthy again", state);
    reportRecovery(state);
  }

  /**
   * Whether at most half of the group would be ejected for slowness. All nodes are slow when the
   * network is, and without them nothing would be sent.
   */
  private boolean maySpareOneMore(GroupNodes group) {
    long spared = group.all().stream().filter(s -> s.ejection().isForSlowness()).count();
    return (spared + 1) * 2 <= group.all().size();
  }

  /** The node whose ejection ends first, ended ones before it; empty when all were tried. */
  private Optional<NodeState> nearestToRevival(GroupNodes group, Set<Node> tried) {
    long now = now();
    return group.all().stream()
        .filter(s -> !tried.contains(s.node()))
        .min(Comparator.comparingLong(s -> s.ejection().nanosLeft(now)));
  }

  private static List<Candidate> without(List<Candidate> candidates, Set<Node> tried) {
    return candidates.stream().filter(c -> !tried.contains(c.node())).toList();
  }

  private long now() {
    return scheduler.nanoTime();
  }
}
