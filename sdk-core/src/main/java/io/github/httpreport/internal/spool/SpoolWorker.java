package io.github.httpreport.internal.spool;

import io.github.httpreport.internal.concurrent.DaemonThreadFactory;
import io.github.httpreport.internal.concurrent.ExponentialBackoff;
import io.github.httpreport.internal.concurrent.Jitter;
import io.github.httpreport.internal.concurrent.Scheduler;
import io.github.httpreport.internal.concurrent.Uninterruptibly;
import io.github.httpreport.internal.spool.PendingWrite.Refusal;
import io.github.httpreport.spool.SpoolSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread of a sender's spool: writes batches in groups, removes what was delivered, and lets
 * the drainer deliver what is stored.
 *
 * <p>Other threads put batches into the queue and call {@link #signal}; everything on the disk, and
 * every field without {@code volatile}, belongs to the one thread of the executor. {@code awake}
 * keeps one task in its queue, however often it is woken. One commit writes as many batches as came
 * while the commit before it was under way, so the disk sets the pace.
 *
 * <p>States: OPEN until {@link #beginClosing}; CLOSING, which tries once more what waits and then
 * ends as soon as the spool is empty or nothing moves; CLOSED, set by the thread itself when it has
 * written the rest, or by {@link #close} when the disk hangs. A batch that arrives later is refused
 * by the thread that brings it. While the disk is broken, writes are refused at once and a
 * scheduled task tries the disk again, after 1 s, doubling to 64 s.
 */
public final class SpoolWorker {

  private static final Logger LOG = LoggerFactory.getLogger(SpoolWorker.class);

  /**
   * Bytes after which a commit takes no further batch, so that its callbacks need not wait for
   * long.
   */
  private static final long BYTES_IN_A_COMMIT = 1 << 20;

  /** Waits before a broken disk is tried again; no other sender waits for the same directory. */
  private static final ExponentialBackoff WAITS =
      new ExponentialBackoff(Duration.ofSeconds(1), Duration.ofSeconds(64), Jitter.NONE, () -> 0);

  private final SpoolSettings settings;
  private final RecoveringSpool disk;
  private final Scheduler scheduler;
  private final DaemonThreadFactory threads;
  private final ThreadPoolExecutor executor;
  private final Queue<PendingWrite> writes = new ConcurrentLinkedQueue<>();

  /** Whether a task is in the executor's queue that has not begun. */
  private final AtomicBoolean awake = new AtomicBoolean();

  /** Completes when nothing is left to wait for in the close. */
  private final CompletableFuture<Void> idle = new CompletableFuture<>();

  private volatile @Nullable SpoolDrainer drainer;

  /** The writes of the commit under way, so that a close can refuse them when the disk hangs. */
  private volatile List<PendingWrite> current = List.of();

  /** Whether the log says that batches go to the disk. */
  private volatile boolean inUse;

  /** Set once, by the closing thread; the thread of the spool acts on it with the next signal. */
  private volatile boolean closing;

  /**
   * Set by the thread of the spool when all is written, or by the closing thread when the disk
   * hangs.
   */
  private volatile boolean closed;

  private boolean recovering;
  private boolean triedAtClose;
  private int failuresInARow;

  public SpoolWorker(
      DaemonThreadFactory threads,
      SpoolSettings settings,
      RecoveringSpool disk,
      Scheduler scheduler) {
    this.settings = settings;
    this.disk = disk;
    this.scheduler = scheduler;
    this.threads = threads;
    executor =
        new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
  }

  /** Whether the disk had no room for the last batches; any thread may ask. */
  public boolean isFull() {
    return disk.isFull();
  }

  /** Whether the disk takes no batch any more. */
  boolean isClosed() {
    return closed;
  }

  /** Opens the spool, on this thread, and begins to deliver what is in it. */
  public void start(SpoolDrainer value) {
    disk.open();
    drainer = value;
    if (disk.messages() > 0) {
      inUse = true;
      LOG.info(
          "The spool {} holds {} messages of an earlier sender",
          settings.directory(),
          disk.messages());
    }
    if (disk.messages() > 0 || disk.isBroken()) {
      signal();
    }
  }

  /** Tries a group again, because a node accepted a batch of it. */
  public void groupHealthy(String groupId) {
    SpoolDrainer known = drainer;
    if (known != null) {
      known.groupHealthy(groupId);
    }
  }

  /** Tries the groups of a node again, because it is healthy. */
  public void nodeHealthy(String address) {
    SpoolDrainer known = drainer;
    if (known != null) {
      known.nodeHealthy(address);
    }
  }

  /** Logs once that batches go to the disk, until it is empty again. */
  void noteInUse(String reason) {
    if (!inUse) {
      inUse = true;
      LOG.warn("The spool {} is in use: {}", settings.directory(), reason);
    }
  }

  /**
   * Queues a batch for the next commit. The flag is read after the batch is in the queue: either
   * the thread that closes finds the batch there, or this thread finds the flag and refuses it.
   */
  void write(PendingWrite write) {
    writes.add(write);
    if (closed) {
      refuseWaiting();
    } else {
      signal();
    }
  }

  /** Signals the spool's thread to look for work. */
  public void signal() {
    if (awake.compareAndSet(false, true)) {
      try {
        executor.execute(this::work);
      } catch (RejectedExecutionException e) {
        refuseWaiting();
      }
    }
  }

  /** Refuses every write without an end; those that have one ignore it. */
  private void refuseWaiting() {
    current.forEach(write -> write.refused(Refusal.CLOSED, "sender is closed"));
    for (PendingWrite write = writes.poll(); write != null; write = writes.poll()) {
      write.refused(Refusal.CLOSED, "sender is closed");
    }
  }

  /** The spool's thread, after every signal. */
  private void work() {
    // Before the queues are read: a signal that comes later makes another task.
    awake.set(false);
    SpoolDrainer known = drainer;
    if (closed || known == null) {
      return;
    }
    try {
      work(known);
    } catch (Throwable e) {
      LOG.error("The spool failed", e);
      refuseAll("the spool failed: " + e);
      workAgainLater();
    }
  }

  /** Refuses what waits behind a failure, as on a broken disk: it might wait without end. */
  private void refuseAll(String text) {
    current.forEach(write -> refuse(write, text));
    current = List.of();
    for (PendingWrite write = writes.poll(); write != null; write = writes.poll()) {
      refuse(write, text);
    }
  }

  private static void refuse(PendingWrite write, String text) {
    try {
      write.refused(Refusal.BROKEN, text);
    } catch (Throwable e) {
      LOG.error("A batch could not be refused", e);
    }
  }

  /**
   * One turn: ends of deliveries first, because they free entries and shares; then old entries, the
   * commit, and new deliveries.
   */
  private void work(SpoolDrainer known) {
    if (closing && !triedAtClose) {
      triedAtClose = true;
      known.tryAgain();
    }
    known.collect();
    known.expire();
    if (!disk.isHealthy()) {
      // A full disk can be read although the next commit fails, and each delivered entry makes
      // room.
      known.pump();
    }
    List<PendingWrite> group = nextGroup();
    if (!group.isEmpty() || disk.hasRemovals()) {
      commit(group);
    }
    known.pump();
    if (disk.isBroken()) {
      recoverLater();
    } else if (disk.isHealthy()) {
      failuresInARow = 0;
    }
    logDrained();
    if (!writes.isEmpty()) {
      signal();
    } else if (closing && (disk.messages() == 0 || known.isStuck())) {
      idle.complete(null);
    }
  }

  private void commit(List<PendingWrite> group) {
    current = group;
    disk.commit(group);
    current = List.of();
  }

  /** The writes of one commit, in the order in which they came. */
  private List<PendingWrite> nextGroup() {
    List<PendingWrite> group = new ArrayList<>();
    long bytes = 0;
    while (bytes < BYTES_IN_A_COMMIT) {
      PendingWrite next = writes.poll();
      if (next == null) {
        return group;
      }
      group.add(next);
      bytes += next.payload().size();
    }
    return group;
  }

  private void logDrained() {
    if (inUse && disk.messages() == 0 && !disk.isBroken()) {
      inUse = false;
      LOG.info("The spool {} is empty again", settings.directory());
    }
  }

  private void recoverLater() {
    if (!closing) {
      workAgainLater();
    }
  }

  /** Schedules one more look, after a wait that doubles; at most one is scheduled at a time. */
  private void workAgainLater() {
    if (recovering) {
      return;
    }
    recovering = true;
    failuresInARow++;
    scheduler.schedule(WAITS.after(failuresInARow), () -> executeUnlessClosed(this::recover));
  }

  private void recover() {
    recovering = false;
    disk.tryAgain();
    work();
  }

  private void executeUnlessClosed(Runnable task) {
    try {
      executor.execute(task);
    } catch (RejectedExecutionException e) {
      LOG.debug("The sender closed before the spool was tried again");
    }
  }

  /** Ends every back-off once, and then delivers only for groups that succeed. */
  public void beginClosing() {
    closing = true;
    signal();
  }

  /** Blocks until the spool is empty, or no group of it can make progress. */
  public void awaitIdle(Duration timeout) {
    try {
      idle.get(Math.max(0, timeout.toNanos()), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("The spool was not empty in time");
    }
  }

  /**
   * Writes the queue, releases the directory, and ends the thread; interrupts do not stop it. A
   * disk that hangs is left behind with its thread, and the writes that wait for it are refused
   * here.
   */
  public void close(Duration timeout) {
    executeUnlessClosed(this::end);
    executor.shutdown();
    // The thread itself is never interrupted: that would close the file under the store.
    boolean ended =
        Uninterruptibly.await(
            timeout, nanos -> executor.awaitTermination(nanos, TimeUnit.NANOSECONDS));
    if (ended) {
      Uninterruptibly.await(timeout, this::join);
    } else {
      LOG.error("The spool {} does not respond and is left behind", settings.directory());
    }
    closed = true;
    refuseWaiting();
  }

  private boolean join(long nanos) throws InterruptedException {
    threads.join(Duration.ofNanos(nanos));
    return true;
  }

  /**
   * The last task of the thread: stops deliveries, writes the queue, removes acknowledged entries.
   */
  private void end() {
    SpoolDrainer known = drainer;
    if (known != null) {
      known.stop();
    }
    for (List<PendingWrite> group = nextGroup(); !group.isEmpty(); group = nextGroup()) {
      commit(group);
    }
    if (disk.hasRemovals()) {
      disk.commit(List.of());
    }
    closed = true;
    disk.close();
  }
}
