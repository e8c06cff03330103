package io.github.httpreport.internal.batch;

import io.github.httpreport.SenderMetrics;
import io.github.httpreport.WhenFull;
import io.github.httpreport.common.Printable;
import io.github.httpreport.error.BufferFullException;
import io.github.httpreport.error.FailureDetails;
import io.github.httpreport.error.InterruptedSendException;
import io.github.httpreport.error.MessageTooLargeException;
import io.github.httpreport.internal.concurrent.CallbackExecutor;
import io.github.httpreport.internal.share.GroupShare;
import io.github.httpreport.internal.share.GroupShares;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounded memory budget for accepted messages until they are complete, of all groups and of each.
 *
 * <p>One group alone may use all of it while it delivers. While several are in use, one leaves an
 * eighth to the others, and groups that get nothing through have half of it together, in equal
 * shares; a group that holds nothing may always hold one message. So there is room for a group that
 * starts to send while another one has been dead for long.
 *
 * <p>Callers of one group get memory in order, and groups in turn. A caller that waits for the
 * share of a dead group is passed over; one that waits for the whole buffer is not, or large
 * messages would wait without end.
 *
 * <p>Taking memory is lock-free while no caller waits: a compare-and-set on {@code used}. Once one
 * waits, {@code contended} sends the others to the queues, which the lock guards. The thread that
 * releases memory takes it for the callers that it wakes, so that no other caller can take it in
 * between. No metrics are updated under the lock.
 */
public final class MemoryBudget {

  private static final Logger LOG = LoggerFactory.getLogger(MemoryBudget.class);

  /** The part of the buffer, one in so many, that a group leaves free for the others. */
  private static final int RESERVED_FRACTION = 8;

  private final long maxBytes;
  private final WhenFull whenFull;
  private final SenderMetrics metrics;
  private final GroupShares groups;

  /**
   * Bytes of all accepted messages, from before they are added to a batch until they have their
   * end.
   */
  private final AtomicLong used = new AtomicLong();

  private final ReentrantLock lock = new ReentrantLock();

  /** Callers that wait, by group; the order of the groups is the order of their turns. */
  private final Map<String, Deque<Waiter>> waiting = new LinkedHashMap<>();

  private volatile boolean contended;
  private volatile boolean closed;

  /**
   * Whether the log says that the buffer is full; until it is empty, so that it is not logged in
   * turns.
   */
  private volatile boolean loggedFull;

  /**
   * @param groups the groups whose shares are bounded; callers without a share count for the whole
   *     only
   */
  public MemoryBudget(long maxBytes, WhenFull whenFull, SenderMetrics metrics, GroupShares groups) {
    this.maxBytes = maxBytes;
    this.whenFull = whenFull;
    this.metrics = metrics;
    this.groups = groups;
  }

  public long used() {
    return used.get();
  }

  /**
   * Takes memory; waits for it or fails where it is full, as the settings say.
   *
   * @throws BufferFullException if there is none, or none in time
   */
  public void acquire(@Nullable GroupShare share, long bytes) {
    if (bytes > maxBytes) {
      throw new MessageTooLargeException(
          FailureDetails.builder("needs " + bytes + " bytes of buffer, which has " + maxBytes)
              .build());
    }
    boolean mayOvertake = !contended || whenFull.action() == WhenFull.Action.FAIL;
    if (mayOvertake && tryTakeAndUpdate(share, bytes)) {
      return;
    }
    if (whenFull.action() == WhenFull.Action.BLOCK) {
      await(share, bytes, whenFull.timeout().toNanos());
    } else {
      logFull(share, bytes);
      throw full("buffer is full: " + state(share, bytes));
    }
  }

  /**
   * Takes memory if some is free and no caller waits. Logs nothing, since the caller tries again.
   */
  public boolean acquireIfFree(@Nullable GroupShare share, long bytes) {
    return !contended && tryTakeAndUpdate(share, bytes);
  }

