package io.github.httpreport.internal.batch;

import io.github.httpreport.Destination;
import io.github.httpreport.Message;
import io.github.httpreport.SendResult;
import io.github.httpreport.internal.share.GroupShare;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Admits checked messages: takes memory for them, notes their batch as incomplete, and puts them
 * into an open batch or straight to the sink.
 *
 * <p>There are two ways in. The usual one takes memory of the buffer, which the groups share. Where
 * the buffer is full and set to spill, a message goes the second way, whose small budget bounds
 * what is about to be written to the disk. Runs on the threads of callers, which may block here
 * until there is memory, and holds no lock of its own.
 */
public final class MessageIntake {

  /**
   * The live heap of a batch or request of one message, without its bytes. Measured by the program
   * {@code memory} on OpenJDK 17.0.15, 64 bits, compressed references, with every node down: 1,400
   * bytes for a request and 1,250 for an enqueued batch of a known group, and 2,200 for either as
   * the only one of its group.
   */
  private static final int BATCH_OVERHEAD = 2048;

  /**
   * The live heap of an enqueued message without its text, measured likewise: its two string
   * objects, its future and its places in two lists, as long as its batch is open.
   */
  private static final int MESSAGE_OVERHEAD = 100;

  /** A message of a request is encoded at once, and keeps an index in the payload. */
  private static final int INDEX_OVERHEAD = Integer.BYTES;

  private final Accumulator buffered;
  private final @Nullable Accumulator spilling;

  /**
   * @param spilling where messages go while the buffer is full; null where they wait or fail
   */
  public MessageIntake(Accumulator buffered, @Nullable Accumulator spilling) {
    this.buffered = buffered;
    this.spilling = spilling;
  }

  /**
   * Puts a message into the open batch of its key.
   *
   * @param encodedBytes what the message adds to its batch on the wire
   */
  public CompletableFuture<SendResult> enqueue(
      Accumulator.Key key, Message message, long encodedBytes) {
    CompletableFuture<SendResult> joined =
        buffered.joinIfMemoryIsFree(key, message, encodedBytes, encodedBytes + MESSAGE_OVERHEAD);
    return joined != null ? joined : enqueueWithBatch(key, message, encodedBytes);
  }

  /** Takes memory for a batch as well before it waits for anything, so it never waits twice. */
  private CompletableFuture<SendResult> enqueueWithBatch(
      Accumulator.Key key, Message message, long encodedBytes) {
    long messageBytes = encodedBytes + MESSAGE_OVERHEAD;
    long withBatch = withBatchOverhead(messageBytes);
    Accumulator way = acquire(key.destination().groupId(), withBatch);
    // The thread may have waited, and others may have opened the batch meanwhile.
    return way.joinOrOpen(
        key, message, encodedBytes, way.cappedBytes(messageBytes), way.cappedBytes(withBatch));
  }

  /**
   * Delivers messages as one batch.
   *
   * @param encodedBytes the size of the batch on the wire
   * @param completer completes the future: not the I/O thread when code of the application hangs on
   *     it
   */
  public CompletableFuture<SendResult> submit(
      Destination destination,
      List<Message> messages,
      @Nullable Instant dataTime,
      long encodedBytes,
      Executor completer) {
    long bytes = withBatchOverhead(encodedBytes + (long) messages.size() * INDEX_OVERHEAD);
    Accumulator way = acquire(destination.groupId(), bytes);
    long takenBytes = way.cappedBytes(bytes);
    SingleFutureCompletion completion;
    try {
      IncompleteBatches batches = way.batches().of(destination.groupId());
      completion = new SingleFutureCompletion(batches, completer, messages.size(), takenBytes);
      completion.belongsTo(destination);
      completion.observedBy(way.metrics().batchOpened(destination));
      completion.observeEnqueued();
      batches.open(completion);
    } catch (Throwable notAccepted) {
      way.release(destination.groupId(), takenBytes);
      throw notAccepted;
    }
    way.sink().deliver(destination, messages, dataTime, completion);
    return completion.future();
  }

  /** A buffer hardly larger than the message counts the overhead as far as it has room for it. */
  private long withBatchOverhead(long bytes) {
    return Math.max(bytes, Math.min(bytes + BATCH_OVERHEAD, buffered.budget().maxBytes()));
  }

  /** Takes memory of the buffer or, where it is full and set to spill, of the second budget. */
  private Accumulator acquire(String groupId, long bytes) {
    GroupShare share = buffered.shareOf(groupId);
    if (spilling == null || bytes > buffered.budget().maxBytes()) {
      buffered.budget().acquire(share, bytes);
      return buffered;
    }
    if (buffered.budget().tryAcquire(share, bytes)) {
      return buffered;
    }
    spilling.budget().acquire(null, spilling.cappedBytes(bytes));
    return spilling;
  }

  /** Seals every batch that is open now. */
  public void sealAll() {
    buffered.sealAll();
    if (spilling != null) {
      spilling.sealAll();
    }
  }

  /** Admits nothing any more, and ends every wait for memory; then seals what is open. */
  public void close() {
    buffered.budget().close();
    if (spilling != null) {
      spilling.budget().close();
    }
    sealAll();
  }

  /** The bytes of both budgets that are in use. */
  public long usedBytes() {
    return buffered.budget().used() + (spilling == null ? 0 : spilling.budget().used());
  }
}
