package io.github.httpreport.internal;

import io.github.httpreport.CloseSummary;
import io.github.httpreport.Destination;
import io.github.httpreport.Message;
import io.github.httpreport.SendResult;
import io.github.httpreport.SenderMetrics;
import io.github.httpreport.error.InterruptedSendException;
import io.github.httpreport.error.SendException;
import io.github.httpreport.protocol.Payload;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A sender's inside: what is accepted here is delivered, told and accounted for. */
public final class Engine {

  /** Makes the transport of an engine. */
  interface TransportMaker {
    Transport make(SenderSettings settings, Timer timer, Completions completions);
  }

  /** What a request keeps on the heap besides its bytes, about. */
  private static final int REQUEST_OVERHEAD = 512;

  /** What an enqueued message keeps on the heap besides its text, about. */
  private static final int MESSAGE_OVERHEAD = 100;

  private final SenderSettings settings;
  private final Inbox inbox;
  private final Room room;
  private final Ledger ledger;
  private final Line line;
  private final Accumulator accumulator;
  private final Completions completions;
  private final Closing closing;

  /**
   * An engine on real time and real sockets. Does no I/O and starts no thread.
   *
   * @param settings what it is built with
   */
  public Engine(SenderSettings settings) {
    this(settings, Wiring::transport);
  }

  /** An engine on another transport, for tests. */
  Engine(SenderSettings settings, TransportMaker maker) {
    this.settings = settings;
    SystemTimer timer = new SystemTimer(settings.name());
    SenderMetrics metrics = new GuardedMetrics(settings.metrics());
    completions = new Completions(settings.name());
    inbox = new Inbox(settings.protocol());
    room = new Room(settings.bufferBytes(), settings.whenFull(), metrics);
    ledger = new Ledger(room);
    Transport transport = maker.make(settings, timer, completions);
    line = Wiring.line(settings, transport, timer, completions, metrics);
    accumulator =
        new Accumulator(
            settings.batching(),
            settings.protocol(),
            line.limits(),
            ledger,
            completions,
            timer,
            this::deliver);
    closing = new Closing(ledger, room, accumulator, line.transport(), timer, completions);
  }

  /** See {@code ProxySender.send}. */
  public SendResult send(
      List<String> bodies, String groupId, String streamId, @Nullable Instant dataTime) {
    Destination destination = inbox.destination(groupId, streamId);
    return await(submit(inbox.check(bodies), destination, dataTime, Runnable::run), destination);
  }

  /** See {@code ProxySender.sendMessages}. */
  public SendResult sendMessages(
      List<Message> messages, String groupId, String streamId, @Nullable Instant dataTime) {
    Destination destination = inbox.destination(groupId, streamId);
    return await(
        submit(inbox.checkMessages(messages), destination, dataTime, Runnable::run), destination);
  }

  /** Nobody else sees this future, so completing it runs no code of the application. */
  private static SendResult await(CompletableFuture<SendResult> future, Destination destination) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedSendException(Failures.interrupted(destination));
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

  /** See {@code ProxySender.sendMessagesAsync}. */
  public CompletableFuture<SendResult> sendMessagesAsync(
      List<Message> messages, String groupId, String streamId, @Nullable Instant dataTime) {
    Destination destination = inbox.destination(groupId, streamId);
    return submit(inbox.checkMessages(messages), destination, dataTime, completions);
  }

  /** See {@code ProxySender.enqueue}. */
  public CompletableFuture<SendResult> enqueue(
      String body, String groupId, String streamId, @Nullable Instant dataTime) {
    Destination destination = inbox.destination(groupId, streamId);
    return enqueue(inbox.check(body), destination, dataTime);
  }

  /** See {@code ProxySender.enqueueMessage}. */
  public CompletableFuture<SendResult> enqueueMessage(
      Message message, String groupId, String streamId, @Nullable Instant dataTime) {
    Destination destination = inbox.destination(groupId, streamId);
    return enqueue(inbox.check(message), destination, dataTime);
  }

  private CompletableFuture<SendResult> enqueue(
      Message message, Destination destination, @Nullable Instant dataTime) {
    Accumulator.Key key = new Accumulator.Key(destination, inMillis(dataTime));
    ledger.requireOpen();
    long bytes = settings.protocol().sizeOf(message);
    long roomBytes = bytes + MESSAGE_OVERHEAD;
    try {
      inbox.requireFits(destination, bytes, line.limits().maxBytes(destination));
      room.acquire(roomBytes);
    } catch (SendException e) {
      return CompletableFuture.failedFuture(e);
    }
    try {
      return accumulator.add(key, message, bytes, roomBytes);
    } catch (IllegalStateException closed) {
      room.release(roomBytes);
      throw closed;
    }
  }

  /** See {@code ProxySender.flush}. */
  public CompletableFuture<Void> flush() {
    List<Receipt> accepted = ledger.untold();
    accumulator.sealAll();
    return Ledger.allTold(accepted).thenRunAsync(() -> {}, completions);
  }

  /** See {@code ProxySender.close}. */
  public CloseSummary close(Duration timeout) {
    return closing.close(timeout);
  }

  private CompletableFuture<SendResult> submit(
      List<Message> messages,
      Destination destination,
      @Nullable Instant dataTime,
      Executor teller) {
    Instant time = inMillis(dataTime);
    ledger.requireOpen();
    long roomBytes = REQUEST_OVERHEAD;
    try {
      roomBytes += inbox.sizeOf(destination, messages, line.limits().maxBytes(destination));
      room.acquire(roomBytes);
    } catch (SendException e) {
      return CompletableFuture.failedFuture(e);
    }
    BatchReceipt receipt = new BatchReceipt(ledger, teller, messages.size(), roomBytes);
    try {
      ledger.open(receipt);
    } catch (IllegalStateException closed) {
      room.release(roomBytes);
      throw closed;
    }
    deliver(destination, messages, time, receipt);
    return receipt.future();
  }

  /** The second half of the line: encode here and now, then deliver. */
  private void deliver(
      Destination destination,
      List<Message> messages,
      @Nullable Instant dataTime,
      Receipt receipt) {
    try {
      Instant time = dataTime == null ? line.timer().now() : dataTime;
      Payload payload = settings.protocol().encode(destination, messages, time);
      new Delivery(line, payload, receipt).start();
    } catch (RuntimeException e) {
      SendException error =
          Failures.unexpected(new Failures.Subject(destination, messages.size(), List.of()), e);
      line.metrics().failed(destination, messages.size(), error);
      receipt.failed(new Receipt.Piece(0, messages.size()), error);
    }
  }

  private static @Nullable Instant inMillis(@Nullable Instant dataTime) {
    try {
      return dataTime == null ? null : Instant.ofEpochMilli(dataTime.toEpochMilli());
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
