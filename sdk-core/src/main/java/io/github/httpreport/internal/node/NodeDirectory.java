package io.github.httpreport.internal.node;

import io.github.httpreport.common.Printable;
import io.github.httpreport.http.Exchange;
import io.github.httpreport.internal.concurrent.Jitter;
import io.github.httpreport.internal.concurrent.Scheduler;
import io.github.httpreport.node.NodeList;
import io.github.httpreport.node.NodeSource;
import io.github.httpreport.node.NodeSourceException;
import io.github.httpreport.node.NodeSourceException.Kind;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Node lists of all groups in use: fetched on first use, once at a time for a group and for a few
 * groups at a time ({@link NodeListFetcher}), kept up to date while the group is used, and never
 * replaced by an empty or failed answer.
 *
 * <p>A group that no delivery asked for during ten to twenty minutes is dropped with the health of
 * its nodes. The end of a fetch for any group looks for such groups, so there is no task for it,
 * and without fetches nothing grows. Any thread asks; the map of groups is concurrent, and each
 * {@link Group} guards itself.
 */
public final class NodeDirectory {

  private static final Logger LOG = LoggerFactory.getLogger(NodeDirectory.class);

  /**
   * However many nodes of a group fail, its source is asked no sooner than this after the last
   * time.
   */
  private static final Duration MIN_BETWEEN_FETCHES = Duration.ofSeconds(5);

  /** A group whose first fetch failed is not fetched again sooner. */
  public static final Duration FAILURE_IS_GOOD_FOR = Duration.ofSeconds(1);

  private static final Duration BETWEEN_SWEEPS = Duration.ofMinutes(10);

  private final NodeSource source;
  private final NodeTable table;
  private final Snapshots snapshots;
  private final Scheduler scheduler;
  private final DoubleSupplier random;
  private final NodeListFetcher fetcher;
  private final Map<String, Group> groups = new ConcurrentHashMap<>();
  private final AtomicLong sweptNanos;

  public NodeDirectory(
      NodeSource source,
      Exchange exchange,
      NodeTable table,
      Snapshots snapshots,
      Scheduler scheduler,
      DoubleSupplier random) {
    this.source = source;
    this.table = table;
    this.snapshots = snapshots;
    this.scheduler = scheduler;
    this.random = random;
    fetcher = new NodeListFetcher(source, exchange, scheduler);
    sweptNanos = new AtomicLong(scheduler.nanoTime());
  }

  /** The nodes of a group, at once when they are known. */
  public CompletableFuture<GroupNodes> nodes(String groupId) {
    return groups.computeIfAbsent(groupId, Group::new).nodes();
  }

  /** The bytes of a request that the cluster of a group said it takes; empty if it said nothing. */
  public OptionalLong maxRequestBytes(String groupId) {
    GroupNodes nodes = known(groupId);
    return nodes == null ? OptionalLong.empty() : nodes.maxRequestBytes();
  }

  /** The nodes of a group if they are known. */
  public @Nullable GroupNodes known(String groupId) {
    Group group = groups.get(groupId);
    return group == null ? null : group.current;
  }

  /** The ids of the groups in use, now and whenever it is looked at. */
  public Set<String> groupIds() {
    return Collections.unmodifiableSet(groups.keySet());
  }

  /**
   * Whether a group has no list because the last fetch failed.
   *
   * @param within how long ago the failure is at most; null if its age does not matter
   */
  public boolean hasFailed(String groupId, @Nullable Duration within) {
    Group group = groups.get(groupId);
    return group != null && group.hasFailed(within);
  }

  /** How many groups have state here. */
  int size() {
    return groups.size();
  }

  /** Asks again soon, because nodes of the group fail. */
  public void refreshEarly(String groupId) {
    Group group = groups.get(groupId);
    if (group != null && source.refreshInterval().isPresent()) {
      group.refreshEarly();
    }
  }

  private void dropUnused() {
    long now = scheduler.nanoTime();
    long last = sweptNanos.get();
    if (now - last >= BETWEEN_SWEEPS.toNanos() && sweptNanos.compareAndSet(last, now)) {
      groups.values().removeIf(Group::isToBeDropped);
    }
  }

