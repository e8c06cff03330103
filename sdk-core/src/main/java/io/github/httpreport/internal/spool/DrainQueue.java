package io.github.httpreport.internal.spool;

import io.github.httpreport.internal.spool.DrainGroup.Health;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fair turns of the groups in the spool, within the batches and bytes that the drainer may have in
 * flight. Used by the thread of the spool only.
 *
 * <p>Groups wait by health, each queue in turn. Those half-open, that is new or failing, go first,
 * but have one half of the whole at most: however many of them hang, healthy groups have the other
 * half. A healthy group may have three times what is free, so one alone uses three quarters, and
 * what it leaves is enough for others to begin. New groups go before failing ones, because those
 * have had their turn. A turn costs the same for any number of groups: a group waits here only
 * while it may begin a batch by its own window, and is put back when one of its batches ends.
 */
final class DrainQueue {

  /** A healthy group may have so many times what is free. */
  private static final int FACTOR = 3;

  private final int maxBatches;
  private final long maxBytes;
  private final Map<Health, Deque<DrainGroup>> waiting = new EnumMap<>(Health.class);
  private int batches;
  private long bytes;

  /** Batches of groups that were new or failing when they began; their share is at most a half. */
  private int halfOpenBatches;

  private long halfOpenBytes;

  DrainQueue(int maxBatches, long maxBytes) {
    this.maxBatches = maxBatches;
    this.maxBytes = maxBytes;
    for (Health health : Health.values()) {
      waiting.put(health, new ArrayDeque<>());
    }
  }

  /** Puts a group behind the others of its health, if it may begin a batch. */
  void offer(DrainGroup group) {
    if (!group.isQueued() && group.hasNext() && group.hasWindow()) {
      group.queued(true);
      queue(group.health()).addLast(group);
    }
  }

  /** Removes the group whose turn it is; null when no batch may begin now. */
  @Nullable DrainGroup next() {
    if (batches >= maxBatches || bytes >= maxBytes) {
      return null;
    }
    DrainGroup next = null;
    if (halfOpenBatches < Math.max(1, maxBatches / 2) && halfOpenBytes < maxBytes / 2) {
      next = next(Health.NEW);
      next = next == null ? next(Health.FAILING) : next;
    }
    return next == null ? next(Health.HEALTHY) : next;
  }

  /**
   * The first group of a queue that may begin a batch. A group whose health has changed moves to
   * its queue, and one without a share goes to the end; each is looked at once.
   */
  private @Nullable DrainGroup next(Health health) {
    Deque<DrainGroup> queue = queue(health);
    for (int left = queue.size(); left > 0; left--) {
      DrainGroup group = queue.removeFirst();
      group.queued(false);
      if (group.health() == health && hasShareLeft(group)) {
        if (group.hasNext() && group.hasWindow()) {
          return group;
        }
      } else {
        offer(group);
      }
    }
    return null;
  }

  /**
   * Whether a healthy group leaves enough to the others; new and failing ones are bounded together.
   */
  private boolean hasShareLeft(DrainGroup group) {
    return group.health() != Health.HEALTHY
        || (group.batches() < FACTOR * (maxBatches - batches)
            && group.bytes() < FACTOR * (maxBytes - bytes));
  }

  private Deque<DrainGroup> queue(Health health) {
    Deque<DrainGroup> queue = waiting.get(health);
    if (queue == null) {
      throw new IllegalStateException("no queue for " + health);
    }
    return queue;
  }

  /**
   * Counts a batch that begins.
   *
   * @return its share, to be given back with {@link #ended}
   */
  Share began(DrainGroup group, long size) {
    boolean halfOpen = group.health() != Health.HEALTHY;
    group.began(size);
    batches++;
    bytes += size;
    if (halfOpen) {
      halfOpenBatches++;
      halfOpenBytes += size;
    }
    return new Share(group, size, halfOpen);
  }

  void ended(Share share) {
    share.group.ended(share.size);
    batches--;
    bytes -= share.size;
    if (share.halfOpen) {
      halfOpenBatches--;
      halfOpenBytes -= share.size;
    }
  }

  /** Whether no batch is in flight and none can begin. */
  boolean isIdle() {
    return batches == 0 && waiting.values().stream().allMatch(Deque::isEmpty);
  }

  /** The part of the whole that one batch in flight takes. */
  public record Share(DrainGroup group, long size, boolean halfOpen) {}
}
