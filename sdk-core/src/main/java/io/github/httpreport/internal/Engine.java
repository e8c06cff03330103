package io.github.httpreport.internal;

import static java.util.Objects.requireNonNull;

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
import io.github.httpreport.internal.batch.MessageRange;
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

  /**
   * Factory of an engine's transport. A test gives another one, to script responses without
   * sockets.
   */
  public interface TransportMaker {
    Transport make(SenderSettings settings, Scheduler scheduler, CallbackExecutor callbacks);
  }

  /**
   * Bytes that may be on their way to the disk while the buffer is full, in addition to the buffer:
   * a spilled batch holds memory until its commit ends.
   */
  private static final long MAX_SPILL_BYTES = 4 << 20;

  /** Time that {@link #close} adds to its limit for node lists that are being saved. */
  private static final Duration MAX_WAIT_FOR_LISTS = Duration.ofSeconds(1);

  /** How long a message waits for the disk to take it before the buffer counts as full. */
  private static final Duration MAX_WAIT_FOR_DISK = Duration.ofSeconds(10);

  private final SenderSettings settings;
  private final MessageValidator validator;
  private final IncompleteBatches batches;
  private final DeliveryContext context;
  private final MessageIntake intake;
  private final @Nullable SenderSpool spool;
  private final CallbackExecutor callbacks;
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
    SystemScheduler scheduler = new SystemScheduler(settings.name());
    // One guard around the whole chain, so neither the recorder, the log of losses nor the
    // application's metrics can stop a delivery.
    LossLog losses = new LossLog(scheduler);
    StatusRecorder recorder =
        new StatusRecorder(new LossReporting(settings.metrics(), losses), scheduler);
    metrics = GuardedMetrics.around(recorder);
    callbacks = new CallbackExecutor(settings.name(), settings.callbackExecutor());
    saving = new SavingThread(settings.name());
    validator = new MessageValidator(settings.protocol());
    GroupShares groups =
        new GroupShares(settings.maxInFlight(), settings.retry().budgetRatio(), scheduler);
    MemoryBudget budget =
        new MemoryBudget(settings.bufferBytes(), settings.whenFull(), metrics, groups);
    batches = new IncompleteBatches(budget, groups);
    Transport transport =
        new BoundedTransport(
            maker.make(settings, scheduler, callbacks),
            settings.connectTimeout(),
            settings.requestTimeout(),
            scheduler);
    if (settings.spool() == null) {
      spool = null;
      context = EngineFactory.context(settings, transport, groups, scheduler, saving, metrics);
    } else {
      RecoveringSpool disk =
          EngineFactory.disk(settings, settings.spool(), opener, batches, scheduler, metrics);
      SenderSpool made = EngineFactory.spool(settings, settings.spool(), disk, scheduler, metrics);
      SpoolWorker worker = made.worker();
      context =
          EngineFactory.context(settings, transport, groups, scheduler, saving, metrics)
              .withUndelivered(made.intake());
      // Before the worker starts: it delivers at once what an earlier sender left.
      context.table().onRecovery(worker::nodeHealthy);
      spool = made;
      worker.start(
          EngineFactory.drainer(settings, settings.spool(), disk, context, budget, worker::signal));
    }
    status =
        new StatusReader(
            budget,
            batches,
            context,
            recorder,
            settings.spool(),
            spool == null ? null : spool.worker());
    intake =
        new MessageIntake(
            accumulator(budget, batches, this::deliver),
            settings.whenFull().action() == WhenFull.Action.SPILL ? spilling(groups) : null);
    ClosingReport report =
        new ClosingReport(batches, losses, GuardedMetrics.around(settings.metrics()), settings);
    closing =
        new ShutdownSequence(
            batches, intake, context.transport(), scheduler, callbacks, spool, report);
  }

  private Accumulator accumulator(
      MemoryBudget budget, IncompleteBatches batches, Accumulator.Sink sink) {
    return new Accumulator(
        settings.batching(),
        settings.protocol(),
        context.limits(),
        budget,
        batches,
        callbacks,
        context.scheduler(),
        metrics,
        sink);
  }

  /**
   * The second way in, for messages that find the buffer full. It is not divided among groups,
   * because one commit writes the batches of all groups alike, and updates no metrics, which mean
   * the first budget.
   */
  private Accumulator spilling(GroupShares groups) {
    long bytes = Math.min(settings.bufferBytes(), MAX_SPILL_BYTES);
    MemoryBudget budget =
        new MemoryBudget(bytes, WhenFull.block(MAX_WAIT_FOR_DISK), SenderMetrics.NONE, groups);
    return accumulator(budget, batches.over(budget), this::spill);
  }

  /** See {@code ProxySender.send}. */
  public SendResult send(
      List<String> bodies, String groupId, String streamId, @Nullable Instant dataTime) {
    Destination destination = validator.destination(groupId, streamId);
    return await(submit(validator.check(bodies), destination, dataTime, caller()), destination);
  }

  /** See {@code ProxySender.send}. */
  public SendResult send(
      List<Message> messages, Destination destination, @Nullable Instant dataTime) {
    validator.requireKnown(destination);
    return await(
        submit(validator.checkMessages(messages), destination, dataTime, caller()), destination);
  }

  /**
   * Executor that completes the future of a blocking send. The application never sees that future,
   * so the thread that ends the last range may complete it. A callback of this sender gets no
   * {@link BlockedCaller}: an exchange on its own thread would block one of the few threads of the
   * pool, while a wait for the future makes the pool start a substitute.
   */
  private Executor caller() {
    return callbacks.isCallbackThread() ? Runnable::run : new BlockedCaller(Thread.currentThread());
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
    Destination destination = validator.destination(groupId, streamId);
    return submit(validator.check(bodies), destination, dataTime, callbacks);
  }

  /** See {@code ProxySender.sendAsync}. */
  public CompletableFuture<SendResult> sendAsync(
      List<Message> messages, Destination destination, @Nullable Instant dataTime) {
    validator.requireKnown(destination);
    return submit(validator.checkMessages(messages), destination, dataTime, callbacks);
  }

  /** See {@code ProxySender.enqueue}. */
  public CompletableFuture<SendResult> enqueue(
      String body, String groupId, String streamId, @Nullable Instant dataTime) {
    Destination destination = validator.destination(groupId, streamId);
    return accumulate(validator.check(body), destination, dataTime);
  }

  /** See {@code ProxySender.enqueue}. */
  public CompletableFuture<SendResult> enqueue(
      Message message, Destination destination, @Nullable Instant dataTime) {
    validator.requireKnown(destination);
    return accumulate(validator.check(message), destination, dataTime);
  }

  private CompletableFuture<SendResult> accumulate(
      Message message, Destination destination, @Nullable Instant dataTime) {
    Accumulator.Key key =
        new Accumulator.Key(
            destination,
            DataTimes.roundedDown(dataTime, settings.batching().dataTimeGranularity()));
    // An early exit only: IncompleteBatches.open decides when a close comes at the same time.
    batches.requireOpen();
    long bytes = settings.protocol().sizeOf(message);
    try {
      validator.requireFits(destination, bytes, context.limits().maxBytes(destination));
      return intake.enqueue(key, message, bytes);
    } catch (SendException e) {
      return refused(destination, 1, e);
    }
  }

  /**
   * Fails messages that were never accepted. They update the metrics and the log of losses, since
   * few applications look at the future of {@code enqueue}, but not the counts of {@link #close}.
   */
  private CompletableFuture<SendResult> refused(
      Destination destination, int messages, SendException why) {
    metrics.failed(destination, messages, why);
    return CompletableFuture.failedFuture(why);
  }

  /** See {@code ProxySender.flush}. */
  public CompletableFuture<Void> flush() {
    // Listed before the batches are sealed, so a later message cannot delay the flush.
    List<BatchCompletion> accepted = batches.incomplete();
    intake.sealAll();
    return IncompleteBatches.allCompleted(accepted).thenRunAsync(() -> {}, callbacks);
  }

  /** See {@code ProxySender.status}. */
  public SenderStatus status() {
    return status.read();
  }

  /** See {@code ProxySender.close}. */
  public CloseSummary close(Duration timeout) {
    CloseSummary summary = closing.close(timeout);
    saving.close(MAX_WAIT_FOR_LISTS);
    return summary;
  }

  /**
   * The first half of the line for {@code send} and {@code sendAsync}: checks sizes, takes memory
   * and hands the batch to {@link #deliver} on this thread. No {@link SendException} leaves here:
   * the future fails instead, so a caller of {@code sendAsync} finds every outcome in one place.
   *
   * @param completer completes the future; see {@link #caller}
   */
  private CompletableFuture<SendResult> submit(
      List<Message> messages,
      Destination destination,
      @Nullable Instant dataTime,
      Executor completer) {
    Instant time = DataTimes.inMillis(dataTime);
    batches.requireOpen();
    try {
      long bytes = validator.sizeOf(destination, messages, context.limits().maxBytes(destination));
      return intake.submit(destination, messages, time, bytes, completer);
    } catch (SendException e) {
      return refused(destination, messages.size(), e);
    }
  }

  /**
   * The second half of the line: encodes a batch on the thread that sealed it, once for all of its
   * attempts, and starts its delivery.
   */
  private void deliver(
      Destination destination,
      List<Message> messages,
      @Nullable Instant dataTime,
      BatchCompletion completion) {
    try {
      Payload payload = settings.protocol().encode(destination, messages, orNow(dataTime));
      // Kept for the close, which gives undelivered batches to the disk. Without a spool the
      // delivery alone holds the bytes, and they are garbage as soon as it ends.
      if (spool != null) {
        completion.encoded(payload);
      }
      Delivery delivery = new Delivery(context, payload, completion);
      if (spool != null && spool.writesAhead()) {
        spool.intake().writeAhead(payload, completion, delivery);
      } else {
        delivery.start();
      }
    } catch (Throwable e) {
      fail(destination, messages.size(), completion, e);
    }
  }

  /**
   * Encodes a batch that found the buffer full, and gives it to the disk, from which the drainer
   * delivers it.
   */
  private void spill(
      Destination destination,
      List<Message> messages,
      @Nullable Instant dataTime,
      BatchCompletion completion) {
    try {
      Payload payload = settings.protocol().encode(destination, messages, orNow(dataTime));
      completion.encoded(payload);
      requireNonNull(spool).intake().spill(payload, completion);
    } catch (Throwable e) {
      fail(destination, messages.size(), completion, e);
    }
  }

  /**
   * The data time of a batch without one is the moment of its encoding, which every attempt
   * repeats.
   */
  private Instant orNow(@Nullable Instant dataTime) {
    return dataTime == null ? context.scheduler().now() : dataTime;
  }

  /** Nothing may be thrown at the thread that sealed a batch: only some of its messages are its. */
  private void fail(
      Destination destination, int messages, BatchCompletion completion, Throwable cause) {
    SendException error =
        SendExceptions.unexpected(
            new SendExceptions.Subject(destination, messages, List.of()), cause);
    completion.failed(
        new MessageRange(0, messages),
        error,
        () -> context.metrics().failed(destination, messages, error));
  }

  private static RuntimeException asSendException(ExecutionException e) {
    return e.getCause() instanceof RuntimeException cause
        ? cause
        : new IllegalStateException("a send failed with no known error", e);
  }
}
