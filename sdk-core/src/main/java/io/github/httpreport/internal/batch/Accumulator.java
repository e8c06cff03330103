package io.github.httpreport.internal.batch;

import io.github.httpreport.Batching;
import io.github.httpreport.Destination;
import io.github.httpreport.Message;
import io.github.httpreport.SendResult;
import io.github.httpreport.SenderMetrics;
import io.github.httpreport.internal.concurrent.CallbackExecutor;
import io.github.httpreport.internal.concurrent.Scheduler;
import io.github.httpreport.internal.share.GroupShare;
import io.github.httpreport.protocol.WireProtocol;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open batches: one for each destination and data time, until it is full or has lingered.
 *
 * <p>A batch is EMPTY when made, OPEN from its first message on, FULL when it reaches a limit, and
 * SEALED once, by the thread that filled it, by its linger on the scheduler's thread, or by {@link
 * #sealAll}; the thread that seals it takes it to the sink. The monitor of a batch guards its
 * messages, their futures and its state; nothing that blocks runs under it, and no two are held at
 * once. The map of open batches has no lock: a batch that is full or sealed refuses messages, and
 * the caller makes the next one.
 *
 * <p>Memory is taken before a message is added and belongs to its batch from then on. Whatever
 * fails before that gives it back here.
 */
public final class Accumulator {

  private static final Logger LOG = LoggerFactory.getLogger(Accumulator.class);

  /** Takes a sealed batch, on the thread that sealed it. */
  public interface Sink {
    void deliver(
        Destination destination,
        List<Message> messages,
        @Nullable Instant dataTime,
        BatchCompletion completion);
  }

  /**
   * Open batches up to which a new one begins as large as the last one ended; beyond it, the long
   * lists of many small batches would waste memory.
   */
  private static final int FEW = 16;

  /** Messages that the lists of a new batch have room for, where no better guess is known. */
  private static final int SMALL = 10;

  private final Batching batching;
  private final WireProtocol protocol;
  private final RequestSizeLimits limits;
  private final MemoryBudget budget;
  private final IncompleteBatches batches;
  private final CallbackExecutor callbacks;
  private final Scheduler scheduler;
  private final SenderMetrics metrics;
  private final Sink sink;
  private final Map<Key, OpenBatch> open = new ConcurrentHashMap<>();
  private final DataTimeSplits splits = new DataTimeSplits();

  /** Messages of the batch that was sealed last, of any destination: a guess at the next one. */
  private volatile int lastSize = SMALL;

  public Accumulator(
      Batching batching,
      WireProtocol protocol,
      RequestSizeLimits limits,
      MemoryBudget budget,
      IncompleteBatches batches,
      CallbackExecutor callbacks,
      Scheduler scheduler,
      SenderMetrics metrics,
      Sink sink) {
    this.batching = batching;
    this.protocol = protocol;
    this.limits = limits;
    this.budget = budget;
    this.batches = batches;
    this.callbacks = callbacks;
    this.scheduler = scheduler;
    this.metrics = metrics;
    this.sink = sink;
  }

  MemoryBudget budget() {
    return budget;
  }

  @Nullable GroupShare shareOf(String groupId) {
    return batches.shareOf(groupId);
  }

  IncompleteBatches batches() {
    return batches;
  }

  SenderMetrics metrics() {
    return metrics;
  }

  Sink sink() {
    return sink;
  }

  /** What so many bytes take of the budget, which everything is to fit into. */
  long cappedBytes(long bytes) {
    return Math.min(bytes, budget.maxBytes());
  }

  /** Gives memory back that no batch owns yet. */
  void release(String groupId, long bytes) {
    budget.release(shareOf(groupId), bytes);
  }

  /**
   * The usual case of {@link MessageIntake#enqueue}: memory is free and a batch is open. Takes no
   * memory where that is not so.
   *
   * @return the future of the message; null if it was not added
   */
  @Nullable CompletableFuture<SendResult> joinIfMemoryIsFree(
      Key key, Message message, long encodedBytes, long takenBytes) {
    String groupId = key.destination().groupId();
    if (!budget.acquireIfFree(shareOf(groupId), takenBytes)) {
      return null;
    }
    CompletableFuture<SendResult> joined = null;
    try {
      joined = join(key, message, encodedBytes, takenBytes);
      return joined;
    } finally {
      if (joined == null) {
        release(groupId, takenBytes);
      }
    }
  }

  /**
   * Adds a message, for which memory was taken as for a batch of its own. Gives the part of the
   * batch back if one is open, and all of it if the message is not added.
   */
  CompletableFuture<SendResult> joinOrOpen(
      Key key, Message message, long encodedBytes, long messageBytes, long withBatchBytes) {
    String groupId = key.destination().groupId();
    CompletableFuture<SendResult> joined;
    try {
      joined = join(key, message, encodedBytes, messageBytes);
      if (joined == null) {
        return add(key, message, encodedBytes, withBatchBytes);
      }
    } catch (Throwable notAdded) {
      release(groupId, withBatchBytes);
      throw notAdded;
    }
    release(groupId, withBatchBytes - messageBytes);
    return joined;
  }

  /**
   * Adds a message to the open batch of its key, and seals the batch when that fills it.
   *
   * @return the future of the message; null where no batch is open that has a message
   */
  @Nullable CompletableFuture<SendResult> join(
      Key key, Message message, long encodedBytes, long takenBytes) {
    OpenBatch batch = open.get(key);
    return batch == null ? null : addTo(batch, message, encodedBytes, takenBytes, false);
  }

  /**
   * The same for a message that may be the first of its batch.
   *
   * @param takenBytes with what an open batch costs
   */
  CompletableFuture<SendResult> add(Key key, Message message, long encodedBytes, long takenBytes) {
    CompletableFuture<SendResult> future;
    do {
      OpenBatch batch = open.computeIfAbsent(key, OpenBatch::new);
      future = addTo(batch, message, encodedBytes, takenBytes, true);
    } while (future == null);
    return future;
  }

