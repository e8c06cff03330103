package io.github.httpreport.internal.spool;

import io.github.httpreport.Attempt;
import io.github.httpreport.SendResult;
import io.github.httpreport.SenderMetrics;
import io.github.httpreport.error.BufferFullException;
import io.github.httpreport.error.FailureDetails;
import io.github.httpreport.error.SendException;
import io.github.httpreport.internal.batch.BatchCompletion;
import io.github.httpreport.internal.concurrent.DaemonThreadFactory;
import io.github.httpreport.internal.concurrent.Scheduler;
import io.github.httpreport.internal.concurrent.Uninterruptibly;
import io.github.httpreport.internal.delivery.Delivery;
import io.github.httpreport.internal.delivery.SendExceptions;
import io.github.httpreport.internal.delivery.UndeliveredHandler;
import io.github.httpreport.internal.spool.PendingWrite.Refusal;
import io.github.httpreport.protocol.Payload;
import io.github.httpreport.protocol.WireProtocol;
import io.github.httpreport.spool.SpoolSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A sender's spool: takes batches from any thread, and does what is to be done on disk on one
 * thread of its own, as many batches in one commit as came meanwhile.
 */
public final class SpoolWorker implements UndeliveredHandler {

  private static final Logger LOG = LoggerFactory.getLogger(SpoolWorker.class);
  private static final long BYTES_IN_A_COMMIT = 1 << 20;
  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
  private static final int MAX_DOUBLINGS = 6;

  private final SpoolSettings settings;
  private final WireProtocol protocol;
  private final RecoveringSpool disk;
  private final Scheduler timer;
  private final SenderMetrics metrics;
  private final DaemonThreadFactory threads;
  private final ThreadPoolExecutor executor;
  private final Queue<PendingWrite> writes = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean awake = new AtomicBoolean();
  private final CompletableFuture<Void> idle = new CompletableFuture<>();
  private volatile @Nullable SpoolDrainer drain;
  private volatile List<PendingWrite> current = List.of();
  private volatile boolean inUse;
  private volatile boolean closing;
  private volatile boolean closed;
  private boolean recovering;
  private boolean triedAtClose;
  private int failuresInARow;

  public SpoolWorker(
      DaemonThreadFactory threads,
      WireProtocol protocol,
      SpoolSettings settings,
      RecoveringSpool disk,
      Scheduler timer,
      SenderMetrics metrics) {
    this.settings = settings;
    this.protocol = protocol;
    this.disk = disk;
    this.timer = timer;
    this.metrics = metrics;
    this.threads = threads;
    executor =
        new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
  }

  public boolean writesAhead() {
    return settings.writeAhead();
  }

  /** Whether the disk had no room for the last batches; any thread may ask. */
  public boolean isFull() {
    return disk.isFull();
  }

  /** Opens the spool, on this thread, and begins to deliver what is in it. */
  public void start(SpoolDrainer value) {
    disk.open();
    drain = value;
    if (disk.messages() > 0) {
      inUse = true;
      LOG.info(
          "The spool {} holds {} messages of an earlier sender",
          settings.directory(),
          disk.messages());
    }
    if (disk.messages() > 0 || disk.isBroken()) {
      wake();
    }
  }

  /** A group takes messages. */
  public void groupIsWell(String groupId) {
    SpoolDrainer known = drain;
    if (known != null) {
      known.groupIsWell(groupId);
    }
  }

  /** A node takes messages again. */
  public void nodeIsWell(String address) {
    SpoolDrainer known = drain;
    if (known != null) {
      known.nodeIsWell(address);
    }
  }

  /** Keeps what a delivery gives up for now. */
  @Override
  public boolean take(
      Payload payload, BatchCompletion receipt, BatchCompletion.Piece piece, SendException error) {
    if (!error.retryable() || closed) {
      return false;
    }
    if (!receipt.claim(piece)) {
      return true;
    }
    List<Attempt> attempts = error.attempts();
    writeOrFail(
        receipt,
        piece,
        payload,
        () -> {
          nowInUse(error);
          return new PendingWrite(
              payload,
              () ->
                  spooled(
                      receipt,
                      piece,
                      payload,
                      attempts,
                      SendExceptions.mayHaveBeenStored(attempts)),
              (why, words) -> fail(receipt, piece, payload, error));
        });
    return true;
  }

  /** Claimed messages have nobody else: whatever is thrown, they come to an end. */
  private void writeOrFail(
      BatchCompletion receipt,
      BatchCompletion.Piece piece,
      Payload payload,
      Supplier<PendingWrite> maker) {
    PendingWrite write = null;
    try {
      write = maker.get();
      write(write);
    } catch (Throwable e) {
      LOG.error("A batch could not be given to the spool", e);
      if (write == null) {
        fail(receipt, piece, payload, noRoom("the spool failed: " + e));
      } else {
        write.refused(Refusal.BROKEN, "the spool failed: " + e);
      }
    }
  }

  /** Writes a batch that there was no room for in the buffer. */
  public void spill(Payload payload, BatchCompletion receipt) {
    BatchCompletion.Piece piece = new BatchCompletion.Piece(0, payload.messageCount());
    if (!receipt.claim(piece)) {
      return;
    }
    writeOrFail(
        receipt,
        piece,
        payload,
        () -> {
          nowInUse(null);
          return new PendingWrite(
              payload,
              () -> spooled(receipt, piece, payload, List.of(), false),
              (why, words) ->
                  fail(receipt, piece, payload, noRoom("buffer is full, and the " + words)));
        });
  }

