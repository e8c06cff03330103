package io.github.httpreport.internal.node;

import io.github.httpreport.Destination;
import io.github.httpreport.SenderMetrics;
import io.github.httpreport.SenderStatus;
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
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every node in use, its health, and the selection among them. */
public final class NodeTable {

  /** How a request failed, as far as it says something of the node. */
  public enum Blame {
    /** The waiting thread was interrupted. */
    NONE,
    /** No connection: nobody is there. */
    ABSENT,
    /** No answer in time. */
    SLOW,
    /** A broken connection, or an answer that says "not now". */
    UNWELL,
    /** Refused what another node took, which a probe cannot find out. */
    REFUSING
  }

  private static final Logger LOG = LoggerFactory.getLogger(NodeTable.class);
  private static final int FAILURES_TO_EJECT = 3;

  private final NodeSelector selector;
  private final NodeProbe probe;
  private final Scheduler timer;
  private final SenderMetrics metrics;
  private final DoubleSupplier random;
  private final Map<Node, NodeState> states = new ConcurrentHashMap<>();
  private final AtomicInteger healthVersion = new AtomicInteger();
  private final ReentrantLock lock = new ReentrantLock();

  public NodeTable(
      NodeSelector selector,
      NodeProbe probe,
      Scheduler timer,
      SenderMetrics metrics,
      DoubleSupplier random) {
    this.selector = selector;
    this.probe = probe;
    this.timer = timer;
    this.metrics = metrics;
    this.random = random;
  }

  /** Takes a new list for a group. Nodes that stay keep what is known of them. */
  GroupNodes swap(@Nullable GroupNodes old, NodeList list) {
    lock.lock();
    try {
      List<NodeState> members = new ArrayList<>(list.loads().size());
      list.loads()
          .forEach(
              (node, load) -> {
                NodeState state = states.computeIfAbsent(node, n -> new NodeState(n, timer));
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

  private void forget(NodeState state) {
    states.remove(state.node());
    if (!state.ejection().isHealthy()) {
      metrics.nodeEjected(state.address(), false);
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

  /** Selects a node that was not tried before, if there is one. */
  public NodeState select(GroupNodes group, Destination destination, Set<Node> tried) {
    GroupNodes.Health health = group.health(healthVersion.get());
    NodeState onTrial = health.onTrial().isEmpty() ? null : trial(health, tried);
    if (onTrial != null) {
      return onTrial;
    }
    List<Candidate> healthy = health.healthy();
    if (healthy.isEmpty()) {
      return nearestToRevival(group, Set.of()).orElseThrow();
    }
    List<Candidate> fresh = tried.isEmpty() ? healthy : without(healthy, tried);
    List<Candidate> candidates = fresh.isEmpty() ? healthy : fresh;
    Candidate selected = selector.select(candidates, destination);
    // A selector of the application may have kept a candidate that is none any more.
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

  private static @Nullable NodeState trial(GroupNodes.Health health, Set<Node> tried) {
    for (NodeState onTrial : health.onTrial()) {
      if (!tried.contains(onTrial.node()) && onTrial.ejection().takeTrial()) {
        return onTrial;
      }
    }
    return null;
  }

  /** The selected node was sent nothing after all. */
  public void unused(NodeState state) {
    state.ejection().returnTrial();
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

  public void succeeded(NodeState state, long nanos) {
    state.answered(nanos);
    state.clearFailures();
    // A node that goes down still answers, here and there, what it was sent before.
    if (!state.ejection().isHealthy() && !state.ejection().beganAfter(now() - nanos)) {
      revive(state);
    }
  }

  /**
   * Takes note of a failure; true if the node is ejected, for this or already.
   *
   * @param why the failure in words, for the log
   */
  public boolean failed(GroupNodes group, NodeState state, Blame blame, String why) {
    if (blame == Blame.NONE) {
      unused(state);
      return false;
    }
    int inARow = state.failed();
    boolean enough = blame == Blame.ABSENT || inARow >= FAILURES_TO_EJECT;
    lock.lock();
    try {
      boolean healthy = state.ejection().isHealthy();
      boolean stays = !enough || (blame == Blame.SLOW && !maySpareOneMore(group));
      if (!state.isListed() || (healthy && stays)) {
        return false;
      }
      if (healthy || !isEjectionRunning(state)) {
        eject(state, blame, inARow, why);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void eject(NodeState state, Blame blame, int inARow, String why) {
    boolean first = state.ejection().isHealthy();
    Duration time = state.ejection().eject(blame == Blame.SLOW, now(), random.getAsDouble());
    healthVersion.incrementAndGet();
    timer.schedule(time, () -> endEjection(state, blame));
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

  private void endEjection(NodeState state, Blame blame) {
    if (isDecisionDue(state) && !probe.start(state.node(), well -> probed(state, blame, well))) {
      beginTrial(state);
    }
  }

  private void beginTrial(NodeState state) {
    lock.lock();
    try {
      if (isDecisionDue(state)) {
        state.ejection().beginTrial();
        healthVersion.incrementAndGet();
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isDecisionDue(NodeState state) {
    return state.isListed() && !state.ejection().isHealthy() && !isEjectionRunning(state);
  }

  private boolean isEjectionRunning(NodeState state) {
    return state.ejection().nanosLeft(now()) > 0;
  }

  private void probed(NodeState state, Blame blame, boolean well) {
    if (well && (blame == Blame.SLOW || blame == Blame.REFUSING)) {
      // It may answer probes and still hang on reports, each of which would wait for a time-out, or
      // refuse them.
      beginTrial(state);
      return;
    }
    if (well) {
      revive(state);
      return;
    }
    lock.lock();
    try {
      if (isDecisionDue(state)) {
        eject(state, blame, state.failures(), "");
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
    LOG.info("Node {} is well again", state);
    metrics.nodeEjected(state.address(), false);
  }

  private boolean maySpareOneMore(GroupNodes group) {
    long spared = group.all().stream().filter(s -> s.ejection().isForSlowness()).count();
    return (spared + 1) * 2 <= group.all().size();
  }

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
    return timer.nanoTime();
  }
}