  /** Takes memory if some is free and no caller waits. */
  public boolean tryAcquire(@Nullable GroupShare share, long bytes) {
    if (acquireIfFree(share, bytes)) {
      return true;
    }
    logFull(share, bytes);
    return false;
  }

  public long maxBytes() {
    return maxBytes;
  }

  /** Gives memory back, and takes it at once for the callers whose turn it is. */
  void release(@Nullable GroupShare share, long bytes) {
    count(share, -bytes);
    long now = used.addAndGet(-bytes);
    if (contended || loggedFull) {
      lock.lock();
      try {
        serveWaiting();
        if (loggedFull && now == 0) {
          loggedFull = false;
          LOG.info("The buffer is empty again");
        }
      } finally {
        lock.unlock();
      }
    }
    updateUsed();
  }

  /**
   * Wakes every caller that waits, with an {@link IllegalStateException}; later ones find it at
   * once.
   */
  public void close() {
    lock.lock();
    try {
      closed = true;
      waiting.values().forEach(queue -> queue.forEach(waiter -> waiter.turn.signal()));
    } finally {
      lock.unlock();
    }
  }

  private boolean tryTakeAndUpdate(@Nullable GroupShare share, long bytes) {
    boolean taken = tryTake(share, bytes);
    if (taken) {
      updateUsed();
    }
    return taken;
  }

  private boolean tryTake(@Nullable GroupShare share, long bytes) {
    long current;
    do {
      current = used.get();
      if (current + bytes > maxBytes || !leavesEnough(share, current, bytes)) {
        return false;
      }
    } while (!used.compareAndSet(current, current + bytes));
    count(share, bytes);
    return true;
  }

  private void count(@Nullable GroupShare share, long bytes) {
    if (share != null) {
      share.addBuffered(bytes);
    }
  }

  /**
   * Whether the other groups keep what is theirs. Two callers at once may exceed the share of their
   * group a little, and the whole never.
   */
  private boolean leavesEnough(@Nullable GroupShare share, long current, long bytes) {
    if (share == null || current == 0) {
      return true;
    }
    boolean alone = groups.size() == 1;
    long unreserved = maxBytes - maxBytes / RESERVED_FRACTION;
    if (share.isFailing()) {
      return current + bytes <= unreserved && (alone || isWithinFailingShare(share, bytes));
    }
    return alone || current + bytes <= unreserved || share.bufferedBytes() + bytes <= unreserved;
  }

  private boolean isWithinFailingShare(GroupShare share, long bytes) {
    long held = share.bufferedBytes();
    return held <= 0 || (held + bytes <= failingShare() && failingLeaveHalf(bytes));
  }

  /** Half of the buffer for the groups that deliver nothing, in equal parts. */
  private long failingShare() {
    return maxBytes / 2 / Math.max(1, groups.failing());
  }

  /** Counted only where it can matter: there may be thousands of groups. */
  private boolean failingLeaveHalf(long bytes) {
    return used.get() + bytes <= maxBytes / 2 || groups.bufferedByFailing() + bytes <= maxBytes / 2;
  }

  /**
   * Updates the metrics outside of any lock, so another thread may report a newer value first. A
   * thread whose value was outdated reports again: the last value is true once nothing changes.
   */
  private void updateUsed() {
    long reported;
    do {
      reported = used.get();
      metrics.bufferUsed(reported, maxBytes);
    } while (used.get() != reported);
  }

  private void await(@Nullable GroupShare share, long bytes, long timeoutNanos) {
    Waiter waiter = new Waiter(share, bytes, timeoutNanos);
    try {
      // Lets the pool of a callback that waits here run other callbacks meanwhile.
      CallbackExecutor.block(waiter);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedSendException(
          FailureDetails.builder("interrupted while waiting for memory of the buffer")
              .retryable(true)
              .build());
    }
    if (!waiter.taken) {
      throw full(
          "buffer was full for "
              + TimeUnit.NANOSECONDS.toMillis(timeoutNanos)
              + " ms: "
              + state(share, bytes)
              + ", "
              + bytes
              + " needed");
    }
    updateUsed();
  }

