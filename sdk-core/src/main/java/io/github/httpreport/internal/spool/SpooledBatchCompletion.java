package io.github.httpreport.internal.spool;

import io.github.httpreport.Destination;
import io.github.httpreport.SendResult;
import io.github.httpreport.error.SendException;
import io.github.httpreport.internal.batch.BatchCompletion;
import io.github.httpreport.internal.batch.IncompleteBatches;
import io.github.httpreport.internal.batch.MessageRange;
import io.github.httpreport.internal.delivery.SendExceptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Completion of one batch from the spool, collected range by range for the drainer, which keeps or
 * removes the messages.
 *
 * <p>Ranges of a batch that was split end on several threads; the monitor of this object guards the
 * counts and lists, and they do not change any more once {@code end} was called, on the thread of
 * the last range. No future of the application hangs on it: that one completed when the batch was
 * written.
 */
final class SpooledBatchCompletion extends BatchCompletion {

  /** A range whose content a server refused. */
  record Refused(MessageRange range, SendException error) {}

  private final Portion portion;
  private final Destination destination;
  private final DrainQueue.Share share;
  private final Consumer<SpooledBatchCompletion> end;

  /** Ranges that stay on disk for another delivery. */
  private final List<MessageRange> kept = new ArrayList<>(0);

  private final List<Refused> refused = new ArrayList<>(0);
  private int sent;

  /** Messages whose range has ended, in any way. */
  private int ended;

  private @Nullable SendException lastKept;

  /**
   * @param uncounted a set whose counts are not reported: these messages were counted when they
   *     were accepted
   * @param end called once, when every range has ended
   */
  SpooledBatchCompletion(
      IncompleteBatches uncounted,
      Portion portion,
      Destination destination,
      DrainQueue.Share share,
      Consumer<SpooledBatchCompletion> end) {
    super(uncounted);
    this.portion = portion;
    this.destination = destination;
    this.share = share;
    this.end = end;
  }

  Portion portion() {
    return portion;
  }

  Destination destination() {
    return destination;
  }

  DrainQueue.Share share() {
    return share;
  }

  synchronized int sent() {
    return sent;
  }

  /** What has still to be delivered, in order. */
  synchronized List<Portion> kept() {
    return kept.stream().map(portion::part).toList();
  }

  /** Why the last range was kept; null when none was. */
  synchronized @Nullable SendException lastKept() {
    return lastKept;
  }

  synchronized List<Refused> refused() {
    return List.copyOf(refused);
  }

  /** Why the last range was refused; null when none was. */
  synchronized @Nullable SendException lastRefused() {
    return refused.isEmpty() ? null : refused.get(refused.size() - 1).error();
  }

  @Override
  public int count() {
    return portion.size();
  }

  /** False: each range has an end of its own, so an entry can be delivered in part. */
  @Override
  public boolean isOne() {
    return false;
  }

  /** Complete: there is no future to wait for. */
  @Override
  public CompletableFuture<Void> futuresDone() {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void complete(
      MessageRange range, @Nullable SendResult result, @Nullable SendException error) {
    if (isLast(range, error)) {
      end.accept(this);
    }
  }

  /** Sorts the end of a range: sent, refused for its content, or kept; true for the last range. */
  private synchronized boolean isLast(MessageRange range, @Nullable SendException error) {
    if (error == null) {
      sent += range.size();
    } else if (SendExceptions.isContentAtFault(error)) {
      refused.add(new Refused(range, error));
    } else {
      kept.add(range);
      lastKept = error;
    }
    ended += range.size();
    return ended == count();
  }
}
