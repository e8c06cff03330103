package io.github.httpreport.internal.batch;

import io.github.httpreport.Destination;
import io.github.httpreport.SendResult;
import io.github.httpreport.error.SendException;
import io.github.httpreport.protocol.Payload;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Who is to be told of the messages of one batch. A batch is settled in one piece, or in several
 * when it had to be split; what is not settled when the sender closes is abandoned. Each message is
 * settled and counted once.
 */
public abstract class BatchCompletion {

  /** Some neighbouring messages of a batch. */
  public record Piece(int from, int to) {
    public int size() {
      return to - from;
    }
  }

  private final IncompleteBatches ledger;
  private List<Piece> settled = List.of();
  private final CompletableFuture<Void> allSettled = new CompletableFuture<>();
  private volatile @Nullable Destination destination;
  private volatile String lastReason = "";
  private @Nullable Payload payload;
  private int settledMessages;
  private boolean abandoned;
  private boolean withdrawn;

  public BatchCompletion(IncompleteBatches ledger) {
    this.ledger = ledger;
  }

  /** Notes where the messages belong, for the report of what closing leaves behind. */
  public final void belongsTo(Destination value) {
    destination = value;
  }

  /** Notes why the messages are not delivered yet, for the same report. */
  public final void delayedBy(String reason) {
    lastReason = reason;
  }

  /** The messages are with the server, and no metrics are to be updated. */
  public final void sent(Piece piece, SendResult result) {
    sent(piece, result, () -> {});
  }

  /**
   * The messages are with the server.
   *
   * @param count updates metrics; not run for messages that were settled before, so that nothing is
   *     counted twice
   */
  public final void sent(Piece piece, SendResult result, Runnable count) {
    if (settle(piece)) {
      try {
        count.run();
      } finally {
        endSent(piece, result);
      }
    }
  }

  private void endSent(Piece piece, SendResult result) {
    try {
      ledger.sent(piece.size());
    } finally {
      end(piece, result, null);
    }
  }

  /** The messages were given up, and no metrics are to be updated. */
  public final void failed(Piece piece, SendException error) {
    failed(piece, error, () -> {});
  }

  /** The messages were given up; {@code count} as for {@link #sent}. */
  public final void failed(Piece piece, SendException error, Runnable count) {
    if (settle(piece)) {
      try {
        count.run();
      } finally {
        unspooled(piece, error);
      }
    }
  }

  /** Remembers the encoded batch, for {@link #claimRest}. */
  public final synchronized void encoded(Payload value) {
    payload = value;
  }

  public final synchronized @Nullable Payload payload() {
    return payload;
  }

  /**
   * Takes messages over from their delivery, for the spool. True for the one who is now to call one
   * of the three methods below.
   */
  public final boolean claim(Piece piece) {
    return settle(piece);
  }

  /** Takes over whatever is not settled. */
  public final synchronized List<Piece> claimRest() {
    List<Piece> rest = unsettled();
    rest.forEach(this::settle);
    return rest;
  }

  /** The claimed messages are on disk. */
  public final void spooled(Piece piece, SendResult result) {
    try {
      ledger.spooled(piece.size());
    } finally {
      end(piece, result, null);
    }
  }

  /** The claimed messages were given up. */
  public final void unspooled(Piece piece, SendException error) {
    try {
      ledger.failed(piece.size());
    } finally {
      end(piece, null, error);
    }
  }

  /** The claimed messages did not get to the disk before the sender closed. */
  public final void abandonClaimed(Piece piece, SendException error) {
    try {
      ledger.abandoned(destination, lastReason, piece.size());
    } finally {
      end(piece, null, error);
    }
  }

  /** The claimed messages are to be delivered after all; false if it is too late for that. */
  public final synchronized boolean giveBack(Piece piece) {
    if (abandoned) {
      return false;
    }
    settled = new ArrayList<>(settled);
    settled.remove(piece);
    settledMessages -= piece.size();
    return true;
  }

  /** Gives up whatever is not settled. */
  public final void abandon(SendException error) {
    List<Piece> rest = abandonRest();
    rest.forEach(piece -> ledger.abandoned(destination, lastReason, piece.size()));
    rest.forEach(piece -> end(piece, null, error));
    noteIfSettled();
  }

  /**
   * Takes back a batch that is not under way, as if it had never been. False if it was abandoned
   * before, and so counted and told.
   */
  final boolean withdraw() {
    synchronized (this) {
      if (abandoned) {
        return false;
      }
      abandoned = true;
      withdrawn = true;
    }
    ledger.told(this);
    allSettled.complete(null);
    return true;
  }

  /** Whether there is nothing left to deliver for. */
  public final synchronized boolean isSettled() {
    return abandoned || settledMessages == count();
  }

  final synchronized boolean isAbandoned() {
    return abandoned;
  }

  /**
   * Completes, never with an error, when everything is settled and everybody has been told. Both,
   * because the application may complete a future of its own accord while its message is under way.
   */
  final CompletableFuture<Void> told() {
    return allSettled.thenCompose(settled -> isWithdrawn() ? allSettled : futuresDone());
  }

  /** How many messages the batch holds; does not change once it is sealed. */
  public abstract int count();

  /** Whether its messages complete or fail as one. */
  public abstract boolean isOne();

  /** The thread that does nothing but wait for this, if there is one. */
  public @Nullable Thread waiter() {
    return null;
  }

  /** Completes, never with an error, when the futures of the application have. */
  public abstract CompletableFuture<Void> futuresDone();

  /** Tells what came of a piece: a result or an error. */
  public abstract void tell(
      Piece piece, @Nullable SendResult result, @Nullable SendException error);

  /** Almost every batch has one part, so the usual list is the smallest there is. */
  static <T> List<T> with(List<T> some, T one) {
    if (some.isEmpty()) {
      return List.of(one);
    }
    List<T> more = some instanceof ArrayList ? some : new ArrayList<>(some);
    more.add(one);
    return more;
  }

  final IncompleteBatches ledger() {
    return ledger;
  }

  private synchronized boolean isWithdrawn() {
    return withdrawn;
  }

  /** A settled piece is told whatever is thrown before: nobody else will do it. */
  private void end(Piece piece, @Nullable SendResult result, @Nullable SendException error) {
    try {
      noteIfSettled();
    } finally {
      tell(piece, result, error);
    }
  }

  private void noteIfSettled() {
    if (isSettled()) {
      allSettled.complete(null);
    }
  }

  private synchronized boolean settle(Piece piece) {
    // What the spool has taken over may be acknowledged nevertheless, a moment too late.
    if (abandoned || settledMessages + piece.size() > count()) {
      return false;
    }
    settled = with(settled, piece);
    settledMessages += piece.size();
    return true;
  }

  private synchronized List<Piece> abandonRest() {
    List<Piece> rest = unsettled();
    abandoned = true;
    return rest;
  }

  private List<Piece> unsettled() {
    List<Piece> rest = new ArrayList<>();
    if (!abandoned) {
      int from = 0;
      for (Piece piece : settled.stream().sorted(Comparator.comparingInt(Piece::from)).toList()) {
        addIfAny(rest, from, piece.from);
        from = piece.to;
      }
      addIfAny(rest, from, count());
    }
    return rest;
  }

  private static void addIfAny(List<Piece> pieces, int from, int to) {
    if (from < to) {
      pieces.add(new Piece(from, to));
    }
  }
}
