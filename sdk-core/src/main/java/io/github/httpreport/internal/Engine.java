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
import io.github.httpreport.internal.batch.DataTimes;
import io.github.httpreport.internal.batch.IncompleteBatches;
import io.github.httpreport.internal.batch.MemoryBudget;
import io.github.httpreport.internal.batch.MessageIntake;
import io.github.httpreport.internal.batch.MessageValidator;
import io.github.httpreport.internal.concurrent.CallbackExecutor;
import io.github.httpreport.internal.concurrent.Scheduler;
import io.github.httpreport.internal.concurrent.SystemScheduler;
import io.github.httpreport.internal.delivery.Delivery;
import io.github.httpreport.internal.delivery.DeliveryContext;
import io.github.httpreport.internal.delivery.SendExceptions;
import io.github.httpreport.internal.node.SavingThread;
import io.github.httpreport.internal.share.GroupShares;
import io.github.httpreport.internal.spool.RecoveringSpool;
import io.github.httpreport.internal.spool.SenderSpool;
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

/**
 * The implementation behind {@code HttpProxySender}: validates messages, puts them into batches,
 * encodes a batch when it is sealed, and starts its delivery.
 *
 * <p>Built once from the settings, which connects the rooms below; after that its fields never
 * change. The threads of callers run here until their message is in a batch, or their batch is
 * delivered up to its first wait. What is accepted is noted in {@link IncompleteBatches} first, so
 * that {@link #close} sees it.
 */
public final class Engine {

  /** Makes the transport of an engine. */
  public interface TransportMaker {
    Transport make(SenderSettings settings, Scheduler timer, CallbackExecutor completions);
  }

  /** What may be on the way to the disk while the buffer is full. */
  private static final long MAX_SPILL_BYTES = 4 << 20;

  private static final Duration LONGEST_WAIT_FOR_LISTS = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT_FOR_DISK = Duration.ofSeconds(10);

  private final SenderSettings settings;
  private final MessageValidator inbox;
  private final IncompleteBatches ledger;
  private final DeliveryContext line;
  private final MessageIntake intake;
  private final @Nullable SenderSpool spool;
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
      spool = null;
      line = EngineFactory.line(settings, transport, groups, timer, saving, metrics);
    } else {
      RecoveringSpool disk =
          EngineFactory.disk(settings, settings.spool(), opener, ledger, timer, metrics);
      SenderSpool made = EngineFactory.spool(settings, settings.spool(), disk, timer, metrics);
      SpoolWorker worker = made.worker();
      SenderMetrics waking = new SpoolWakes(metrics, worker::groupIsWell, worker::nodeIsWell);
      line =
          EngineFactory.line(settings, transport, groups, timer, saving, waking)
              .withUndelivered(made.intake());
      spool = made;
      worker.start(EngineFactory.drain(settings, settings.spool(), disk, line, room, worker::wake));
    }
    status =
        new StatusReader(
            room, ledger, line, recorder, settings.spool(), spool == null ? null : spool.worker());
    intake =
        new MessageIntake(
            accumulator(room, ledger, encodingThen(this::deliver)),
            settings.whenFull().action() == WhenFull.Action.SPILL ? spilling(groups) : null);
    ClosingReport report =
        new ClosingReport(ledger, losses, GuardedMetrics.around(settings.metrics()), settings);
    closing =
        new ShutdownSequence(ledger, intake, line.transport(), timer, completions, spool, report);
  }

  private Accumulator accumulator(
      MemoryBudget budget, IncompleteBatches batches, Accumulator.Sink sink) {
    return new Accumulator(
        settings.batching(),
        settings.protocol(),
        line.limits(),
        budget,
        batches,
        completions,
        line.timer(),
        sink);
  }

  /** Not divided: the disk takes what comes, of whichever group. */
  private Accumulator spilling(GroupShares groups) {
    long bytes = Math.min(settings.bufferBytes(), MAX_SPILL_BYTES);
    MemoryBudget budget =
        new MemoryBudget(bytes, WhenFull.block(LONGEST_WAIT_FOR_DISK), SenderMetrics.NONE, groups);
    return accumulator(budget, ledger.over(budget), encodingThen(this::spill));
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
    Accumulator.Key key =
        new Accumulator.Key(
            destination,
            DataTimes.roundedDown(dataTime, settings.batching().dataTimeGranularity()));
    ledger.requireOpen();
    long bytes = settings.protocol().sizeOf(message);
    try {
      inbox.requireFits(destination, bytes, line.limits().maxBytes(destination));
      return intake.enqueue(key, message, bytes);
    } catch (SendException e) {
      return refused(destination, 1, e);
    }
  }

  /** Told like any other loss: few applications look at a future of this. */
  private CompletableFuture<SendResult> refused(
      Destination destination, int messages, SendException why) {
    metrics.failed(destination, messages, why);
    return CompletableFuture.failedFuture(why);
  }

  /** See {@code ProxySender.flush}. */
  public CompletableFuture<Void> flush() {
    List<BatchCompletion> accepted = ledger.untold();
    intake.sealAll();
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
      Executor completer) {
    Instant time = DataTimes.inMillis(dataTime);
    ledger.requireOpen();
    try {
      long bytes = inbox.sizeOf(destination, messages, line.limits().maxBytes(destination));
      return intake.submit(destination, messages, time, bytes, completer);
    } catch (SendException e) {
      return refused(destination, messages.size(), e);
    }
  }

  /** The second half of the line: encode here and now, then go on. */
  private Accumulator.Sink encodingThen(BiConsumer<Payload, BatchCompletion> next) {
    return (destination, messages, dataTime, receipt) -> {
      try {
        Instant time = dataTime == null ? line.timer().now() : dataTime;
        Payload payload = settings.protocol().encode(destination, messages, time);
        if (spool != null) {
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
    if (spool != null && spool.writesAhead()) {
      spool.intake().writeAhead(payload, receipt, delivery);
    } else {
      delivery.start();
    }
  }

  /** What there was no room for goes to the disk. */
  private void spill(Payload payload, BatchCompletion receipt) {
    if (spool != null) {
      spool.intake().spill(payload, receipt);
    }
  }

  private static RuntimeException asSendException(ExecutionException e) {
    return e.getCause() instanceof RuntimeException cause
        ? cause
        : new IllegalStateException("a send failed with no known error", e);
  }
}