  private BufferFullException full(String message) {
    return new BufferFullException(FailureDetails.builder(message).retryable(true).build());
  }

  /** What is full: the buffer, or the share of the group in it. */
  private String state(@Nullable GroupShare share, long bytes) {
    String whole = used.get() + " of " + maxBytes + " bytes in use";
    if (share == null || !share.isFailing() || used.get() + bytes > maxBytes) {
      return whole;
    }
    String limit =
        groups.size() == 1
            ? "; an eighth is kept free"
            : "; its share is " + failingShare() + " bytes";
    return whole
        + (", " + share.bufferedBytes() + " of them by group ")
        + Printable.escaped(share.groupId())
        + (", which gets nothing through" + limit);
  }

  private void logFull(@Nullable GroupShare share, long bytes) {
    lock.lock();
    try {
      if (!loggedFull) {
        loggedFull = true;
        // To block or to spill is a setting that keeps the message; to fail loses it.
        String message = "The buffer is full: {}";
        if (whenFull.action() == WhenFull.Action.FAIL) {
          LOG.warn(message, state(share, bytes));
        } else {
          LOG.info(message, state(share, bytes));
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Hands memory over to the callers whose turn it is. */
  private void serveWaiting() {
    Waiter next = nextWaiter();
    while (next != null && tryTake(next.share, next.bytes)) {
      next.taken = true;
      next.turn.signal();
      leaveQueue(next);
      next = nextWaiter();
    }
    contended = !waiting.isEmpty();
  }

  /** The first caller of the next group that may have more. */
  private @Nullable Waiter nextWaiter() {
    for (Deque<Waiter> queue : waiting.values()) {
      Waiter first = queue.getFirst();
      long current = used.get();
      if (current + first.bytes > maxBytes || leavesEnough(first.share, current, first.bytes)) {
        return first;
      }
    }
    return null;
  }

  private void enterQueue(Waiter waiter) {
    waiting.computeIfAbsent(waiter.groupId(), group -> new ArrayDeque<>()).addLast(waiter);
    // Under the lock, or a release could take the flag back before this waiter is in the queue.
    contended = true;
  }

  /** Moves the group of a caller to the end of the queue. */
  private void leaveQueue(Waiter waiter) {
    String groupId = waiter.groupId();
    Deque<Waiter> queue = waiting.remove(groupId);
    if (queue != null) {
      queue.remove(waiter);
      if (!queue.isEmpty()) {
        waiting.put(groupId, queue);
      }
    }
  }

  /** One caller in the queue of its group. */
  private final class Waiter implements ForkJoinPool.ManagedBlocker {
    private final @Nullable GroupShare share;
    private final long bytes;
    private final long timeoutNanos;
    private final Condition turn = lock.newCondition();
    private boolean taken;

    Waiter(@Nullable GroupShare share, long bytes, long timeoutNanos) {
      this.share = share;
      this.bytes = bytes;
      this.timeoutNanos = timeoutNanos;
    }

    private String groupId() {
      return share == null ? "" : share.groupId();
    }

    @Override
    public boolean block() throws InterruptedException {
      logFull(share, bytes);
      lock.lockInterruptibly();
      try {
        enterQueue(this);
        serveWaiting();
        awaitTurn();
      } finally {
        if (!taken) {
          leaveQueue(this);
          serveWaiting();
        }
        lock.unlock();
      }
      return true;
    }

    private void awaitTurn() throws InterruptedException {
      long left = timeoutNanos;
      while (!taken && left > 0) {
        if (closed) {
          throw new IllegalStateException("sender is closed");
        }
        try {
          left = turn.awaitNanos(left);
        } catch (InterruptedException e) {
          if (!taken) {
            throw e;
          }
          // Memory was handed over just before: the caller has it, and sees the interrupt later.
          Thread.currentThread().interrupt();
        }
      }
    }

    @Override
    public boolean isReleasable() {
      return taken;
    }
  }
}