  private @Nullable CompletableFuture<SendResult> addTo(
      OpenBatch batch, Message message, long encodedBytes, long takenBytes, boolean mayBeFirst) {
    CompletableFuture<SendResult> future;
    try {
      future = batch.add(message, encodedBytes, takenBytes, mayBeFirst);
    } catch (Throwable e) {
      forgetIfSealed(batch);
      throw e;
    }
    if (batch.isFull()) {
      seal(batch);
      // Another thread that seals it may not have come to this yet, and this one needs a new one.
      open.remove(batch.key, batch);
    }
    return future;
  }

  /** A batch whose first message could not be accepted takes no other. */
  private void forgetIfSealed(OpenBatch batch) {
    if (batch.isFull()) {
      open.remove(batch.key, batch);
    }
  }

  /** Seals every batch that is open now. */
  public void sealAll() {
    open.values().forEach(this::seal);
  }

  /**
   * Takes a batch to the sink if this thread is the one that seals it. The batch leaves the map
   * first, so the next message of its key opens another one while this one is encoded.
   */
  private void seal(OpenBatch batch) {
    if (batch.seal()) {
      open.remove(batch.key, batch);
      lastSize = batch.messages.size();
      sink.deliver(
          batch.key.destination(), batch.messages, batch.key.dataTime(), batch.completions);
    }
  }

  /**
   * What messages share a batch by.
   *
   * @param dataTime in whole milliseconds; null for messages without one
   */
  public record Key(Destination destination, @Nullable Instant dataTime) {}

  /** A batch that takes messages. Guarded by itself; nothing under the lock blocks. */
  private final class OpenBatch {
    private final Key key;
    private final MessageList messages;

    /** Futures and memory of the messages; in step with {@code messages}. */
    private final PerMessageCompletion completions;

    private final int maxMessages;
    private final long maxBytes;

    /**
     * The task that seals the batch; null before the first message, and for a batch that is full by
     * then.
     */
    private Scheduler.@Nullable Scheduled linger;

    /** Bytes of the encoded request so far, with the overhead of an empty one. */
    private long bytes;

    /** Takes no more messages; the thread that finds this out seals the batch. */
    private boolean full;

    /** Takes no message and no second seal: it is on its way to the sink, or was dropped empty. */
    private boolean sealed;

    /** Empty; its first message notes it as incomplete, because nothing waits for an empty one. */
    OpenBatch(Key key) {
      this.key = key;
      int size = open.size() < FEW ? lastSize : SMALL;
      messages = new MessageList(size);
      completions =
          new PerMessageCompletion(batches.of(key.destination().groupId()), callbacks, size);
      completions.belongsTo(key.destination());
      completions.observedBy(metrics.batchOpened(key.destination()));
      maxMessages = Math.min(batching.maxMessages(), limits.maxMessages());
      maxBytes = Math.min(batching.maxBytes(), limits.maxBatchBytes(key.destination()));
      bytes = protocol.overheadOf(key.destination());
      splits.opened(key);
    }

    /**
     * Adds a message, and notes whether the batch is full by it. The first message brings the
     * memory of the batch itself, so a thread that has not taken it leaves an empty batch to the
     * thread that made it.
     *
     * @param mayBeFirst whether {@code takenBytes} includes the memory of a batch
     * @return the future of the message; null when it does not fit, or may not be the first
     */
    synchronized @Nullable CompletableFuture<SendResult> add(
        Message message, long encodedBytes, long takenBytes, boolean mayBeFirst) {
      if (messages.isEmpty() && !mayBeFirst) {
        return null;
      }
      if (sealed || full || (!messages.isEmpty() && bytes + encodedBytes > maxBytes)) {
        full = true;
        return null;
      }
      CompletableFuture<SendResult> future = accept(message, takenBytes);
      bytes += encodedBytes;
      full =
          messages.size() >= maxMessages
              || bytes >= maxBytes
              || batching.linger().equals(Duration.ZERO);
      if (messages.size() == 1 && !full) {
        // Not earlier: a batch whose time is over while it is empty would stay open.
        startLinger();
      }
      return future;
    }

    /** Both lists get the message, or none does and the caller gets what was thrown. */
    private CompletableFuture<SendResult> accept(Message message, long takenBytes) {
      messages.add(message);
      try {
        if (messages.size() == 1) {
          batches.open(completions);
        }
        return completions.add(takenBytes);
      } catch (Throwable e) {
        messages.removeLast();
        if (messages.size() == 0) {
          completions.withdraw();
          sealed = true;
          full = true;
        }
        throw e;
      }
    }

    /** A batch that nothing would seal later is full now. */
    private void startLinger() {
      try {
        linger = scheduler.schedule(batching.linger(), () -> Accumulator.this.seal(this));
      } catch (Throwable e) {
        LOG.error("A batch cannot linger, and is sent at once", e);
        full = true;
      }
    }

    synchronized boolean isFull() {
      return full;
    }

    /** True for the one caller who is to deliver it. An empty one is closed and forgotten. */
    synchronized boolean seal() {
      if (sealed) {
        return false;
      }
      sealed = true;
      noteSealed();
      if (messages.isEmpty()) {
        completions.withdraw();
        return false;
      }
      return true;
    }

    /** A sealed batch is sealed, and delivered, whatever is thrown here. */
    private void noteSealed() {
      try {
        splits.sealed(key, messages.size());
        if (linger != null) {
          linger.cancel();
        }
      } catch (Throwable e) {
        LOG.error("The linger of a batch could not be ended", e);
      }
    }
  }
}
