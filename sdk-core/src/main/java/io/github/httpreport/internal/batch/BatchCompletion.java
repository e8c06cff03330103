package io.github.httpreport.internal.batch;

import io.github.httpreport.Attempt;
import io.github.httpreport.Destination;
import io.github.httpreport.SendResult;
import io.github.httpreport.SenderMetrics.BatchObserver;
import io.github.httpreport.error.SendException;
import io.github.httpreport.protocol.Payload;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The end of the messages of one batch: counts each message once, and completes its future. A batch
 * ends as a whole, or in several ranges where it had to be split.
 *
 * <p>Each range is open until it is claimed, by the delivery that has its result or by the spool
 * that takes it over. The claim makes an end unique: the thread that gets it counts and completes,
 * and a result that comes later finds the range claimed and has no effect. A batch is OPEN until
 * all of its ranges are claimed; {@link State} names the other two.
 *
 * <pre>
 *   state      event                        next        effect
 *   OPEN       sent, failed                 OPEN        the range is claimed, counted and completed
 *   OPEN       claim, claimRest             OPEN        the spool owns the range, and calls one of:
 *                spooled, unspooled         OPEN          the range is counted and completed
 *                abandonClaimed             OPEN          the same, counted as abandoned
 *                giveBack                   OPEN          the range is open again, for a delivery
 *   OPEN       abandon, when closing        ABANDONED   open ranges are counted as abandoned, and fail
 *   OPEN       withdraw                     WITHDRAWN   none: no message of it was accepted
 *   ABANDONED  sent, failed, claim          ABANDONED   none: every range has its end already
 *   ABANDONED  giveBack                     ABANDONED   refused, so that the spool abandons the range
 * </pre>
 *
 * <p>Deliveries, the spool and the thread that closes call this at the same time. The monitor
 * guards the state, the claims and the payload; counts, metrics and futures are updated outside of
 * it, by the thread that has the claim. Whatever one of those steps throws, the next ones run:
 * nothing else would complete the futures.
 */
public abstract class BatchCompletion {

  private enum State {
    /** Messages may be claimed. */
    OPEN,
    /** The sender closed before every message was claimed. */
    ABANDONED,
    /** The batch was never accepted. */
    WITHDRAWN
  }

  private final IncompleteBatches batches;

  /** Completes once every message is claimed, before the last future does. */
  private final CompletableFuture<Void> allClaimed = new CompletableFuture<>();

  private volatile @Nullable Destination destination;

  /** Why the last attempt did not deliver the messages; empty before one failed. */
  private volatile String lastReason = "";

  private @Nullable BatchObserver observer;
  private @Nullable SendException firstError;

  /** The encoded batch, where a spool may take the rest of it over; null without a spool. */
  private @Nullable Payload payload;

  private State state = State.OPEN;

  /** Ranges with an owner, disjoint, in the order of their claims. */
  private List<MessageRange> claimed = List.of();

  private int claimedMessages;

  public BatchCompletion(IncompleteBatches batches) {
    this.batches = batches;
  }

  /** Names the destination of the messages, for the report of what closing leaves behind. */
  public final void belongsTo(Destination value) {
    destination = value;
  }

  /**
   * Sets the observer of the batch, guarded against what it throws. Before the batch is visible to
   * other threads.
   */
  final void observedBy(@Nullable BatchObserver value) {
    observer = value;
  }

  /** Calls the observer for a message that the current thread adds. */
  final void observeEnqueued() {
    if (observer != null) {
      observer.enqueued();
    }
  }

  /** Calls the observer when the delivery starts. */
  public final void observeStart(Payload value) {
    if (observer != null) {
      observer.started(value.messageCount(), value.size());
    }
  }

  /** Calls the observer for a request that ended. */
  public final void observeAttempt(Attempt attempt) {
    if (observer != null) {
      observer.attempted(attempt);
    }
  }

  /** Keeps why the messages are not delivered yet, for the same report. */
  public final void delayedBy(String reason) {
    lastReason = reason;
  }

  /** Ends messages that the server has, without metrics. */
  public final void sent(MessageRange range, SendResult result) {
    sent(range, result, () -> {});
  }

  /**
   * Ends messages that the server has.
   *
   * @param count updates metrics; not run for messages that were claimed before, so that nothing is
   *     counted twice
   */
  public final void sent(MessageRange range, SendResult result, Runnable count) {
    if (claim(range)) {
      try {
        count.run();
      } finally {
        try {
          batches.sent(range.size());
        } finally {
          end(range, result, null);
        }
      }
    }
  }

  /** Ends messages that were given up, without metrics. */
  public final void failed(MessageRange range, SendException error) {
    failed(range, error, () -> {});
  }

  /** Ends messages that were given up; {@code count} as for {@link #sent}. */
  public final void failed(MessageRange range, SendException error, Runnable count) {
    if (claim(range)) {
      try {
        count.run();
      } finally {
        unspooled(range, error);
      }
    }
  }

  /** Keeps the encoded batch, for {@link #claimRest}. */
  public final synchronized void encoded(Payload value) {
    payload = value;
  }

  public final synchronized @Nullable Payload payload() {
    return payload;
  }

  /**
   * Claims messages. A caller that gets them must end them: a delivery has their result, the spool
   * calls one of the four methods below.
   *
   * @return false if the messages have their end, or another owner
   */
  public final synchronized boolean claim(MessageRange range) {
    // A server may acknowledge what the spool has taken over, a moment too late.
    if (state != State.OPEN || claimedMessages + range.size() > count()) {
      return false;
    }
    claimed = with(claimed, range);
    claimedMessages += range.size();
    return true;
  }

