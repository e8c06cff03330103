package io.github.httpreport.internal;

import io.github.httpreport.CloseSummary;
import io.github.httpreport.Destination;
import io.github.httpreport.Message;
import io.github.httpreport.SendResult;
import io.github.httpreport.SenderMetrics;
import io.github.httpreport.SenderStatus;
import io.github.httpreport.WhenFull;
import io.github.httpreport.error.InterruptedSendException;
import io.github.httpreport.error.SendException;
import io.github.httpreport.internal.batch.Accumulator;
import io.github.httpreport.internal.batch.BatchCompletion;
import io.github.httpreport.internal.batch.BlockedCaller;
import io.github.httpreport.internal.batch.IncompleteBatches;
import io.github.httpreport.internal.batch.Lane;
import io.github.httpreport.internal.batch.MemoryBudget;
import io.github.httpreport.internal.batch.MessageValidator;
import io.github.httpreport.internal.batch.SingleFutureCompletion;
import io.github.httpreport.internal.concurrent.CallbackExecutor;
import io.github.httpreport.internal.concurrent.DaemonThreadFactory;
import io.github.httpreport.internal.concurrent.Scheduler;
import io.github.httpreport.internal.concurrent.SystemScheduler;
import io.github.httpreport.internal.delivery.Delivery;
import io.github.httpreport.internal.delivery.DeliveryContext;
import io.github.httpreport.internal.delivery.SendExceptions;
import io.github.httpreport.internal.node.SavingThread;
import io.github.httpreport.internal.share.GroupShare;
import io.github.httpreport.internal.share.GroupShares;
import io.github.httpreport.internal.spool.RecoveringSpool;
import io.github.httpreport.internal.spool.SpoolWakes;
import io.github.httpreport.internal.spool.SpoolWorker;
import io.github.httpreport.internal.spool.store.Spool;
import io.github.httpreport.internal.telemetry.GuardedMetrics;
import io.github.httpreport.internal.telemetry.LossLog;
import io.github.httpreport.internal.telemetry.LossReporting;
import io.github.httpreport.internal.telemetry.StatusRecorder;
import io.github.httpreport.internal.transport.BoundedTransport;
import io.github.httpreport.internal.transport.Transport;
import io.github.httpreport.protocol.Payload;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A sender's inside: what is accepted here is delivered, told and accounted for. */
public final class Engine {

  /** Makes the transport of an engine. */
  public interface TransportMaker {
    Transport make(SenderSettings settings, Scheduler timer, CallbackExecutor completions);
  }

  /**
   * The live heap of a batch or request of one message besides its bytes. Measured by the program
   * {@code memory} on OpenJDK 17.0.15, 64 bits, compressed references, with every node down: 900
   * bytes for a request and 1,000 for an enqueued batch of a known group, and 1,800 for either as
   * the only one of its group.
   */
  private static final int BATCH_OVERHEAD = 1536;

  /**
   * The live heap of an enqueued message besides its text, measured likewise: its two string
   * objects, its future and its places in two lists, as long as its batch is open.
   */
  private static final int MESSAGE_OVERHEAD = 100;

  /** A message of a request is encoded at once, and keeps an index in the payload. */
  private static final int INDEX_OVERHEAD = Integer.BYTES;

  /** What may be on the way to the disk while the buffer is full. */
  private static final long MAX_SPILL_BYTES = 4 << 20;

  private static final Duration LONGEST_WAIT_FOR_LISTS = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT_FOR_DISK = Duration.ofSeconds(10);

  private final SenderSettings settings;
  private final MessageValidator inbox;
  private final IncompleteBatches ledger;
  private final DeliveryContext line;
  private final Lane lane;
  private final @Nullable Lane spillLane;
  private final @Nullable SpoolWorker spooler;
  private final CallbackExecutor completions;
  private final SavingThread saving;
  private final SenderMetrics metrics;
  private final StatusReader status;
  private final ShutdownSequence closing;

  /**
   * An engine on real time and real sockets. Does no I/O and starts no thread, unless there is a
   * spool to open.
   *
   * @param settings what it is built with
   */
  public Engine(SenderSettings settings) {
    this(settings, EngineFactory::transport, Spool::open);
  }

