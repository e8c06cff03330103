package io.github.httpreport.internal;

import io.github.httpreport.error.DeliveryTimeoutException;
import io.github.httpreport.error.FailureDetails;
import io.github.httpreport.error.SendException;
import io.github.httpreport.protocol.Payload;
import io.github.httpreport.spool.Spool;
import io.github.httpreport.spool.SpoolEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers what is in the spool, oldest first: many batches at a time, or one now and then while no
 * node takes any. An entry is removed after its acknowledgement and not before.
 */
final class SpoolDrain implements Undelivered {

  private static final Logger LOG = LoggerFactory.getLogger(SpoolDrain.class);

  /** What batches from the spool may take in memory, besides the buffer. */
  private static final long MAX_BYTES = 4 << 20;

  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);
  private static final int MAX_DOUBLINGS = 6;
  private static final int EXPIRED_IN_A_COMMIT = 256;

  private final SpoolDisk disk;
  private final Line line;
  private final Ledger nobodys;
  private final int maxBatches;
  private final Duration maxAge;
  private final Runnable wake;
  private final Map<Long, StoredReceipt> busy = new HashMap<>();
  private final Queue<StoredReceipt> ended = new ConcurrentLinkedQueue<>();
  private volatile boolean waiting;
  private volatile boolean stopped;
  private boolean down;
  private int failuresInARow;
  private long busyBytes;
  private boolean saidExpired;
  private boolean saidRefused;

  /**
   * A drain.
   *
   * @param wake lets the thread of the spool come by
   */
  SpoolDrain(SpoolDisk disk, Line line, Room room, int maxBatches, Duration maxAge, Runnable wake) {
    this.disk = disk;
    this.line = line.withUndelivered(this);
    nobodys = new Ledger(room);
    this.maxBatches = maxBatches;
    this.maxAge = maxAge;
    this.wake = wake;
  }

  /** Something went well: perhaps it will here, too. */
  void encourage() {
    if (waiting) {
      goOn();
    }
  }

  private void goOn() {
    waiting = false;
    wake.run();
  }

  /** Whether there is no use in waiting for the end. */
  boolean isStuck() {
    return down || disk.isBroken();
  }

  /** Takes note of the batches that came to an end. Here and below: on the spool's thread. */
  void collect() {
    for (StoredReceipt end = ended.poll(); end != null; end = ended.poll()) {
      busy.remove(end.id());
      busyBytes -= end.bytes();
      if (end.isKept()) {
        waitAWhile();
      } else {
        disk.remove(end.id(), end.sent(), end.failed());
        down = false;
        failuresInARow = 0;
      }
    }
  }

  private void waitAWhile() {
    down = true;
    if (!waiting && !stopped) {
      waiting = true;
      int doublings = Math.min(failuresInARow++, MAX_DOUBLINGS);
      Duration bound = FIRST_WAIT.multipliedBy(1L << doublings);
      long nanos = (bound.compareTo(LONGEST_WAIT) < 0 ? bound : LONGEST_WAIT).toNanos();
      line.timer()
          .schedule(
              Duration.ofNanos((long) (nanos * (1 + line.random().getAsDouble()) / 2)), this::goOn);
    }
  }

  /** Starts as many deliveries as there is room for. */
  void pump() {
    while (hasRoom()) {
      Optional<Spool.Stored> next = disk.oldest(id -> !busy.containsKey(id));
      if (next.isEmpty()) {
        return;
      }
      deliver(next.get());
    }
  }

  private boolean hasRoom() {
    if (stopped || waiting || (down && !busy.isEmpty())) {
      return false;
    }
    return busy.size() < maxBatches && busyBytes < MAX_BYTES;
  }

  private void deliver(Spool.Stored stored) {
    StoredReceipt receipt = new StoredReceipt(nobodys, stored, this::ended);
    busy.put(stored.id(), receipt);
    busyBytes += receipt.bytes();
    SpoolEntry entry = stored.entry();
    Payload payload =
        new Payload(entry.destination(), entry.body(), entry.firstMessage(), entry.messageEnds());
    new Delivery(line, payload, receipt).start();
  }

  private void ended(StoredReceipt receipt) {
    ended.add(receipt);
    wake.run();
  }

  /** What may still be delivered stays on disk, and is nobody's failure. */
  @Override
  public boolean take(Payload payload, Receipt receipt, Receipt.Piece piece, SendException error) {
    if (error.retryable()) {
      receipt.failed(piece, error);
      return true;
    }
    if (!saidRefused) {
      saidRefused = true;
      LOG.warn("Messages from the spool are given up; this is logged once: {}", error.getMessage());
    }
    return false;
  }

  /** Gives up what is too old. */
  void expire() {
    Instant limit = disk.now().minus(maxAge);
    int expired = EXPIRED_IN_A_COMMIT;
    while (expired == EXPIRED_IN_A_COMMIT && disk.oldestTime().filter(limit::isAfter).isPresent()) {
      expired = expireSome(limit);
      disk.commit(List.of());
    }
  }

  private int expireSome(Instant limit) {
    int expired = 0;
    while (expired < EXPIRED_IN_A_COMMIT) {
      Optional<Spool.Stored> oldest = disk.oldest(id -> !busy.containsKey(id));
      if (oldest.isEmpty() || !limit.isAfter(oldest.get().entry().acceptedAt())) {
        return expired;
      }
      expire(oldest.get());
      expired++;
    }
    return expired;
  }

  private void expire(Spool.Stored stored) {
    int messages = stored.entry().messages();
    disk.remove(stored.id(), 0, messages);
    if (!saidExpired) {
      saidExpired = true;
      LOG.warn(
          "Messages in the spool are older than {} and are given up; this is logged once", maxAge);
    }
    String why = messages + " messages for " + stored.entry().destination();
    line.metrics()
        .failed(
            stored.entry().destination(),
            messages,
            new DeliveryTimeoutException(
                new FailureDetails(
                    why + ": in the spool for more than " + maxAge, true, true, List.of(), null)));
    line.metrics().spoolExpired(stored.entry().destination(), messages);
  }

  /** Lets the deliveries under way go. What they had stays on disk. */
  void stop() {
    stopped = true;
    List.copyOf(busy.values()).forEach(receipt -> receipt.abandon(Failures.closed()));
    collect();
  }
}
