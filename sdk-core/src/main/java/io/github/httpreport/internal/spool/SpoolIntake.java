package io.github.httpreport.internal.spool;

import io.github.httpreport.Attempt;
import io.github.httpreport.SendResult;
import io.github.httpreport.SenderMetrics;
import io.github.httpreport.error.BufferFullException;
import io.github.httpreport.error.FailureDetails;
import io.github.httpreport.error.SendException;
import io.github.httpreport.internal.batch.BatchCompletion;
import io.github.httpreport.internal.batch.MessageRange;
import io.github.httpreport.internal.delivery.Delivery;
import io.github.httpreport.internal.delivery.SendExceptions;
import io.github.httpreport.internal.delivery.UndeliveredHandler;
import io.github.httpreport.internal.spool.PendingWrite.Refusal;
import io.github.httpreport.protocol.Payload;
import io.github.httpreport.protocol.WireProtocol;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes batches over for the disk: undelivered ones, those that the buffer had no memory for, all
 * of them with write-ahead, and at the close what is left.
 *
 * <p>Any thread calls this. It claims the messages first, so that no delivery completes them, and
 * from then on owns their end: the {@link SpoolWorker} reports each write once, as stored or as
 * refused, on its thread or on the caller's. A claim is given back only where the disk is broken
 * and the batch can be delivered without it.
 */
public final class SpoolIntake implements UndeliveredHandler {

  private static final Logger LOG = LoggerFactory.getLogger(SpoolIntake.class);

  private final SpoolWorker worker;
  private final WireProtocol protocol;
  private final SenderMetrics metrics;

  public SpoolIntake(SpoolWorker worker, WireProtocol protocol, SenderMetrics metrics) {
    this.worker = worker;
    this.protocol = protocol;
    this.metrics = metrics;
  }

  /** Takes over what a delivery gives up for now. */
  @Override
  public boolean take(
      Payload payload, BatchCompletion completion, MessageRange range, SendException error) {
    if (!error.retryable() || worker.isClosed()) {
      return false;
    }
    if (!completion.claim(range)) {
      return true;
    }
    List<Attempt> attempts = error.attempts();
    writeOrFail(
        completion,
        range,
        payload,
        () -> {
          worker.noteInUse(String.valueOf(error.getMessage()));
          return new PendingWrite(
              payload,
              () ->
                  spooled(
                      completion,
                      range,
                      payload,
                      attempts,
                      SendExceptions.mayHaveBeenStored(attempts)),
              (why, text) -> fail(completion, range, payload, error));
        });
    return true;
  }

  @Override
  public void delivered(String groupId) {
    worker.groupHealthy(groupId);
  }

  /**
   * Queues a write for claimed messages. The claim leaves them without another owner, so whatever
   * is thrown here, they get an end: a refusal of the write, or a failure where there is no write
   * yet.
   */
  private void writeOrFail(
      BatchCompletion completion,
      MessageRange range,
      Payload payload,
      Supplier<PendingWrite> maker) {
    PendingWrite write = null;
    try {
      write = maker.get();
      worker.write(write);
    } catch (Throwable e) {
      LOG.error("A batch could not be given to the spool", e);
      if (write == null) {
        fail(completion, range, payload, bufferFull("the spool failed: " + e));
      } else {
        write.refused(Refusal.BROKEN, "the spool failed: " + e);
      }
    }
  }

  /**
   * Writes a batch that the full buffer had no memory for. It has no delivery in memory, so a
   * refusal fails its messages.
   */
  public void spill(Payload payload, BatchCompletion completion) {
    MessageRange range = new MessageRange(0, payload.messageCount());
    if (!completion.claim(range)) {
      return;
    }
    writeOrFail(
        completion,
        range,
        payload,
        () -> {
          worker.noteInUse("the buffer is full");
          return new PendingWrite(
              payload,
              () -> spooled(completion, range, payload, List.of(), false),
              (why, text) ->
                  fail(completion, range, payload, bufferFull("buffer is full, and the " + text)));
        });
  }

  /**
   * Writes a batch before it is delivered; from then on the drainer delivers it from the disk. A
   * full spool fails the batch, as a full buffer does. A broken disk is no reason to report
   * nothing, so the batch is delivered without it.
   *
   * @param delivery delivers the batch without the spool where the disk is broken
   */
  public void writeAhead(Payload payload, BatchCompletion completion, Delivery delivery) {
    MessageRange range = new MessageRange(0, payload.messageCount());
    if (!completion.claim(range)) {
      return;
    }
    writeOrFail(
        completion,
        range,
        payload,
        () ->
            new PendingWrite(
                payload,
                () -> spooled(completion, range, payload, List.of(), false),
                (why, text) -> {
                  if (why == Refusal.FULL) {
                    fail(completion, range, payload, bufferFull(text));
                  } else if (why == Refusal.BROKEN && completion.giveBack(range)) {
                    delivery.start();
                  } else {
                    completion.abandonClaimed(range, SendExceptions.closed());
                  }
                }));
  }

  /**
   * Writes the messages that a sender could not deliver before it closes. Their deliveries go on
   * until the threads end, but find every message claimed.
   */
  public void takeOver(Collection<BatchCompletion> batches) {
    for (BatchCompletion completion : batches) {
      Payload payload = completion.payload();
      if (payload != null) {
        completion.claimRest().forEach(range -> takeOver(completion, range, cut(payload, range)));
      }
    }
  }

  /**
   * The bytes of a range; a batch of which some messages have their end is not written again as a
   * whole.
   */
  private Payload cut(Payload payload, MessageRange range) {
    return range.size() == payload.messageCount()
        ? payload
        : protocol.slice(payload, range.from(), range.to());
  }

  private void takeOver(BatchCompletion completion, MessageRange range, Payload payload) {
    worker.write(
        new PendingWrite(
            payload,
            // The request may have been sent.
            () -> spooled(completion, range, payload, List.of(), true),
            (why, text) -> completion.abandonClaimed(range, SendExceptions.closed())));
  }

  /**
   * Ends messages as stored on disk.
   *
   * @param possibleDuplicate whether a request with them may have been sent
   */
  private void spooled(
      BatchCompletion completion,
      MessageRange range,
      Payload payload,
      List<Attempt> attempts,
      boolean possibleDuplicate) {
    metrics.spooled(payload.destination(), range.size());
    completion.spooled(
        range,
        SendResult.builder()
            .messageCount(payload.messageCount())
            .attempts(attempts)
            .possibleDuplicate(possibleDuplicate)
            .spooled(true)
            .build());
  }

  /** Ends messages as failed, with the error that would have ended them without a spool. */
  private void fail(
      BatchCompletion completion, MessageRange range, Payload payload, SendException error) {
    metrics.failed(payload.destination(), range.size(), error);
    completion.unspooled(range, error);
  }

  private static SendException bufferFull(String text) {
    return new BufferFullException(FailureDetails.builder(text).retryable(true).build());
  }
}