  /**
   * One group: UNKNOWN without a list, then LISTED, polled while a delivery asks for it and resting
   * while none does, and DROPPED in the end, after which another object takes its place. A failed
   * fetch leaves an UNKNOWN group with its failure, and a LISTED one with its list.
   *
   * <p>Deliveries ask on their threads; a fetch ends on the I/O thread or the one that reads saved
   * lists; polls begin on the scheduler's thread. The monitor guards the fields that are not
   * volatile and lets one fetch begin at a time; no fetch, no file and no future under it.
   */
  private final class Group {
    private final String id;
    private volatile @Nullable GroupNodes current;
    private volatile boolean used;
    private volatile boolean usedSinceSweep = true;
    private volatile @Nullable CompletableFuture<GroupNodes> ready;
    private @Nullable CompletableFuture<GroupNodes> fetching;
    private @Nullable CompletableFuture<GroupNodes> lastFailure;
    private long lastFetchNanos;
    private boolean early;
    private boolean outdated;
    private boolean dropped;
    private Scheduler.@Nullable Scheduled next;

    Group(String id) {
      this.id = id;
    }

    CompletableFuture<GroupNodes> nodes() {
      if (!usedSinceSweep) {
        usedSinceSweep = true;
      }
      // A field and no new future, because this runs for every batch.
      CompletableFuture<GroupNodes> known = ready;
      if (known == null) {
        return firstList();
      }
      if (!used) {
        used = true;
        wake();
      }
      return known;
    }

    private CompletableFuture<GroupNodes> firstList() {
      CompletableFuture<GroupNodes> failure = lastFailure();
      return failure != null ? failure : fetch();
    }

    synchronized boolean hasFailed(@Nullable Duration within) {
      return lastFailure != null && (within == null || sinceLastFetch().compareTo(within) < 0);
    }

    private synchronized @Nullable CompletableFuture<GroupNodes> lastFailure() {
      boolean isFresh = sinceLastFetch().compareTo(FAILURE_IS_GOOD_FOR) < 0;
      return lastFailure != null && fetching == null && isFresh ? lastFailure : null;
    }

    /** Starts polling again when a group that was not used for a while is. */
    private synchronized void wake() {
      if (!dropped && next == null && fetching == null && source.refreshInterval().isPresent()) {
        Duration due = source.refreshInterval().get().minus(sinceLastFetch());
        scheduleIn(due.isNegative() ? Duration.ZERO : due);
      }
    }

    synchronized void refreshEarly() {
      if (!dropped && fetching == null && !early) {
        early = true;
        Duration wait = MIN_BETWEEN_FETCHES.minus(sinceLastFetch());
        scheduleIn(wait.isNegative() ? Duration.ZERO : wait);
      }
    }

    private CompletableFuture<GroupNodes> fetch() {
      CompletableFuture<GroupNodes> mine = new CompletableFuture<>();
      boolean isDropped;
      synchronized (this) {
        isDropped = dropped;
        if (fetching != null) {
          return fetching;
        }
        if (!isDropped) {
          fetching = mine;
          early = false;
          lastFetchNanos = scheduler.nanoTime();
          cancelNext();
        }
      }
      if (isDropped) {
        return NodeDirectory.this.nodes(id);
      }
      try {
        fetcher
            .fetch(id, current == null)
            .whenComplete((list, error) -> fetchedOrFailed(mine, list, error));
      } catch (Throwable e) {
        endWithout(mine, e);
      }
      return mine;
    }

    /** Whether it was not used since this was asked last; then it is out of use from now on. */
    boolean isToBeDropped() {
      synchronized (this) {
        if (usedSinceSweep || fetching != null) {
          usedSinceSweep = false;
          return false;
        }
        dropped = true;
        cancelNext();
      }
      GroupNodes known = current;
      if (known != null) {
        table.drop(known);
      }
      return true;
    }