  /** An engine on another transport, for tests. */
  public Engine(SenderSettings settings, TransportMaker maker) {
    this(settings, maker, Spool::open);
  }

  /** An engine on another transport and another disk, for tests. */
  public Engine(SenderSettings settings, TransportMaker maker, RecoveringSpool.Opener opener) {
    this.settings = settings;
    SystemScheduler timer = new SystemScheduler(settings.name());
    LossLog losses = new LossLog(timer);
    StatusRecorder recorder =
        new StatusRecorder(new LossReporting(settings.metrics(), losses), timer);
    metrics = GuardedMetrics.around(recorder);
    completions = new CallbackExecutor(settings.name(), settings.callbackExecutor());
    saving = new SavingThread(settings.name());
    inbox = new MessageValidator(settings.protocol());
    GroupShares groups =
        new GroupShares(settings.maxInFlight(), settings.retry().budgetRatio(), timer);
    MemoryBudget room =
        new MemoryBudget(settings.bufferBytes(), settings.whenFull(), metrics, groups);
    ledger = new IncompleteBatches(room, groups);
    Transport transport =
        new BoundedTransport(
            maker.make(settings, timer, completions),
            settings.connectTimeout(),
            settings.requestTimeout(),
            timer);
    if (settings.spool() == null) {
      spooler = null;
      line = EngineFactory.line(settings, transport, groups, timer, saving, metrics);
    } else {
      RecoveringSpool disk =
          EngineFactory.disk(settings, settings.spool(), opener, ledger, timer, metrics);
      SpoolWorker made =
          new SpoolWorker(
              DaemonThreadFactory.named(settings.name() + "-spool"),
              settings.protocol(),
              settings.spool(),
              disk,
              timer,
              metrics);
      SenderMetrics waking = new SpoolWakes(metrics, made::groupIsWell, made::nodeIsWell);
      line =
          EngineFactory.line(settings, transport, groups, timer, saving, waking)
              .withUndelivered(made);
      spooler = made;
      made.start(EngineFactory.drain(settings, settings.spool(), disk, line, room, made::wake));
    }
    status = new StatusReader(room, ledger, line, recorder, settings.spool(), spooler);
    lane = lane(room, ledger, encodingThen(this::deliver));
    spillLane = settings.whenFull().action() == WhenFull.Action.SPILL ? spillLane(groups) : null;
    ClosingReport report =
        new ClosingReport(ledger, losses, GuardedMetrics.around(settings.metrics()), settings);
    closing =
        new ShutdownSequence(
            ledger, lanes(), line.transport(), timer, completions, spooler, report);
  }

  private Lane lane(MemoryBudget room, IncompleteBatches itsLedger, Accumulator.Sink sink) {
    Accumulator accumulator =
        new Accumulator(
            settings.batching(),
            settings.protocol(),
            line.limits(),
            itsLedger,
            completions,
            line.timer(),
            sink);
    return new Lane(room, itsLedger, accumulator, sink);
  }

  /** Not divided: the disk takes what comes, of whichever group. */
  private Lane spillLane(GroupShares groups) {
    long bytes = Math.min(settings.bufferBytes(), MAX_SPILL_BYTES);
    MemoryBudget room =
        new MemoryBudget(bytes, WhenFull.block(LONGEST_WAIT_FOR_DISK), SenderMetrics.NONE, groups);
    return lane(room, ledger.over(room), encodingThen(this::spill));
  }

  private List<Lane> lanes() {
    return spillLane == null ? List.of(lane) : List.of(lane, spillLane);
  }

  /** See {@code ProxySender.send}. */
  public SendResult send(
      List<String> bodies, String groupId, String streamId, @Nullable Instant dataTime) {
    Destination destination = inbox.destination(groupId, streamId);
    return await(submit(inbox.check(bodies), destination, dataTime, caller()), destination);
  }

  /** See {@code ProxySender.send}. */
  public SendResult send(
      List<Message> messages, Destination destination, @Nullable Instant dataTime) {
    inbox.requireKnown(destination);
    return await(
        submit(inbox.checkMessages(messages), destination, dataTime, caller()), destination);
  }

  /** A callback must not hold up the threads of callbacks: it waits as their pool knows it. */
  private Executor caller() {
    return completions.isCallbackThread()
        ? Runnable::run
        : new BlockedCaller(Thread.currentThread());
  }