  /** Claims every message that is open. */
  public final synchronized List<MessageRange> claimRest() {
    List<MessageRange> rest = unclaimed();
    rest.forEach(this::claim);
    return rest;
  }

  /** Ends claimed messages that are on disk. */
  public final void spooled(MessageRange range, SendResult result) {
    try {
      batches.spooled(range.size());
    } finally {
      end(range, result, null);
    }
  }

  /** Ends claimed messages that were given up. */
  public final void unspooled(MessageRange range, SendException error) {
    try {
      batches.failed(range.size());
    } finally {
      end(range, null, error);
    }
  }

  /** Ends claimed messages that did not get to the disk before the sender closed. */
  public final void abandonClaimed(MessageRange range, SendException error) {
    try {
      batches.abandoned(destination, lastReason, range.size());
    } finally {
      end(range, null, error);
    }
  }

  /** Opens claimed messages again, for a delivery; false if the sender has closed meanwhile. */
  public final synchronized boolean giveBack(MessageRange range) {
    if (state != State.OPEN) {
      return false;
    }
    claimed = new ArrayList<>(claimed);
    claimed.remove(range);
    claimedMessages -= range.size();
    return true;
  }

  /** Gives up every message that is open. */
  public final void abandon(SendException error) {
    List<MessageRange> rest = abandonRest();
    rest.forEach(range -> batches.abandoned(destination, lastReason, range.size()));
    rest.forEach(range -> end(range, null, error));
    completeIfClaimed();
  }

  /**
   * Takes back a batch that was not accepted, as if it had never been. False if it was abandoned
   * before, which has counted and completed it.
   */
  final boolean withdraw() {
    synchronized (this) {
      if (state != State.OPEN) {
        return false;
      }
      state = State.WITHDRAWN;
    }
    batches.completed(this);
    allClaimed.complete(null);
    return true;
  }

  /** Whether no message is open, so that nothing is left to deliver. */
  public final synchronized boolean isClaimed() {
    return state != State.OPEN || claimedMessages == count();
  }

  final synchronized boolean isAbandoned() {
    return state != State.OPEN;
  }

  /**
   * Completes, never with an error, when every message is claimed and every future complete. Both,
   * because the application may complete a future itself while its message is on its way.
   */
  final CompletableFuture<Void> completed() {
    return allClaimed.thenCompose(done -> isWithdrawn() ? allClaimed : futuresDone());
  }

  /** How many messages the batch holds; does not change once it is sealed. */
  public abstract int count();

  /**
   * Whether its messages complete or fail as one. Then a message that no request can carry fails
   * the batch before anything of it is sent.
   */
  public abstract boolean isOne();

  /** The thread that does nothing but wait for this, if there is one. */
  public @Nullable Thread waiter() {
    return null;
  }

  /** Completes, never with an error, when the futures of the application have. */
  public abstract CompletableFuture<Void> futuresDone();

  /** Completes the futures of a range, with a result or with an error. */
  public abstract void complete(
      MessageRange range, @Nullable SendResult result, @Nullable SendException error);

  /** Almost every batch ends in one range, so the usual list is the smallest there is. */
  static <T> List<T> with(List<T> some, T one) {
    if (some.isEmpty()) {
      return List.of(one);
    }
    List<T> more = some instanceof ArrayList ? some : new ArrayList<>(some);
    more.add(one);
    return more;
  }

  final IncompleteBatches batches() {
    return batches;
  }

  private synchronized boolean isWithdrawn() {
    return state == State.WITHDRAWN;
  }

  /**
   * Passes the end of a claimed range on: to the observer if it is the last one, then to the
   * futures, which complete whatever the observer throws.
   */
  private void end(MessageRange range, @Nullable SendResult result, @Nullable SendException error) {
    try {
      keepFirst(error);
      completeIfClaimed();
    } finally {
      complete(range, result, error);
    }
  }

  private synchronized void keepFirst(@Nullable SendException error) {
    if (firstError == null) {
      firstError = error;
    }
  }

  private synchronized @Nullable SendException firstError() {
    return firstError;
  }

  private void completeIfClaimed() {
    if (isClaimed() && allClaimed.complete(null) && observer != null) {
      observer.ended(firstError());
    }
  }

  private synchronized List<MessageRange> abandonRest() {
    List<MessageRange> rest = unclaimed();
    if (state == State.OPEN) {
      state = State.ABANDONED;
    }
    return rest;
  }

  /** The gaps between the claimed ranges; none once the batch has left OPEN. */
  private List<MessageRange> unclaimed() {
    List<MessageRange> rest = new ArrayList<>();
    if (state == State.OPEN) {
      int from = 0;
      for (MessageRange range : inOrder(claimed)) {
        addIfAny(rest, from, range.from());
        from = range.to();
      }
      addIfAny(rest, from, count());
    }
    return rest;
  }

  private static List<MessageRange> inOrder(List<MessageRange> ranges) {
    return ranges.stream().sorted(Comparator.comparingInt(MessageRange::from)).toList();
  }

  private static void addIfAny(List<MessageRange> ranges, int from, int to) {
    if (from < to) {
      ranges.add(new MessageRange(from, to));
    }
  }
}