  /**
   * Writes a batch before it is delivered.
   *
   * @param delivery what to do where the disk is broken
   */
  public void writeAhead(Payload payload, BatchCompletion receipt, Delivery delivery) {
    BatchCompletion.Piece piece = new BatchCompletion.Piece(0, payload.messageCount());
    if (!receipt.claim(piece)) {
      return;
    }
    writeOrFail(
        receipt,
        piece,
        payload,
        () ->
            new PendingWrite(
                payload,
                () -> spooled(receipt, piece, payload, List.of(), false),
                (why, words) -> {
                  if (why == Refusal.FULL) {
                    fail(receipt, piece, payload, noRoom(words));
                  } else if (why == Refusal.BROKEN && receipt.giveBack(piece)) {
                    delivery.start();
                  } else {
                    receipt.abandonClaimed(piece, SendExceptions.closed());
                  }
                }));
  }

  /** Writes what a sender that closes did not get delivered. */
  public void takeOver(Collection<BatchCompletion> receipts) {
    for (BatchCompletion receipt : receipts) {
      Payload payload = receipt.payload();
      if (payload != null) {
        receipt.claimRest().forEach(piece -> takeOver(receipt, piece, cut(payload, piece)));
      }
    }
  }

  private Payload cut(Payload payload, BatchCompletion.Piece piece) {
    return piece.size() == payload.messageCount()
        ? payload
        : protocol.slice(payload, piece.from(), piece.to());
  }

  private void takeOver(BatchCompletion receipt, BatchCompletion.Piece piece, Payload payload) {
    write(
        new PendingWrite(
            payload,
            // Its request may have left.
            () -> spooled(receipt, piece, payload, List.of(), true),
            (why, words) -> receipt.abandonClaimed(piece, SendExceptions.closed())));
  }

  private void spooled(
      BatchCompletion receipt,
      BatchCompletion.Piece piece,
      Payload payload,
      List<Attempt> attempts,
      boolean possibleDuplicate) {
    metrics.spooled(payload.destination(), piece.size());
    receipt.spooled(
        piece,
        SendResult.builder()
            .messageCount(payload.messageCount())
            .attempts(attempts)
            .possibleDuplicate(possibleDuplicate)
            .spooled(true)
            .build());
  }

  private void fail(
      BatchCompletion receipt, BatchCompletion.Piece piece, Payload payload, SendException error) {
    metrics.failed(payload.destination(), piece.size(), error);
    receipt.unspooled(piece, error);
  }

  private static SendException noRoom(String words) {
    return new BufferFullException(FailureDetails.builder(words).retryable(true).build());
  }

  private void nowInUse(@Nullable SendException why) {
    if (!inUse) {
      inUse = true;
      LOG.warn(
          "The spool {} is in use: {}",
          settings.directory(),
          why == null ? "the buffer is full" : why.getMessage());
    }
  }

  private void write(PendingWrite write) {
    writes.add(write);
    if (closed) {
      refuseWaiting();
    } else {
      wake();
    }
  }

  /** Lets the thread of the spool come by. */
  public void wake() {
    if (awake.compareAndSet(false, true)) {
      try {
        executor.execute(this::work);
      } catch (RejectedExecutionException e) {
        refuseWaiting();
      }
    }
  }

  private void refuseWaiting() {
    current.forEach(write -> write.refused(Refusal.CLOSED, "sender is closed"));
    for (PendingWrite write = writes.poll(); write != null; write = writes.poll()) {
      write.refused(Refusal.CLOSED, "sender is closed");
    }
  }

  /** What the thread of the spool does whenever something happened. */
  private void work() {
    awake.set(false);
    SpoolDrainer known = drain;
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

  /** What waits behind a failure may wait for ever, so it goes the way of a broken disk. */
  private void refuseAll(String words) {
    current.forEach(write -> refuse(write, words));
    current = List.of();
    for (PendingWrite write = writes.poll(); write != null; write = writes.poll()) {
      refuse(write, words);
    }
  }

  private static void refuse(PendingWrite write, String words) {
    try {
      write.refused(Refusal.BROKEN, words);
    } catch (Throwable e) {
      LOG.error("A batch could not be refused", e);
    }
  }

  private void work(SpoolDrainer known) {
    if (closing && !triedAtClose) {
      triedAtClose = true;
      known.tryAgain();
    }
    known.collect();
    known.expire();
    if (!disk.isWell()) {
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
    } else if (disk.isWell()) {
      failuresInARow = 0;
    }
    sayDrained();
    if (!writes.isEmpty()) {
      wake();
    } else if (closing && (disk.messages() == 0 || known.isStuck())) {
      idle.complete(null);
    }
  }

  private void commit(List<PendingWrite> group) {
    current = group;
    disk.commit(group);
    current = List.of();
  }

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

  private void sayDrained() {
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

  private void workAgainLater() {
    if (recovering) {
      return;
    }
    recovering = true;
    Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(failuresInARow++, MAX_DOUBLINGS));
    timer.schedule(wait, () -> executeUnlessClosed(this::recover));
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

  /** Tries once more what waits for better times, and then only what goes well. */
  public void beginClosing() {
    closing = true;
    wake();
  }

  /** Waits until the spool is empty, or there is no use in waiting. */
  public void awaitIdle(Duration timeout) {
    try {
      idle.get(Math.max(0, timeout.toNanos()), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("The spool was not empty in time");
    }
  }

  /** Writes what waits, gives the directory back, and lets the thread end, interrupted or not. */
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
      LOG.error("The spool {} does not answer and is left behind", settings.directory());
    }
    closed = true;
    refuseWaiting();
  }

  private boolean join(long nanos) throws InterruptedException {
    threads.join(Duration.ofNanos(nanos));
    return true;
  }

  private void end() {
    SpoolDrainer known = drain;
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