    /** A fetch ends whatever is thrown: as long as it is under way, no other begins. */
    private void fetchedOrFailed(
        CompletableFuture<GroupNodes> mine, @Nullable NodeList list, @Nullable Throwable error) {
      try {
        fetched(mine, list, error);
      } catch (Throwable e) {
        endWithout(mine, e);
      }
    }

    private void endWithout(CompletableFuture<GroupNodes> mine, Throwable error) {
      if (current == null) {
        fail(mine, error);
      } else {
        keep(mine, error);
      }
    }

    private void fetched(
        CompletableFuture<GroupNodes> mine, @Nullable NodeList list, @Nullable Throwable error) {
      dropUnused();
      if (list != null) {
        accept(mine, list, true);
      } else if (current == null) {
        Throwable cause = NodeListFetcher.unwrap(error);
        snapshots.read(id, saved -> fallBackOrFail(mine, saved, cause));
      } else {
        keep(mine, NodeListFetcher.unwrap(error));
      }
    }

    private void fallBackOrFail(
        CompletableFuture<GroupNodes> mine, Optional<NodeList> saved, Throwable error) {
      try {
        fallBack(mine, saved, error);
      } catch (Throwable e) {
        endWithout(mine, e);
      }
    }

    private void fallBack(
        CompletableFuture<GroupNodes> mine, Optional<NodeList> saved, Throwable error) {
      boolean noneResponded =
          !(error instanceof NodeSourceException e) || e.kind() == Kind.UNAVAILABLE;
      if (noneResponded && saved.isPresent()) {
        LOG.warn(
            "Using the saved node list of group {}, because: {}",
            Printable.escaped(id),
            String.valueOf(error.getMessage()));
        accept(mine, saved.get(), false);
      } else {
        fail(mine, error);
      }
    }

    private void accept(CompletableFuture<GroupNodes> mine, NodeList list, boolean save) {
      GroupNodes old = current;
      boolean changed = old == null || !old.source().equals(list);
      if (changed) {
        GroupNodes swapped = table.swap(old, list);
        current = swapped;
        ready = CompletableFuture.completedFuture(swapped);
        LOG.info("Group {} has {} nodes", Printable.escaped(id), list.nodes().size());
        if (save) {
          snapshots.write(id, list);
        }
      }
      synchronized (this) {
        fetching = null;
        lastFailure = null;
        outdated = false;
        if (old == null || used) {
          used = false;
          scheduleInterval();
        }
      }
      mine.complete(current);
    }

    /** Ends a fetch with the older list. Deliveries wait for it, so nothing thrown may stop it. */
    private void keep(CompletableFuture<GroupNodes> mine, Throwable error) {
      try {
        noteOutdated(error);
      } finally {
        mine.complete(current);
      }
    }

    private void noteOutdated(Throwable error) {
      boolean first;
      synchronized (this) {
        first = !outdated;
        outdated = true;
        fetching = null;
        if (used) {
          used = false;
          scheduleInterval();
        }
      }
      if (first) {
        // The WARN about the source is logged once for all groups, which may be thousands.
        LOG.debug(
            "Keeping the node list of group {}: {}",
            Printable.escaped(id),
            String.valueOf(error.getMessage()));
      }
    }

    private void fail(CompletableFuture<GroupNodes> mine, Throwable error) {
      synchronized (this) {
        fetching = null;
        lastFailure = mine;
        lastFetchNanos = scheduler.nanoTime();
      }
      mine.completeExceptionally(error);
    }

    private void scheduleInterval() {
      source
          .refreshInterval()
          .ifPresent(interval -> scheduleIn(Jitter.FIFTH.applyTo(interval, random.getAsDouble())));
    }

    private void scheduleIn(Duration delay) {
      cancelNext();
      next = scheduler.schedule(delay, this::due);
    }

    private void due() {
      synchronized (this) {
        next = null;
      }
      fetch();
    }

    private void cancelNext() {
      if (next != null) {
        next.cancel();
        next = null;
      }
    }

    private Duration sinceLastFetch() {
      return Duration.ofNanos(scheduler.nanoTime() - lastFetchNanos);
    }
  }
}