  private static SendResult await(CompletableFuture<SendResult> future, Destination destination) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedSendException(SendExceptions.interrupted(destination));
    } catch (ExecutionException e) {
      throw asSendException(e);
    }
  }

  /** See {@code ProxySender.sendAsync}. */
  public CompletableFuture<SendResult> sendAsync(
      List<String> bodies, String groupId, String streamId, @Nullable Instant dataTime) {
    Destination destination = inbox.destination(groupId, streamId);
    return submit(inbox.check(bodies), destination, dataTime, completions);
  }

  /** See {@code ProxySender.sendAsync}. */
  public CompletableFuture<SendResult> sendAsync(
      List<Message> messages, Destination destination, @Nullable Instant dataTime) {
    inbox.requireKnown(destination);
    return submit(inbox.checkMessages(messages), destination, dataTime, completions);
  }

  /** See {@code ProxySender.enqueue}. */
  public CompletableFuture<SendResult> enqueue(
      String body, String groupId, String streamId, @Nullable Instant dataTime) {
    Destination destination = inbox.destination(groupId, streamId);
    return accumulate(inbox.check(body), destination, dataTime);
  }

  /** See {@code ProxySender.enqueue}. */
  public CompletableFuture<SendResult> enqueue(
      Message message, Destination destination, @Nullable Instant dataTime) {
    inbox.requireKnown(destination);
    return accumulate(inbox.check(message), destination, dataTime);
  }

  private CompletableFuture<SendResult> accumulate(
      Message message, Destination destination, @Nullable Instant dataTime) {
    Accumulator.Key key = new Accumulator.Key(destination, roundedDown(dataTime));
    ledger.requireOpen();
    long bytes = settings.protocol().sizeOf(message);
    try {
      inbox.requireFits(destination, bytes, line.limits().maxBytes(destination));
      CompletableFuture<SendResult> joined = joinOpenBatch(key, message, bytes);
      return joined != null ? joined : openBatch(key, message, bytes);
    } catch (SendException e) {
      return refused(destination, 1, e);
    }
  }

  /** The usual case: the buffer has room and a batch is open. Null if that is not so. */
  private @Nullable CompletableFuture<SendResult> joinOpenBatch(
      Accumulator.Key key, Message message, long bytes) {
    long roomBytes = bytes + MESSAGE_OVERHEAD;
    GroupShare share = lane.ledger().shareOf(key.destination().groupId());
    return lane.room().acquireIfFree(share, roomBytes)
        ? lane.join(key, message, bytes, roomBytes)
        : null;
  }

  /** Takes room for a batch as well before it waits for anything, so it never waits twice. */
  private CompletableFuture<SendResult> openBatch(
      Accumulator.Key key, Message message, long bytes) {
    long messageBytes = bytes + MESSAGE_OVERHEAD;
    long withBatch = withBatchOverhead(messageBytes);
    Lane taken = enter(key.destination().groupId(), withBatch);
    // The thread may have waited, and others may have opened the batch meanwhile.
    return taken.joinOrOpen(
        key, message, bytes, taken.shareOf(messageBytes), taken.shareOf(withBatch));
  }

  /** A buffer hardly larger than the message counts the overhead as far as it has room for it. */
  private long withBatchOverhead(long bytes) {
    return Math.max(bytes, Math.min(bytes + BATCH_OVERHEAD, lane.room().maxBytes()));
  }

  /** Told like any other loss: few applications look at a future of this. */
  private CompletableFuture<SendResult> refused(
      Destination destination, int messages, SendException why) {
    metrics.failed(destination, messages, why);
    return CompletableFuture.failedFuture(why);
  }

  /** Takes room in the buffer or, where it is full and set to spill, on the way to the disk. */
  private Lane enter(String groupId, long bytes) {
    GroupShare share = lane.ledger().shareOf(groupId);
    if (spillLane == null || bytes > lane.room().maxBytes()) {
      lane.room().acquire(share, bytes);
      return lane;
    }
    if (lane.room().tryAcquire(share, bytes)) {
      return lane;
    }
    spillLane.room().acquire(null, spillLane.shareOf(bytes));
    return spillLane;
  }

  /** See {@code ProxySender.flush}. */
  public CompletableFuture<Void> flush() {
    List<BatchCompletion> accepted = ledger.untold();
    lanes().forEach(each -> each.accumulator().sealAll());
    return IncompleteBatches.allTold(accepted).thenRunAsync(() -> {}, completions);
  }

  /** See {@code ProxySender.status}. */
  public SenderStatus status() {
    return status.read();
  }

  /** See {@code ProxySender.close}. */
  public CloseSummary close(Duration timeout) {
    CloseSummary summary = closing.close(timeout);
    saving.close(LONGEST_WAIT_FOR_LISTS);
    return summary;
  }

  private CompletableFuture<SendResult> submit(
      List<Message> messages,
      Destination destination,
      @Nullable Instant dataTime,
      Executor teller) {
    Instant time = inMillis(dataTime);
    ledger.requireOpen();
    long roomBytes;
    Lane taken;
    try {
      long bytes = inbox.sizeOf(destination, messages, line.limits().maxBytes(destination));
      roomBytes = withBatchOverhead(bytes + (long) messages.size() * INDEX_OVERHEAD);
      taken = enter(destination.groupId(), roomBytes);
    } catch (SendException e) {
      return refused(destination, messages.size(), e);
    }
    long takenBytes = taken.shareOf(roomBytes);
    SingleFutureCompletion receipt;
    try {
      IncompleteBatches itsLedger = taken.ledger().of(destination.groupId());
      receipt = new SingleFutureCompletion(itsLedger, teller, messages.size(), takenBytes);
      receipt.belongsTo(destination);
      ledger.open(receipt);
    } catch (Throwable notAccepted) {
      taken.release(destination.groupId(), takenBytes);
      throw notAccepted;
    }
    taken.sink().deliver(destination, messages, time, receipt);
    return receipt.future();
  }

  /** The second half of the line: encode here and now, then go on. */
  private Accumulator.Sink encodingThen(BiConsumer<Payload, BatchCompletion> next) {
    return (destination, messages, dataTime, receipt) -> {
      try {
        Instant time = dataTime == null ? line.timer().now() : dataTime;
        Payload payload = settings.protocol().encode(destination, messages, time);
        if (spooler != null) {
          receipt.encoded(payload);
        }
        next.accept(payload, receipt);
      } catch (Throwable e) {
        fail(destination, messages.size(), receipt, e);
      }
    };
  }

  /** Nothing may be thrown at the thread that sealed a batch: only some of its messages are its. */
  private void fail(
      Destination destination, int messages, BatchCompletion receipt, Throwable cause) {
    SendException error =
        SendExceptions.unexpected(
            new SendExceptions.Subject(destination, messages, List.of()), cause);
    receipt.failed(
        new BatchCompletion.Piece(0, messages),
        error,
        () -> line.metrics().failed(destination, messages, error));
  }

  private void deliver(Payload payload, BatchCompletion receipt) {
    Delivery delivery = new Delivery(line, payload, receipt);
    if (spooler != null && spooler.writesAhead()) {
      spooler.writeAhead(payload, receipt, delivery);
    } else {
      delivery.start();
    }
  }

  /** What there was no room for goes to the disk. */
  private void spill(Payload payload, BatchCompletion receipt) {
    if (spooler != null) {
      spooler.spill(payload, receipt);
    }
  }

  private static @Nullable Instant inMillis(@Nullable Instant dataTime) {
    try {
      return dataTime == null ? null : Instant.ofEpochMilli(dataTime.toEpochMilli());
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("dataTime is out of range: " + dataTime, e);
    }
  }

  /** What messages share a batch by: their data time in the granularity of the settings. */
  private @Nullable Instant roundedDown(@Nullable Instant dataTime) {
    Instant time = inMillis(dataTime);
    long granularity = settings.batching().dataTimeGranularity().toMillis();
    if (time == null || granularity == 1) {
      return time;
    }
    long millis = time.toEpochMilli();
    try {
      return Instant.ofEpochMilli(Math.subtractExact(millis, Math.floorMod(millis, granularity)));
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("dataTime is out of range: " + dataTime, e);
    }
  }

  private static RuntimeException asSendException(ExecutionException e) {
    return e.getCause() instanceof RuntimeException cause
        ? cause
        : new IllegalStateException("a send failed with no known error", e);
  }
}
