package io.github.httpreport;

import static java.util.Objects.requireNonNull;

import io.github.httpreport.error.DeliveryTimeoutException;
import io.github.httpreport.error.FailureDetails;
import io.github.httpreport.error.InterruptedSendException;
import io.github.httpreport.error.MessageTooLargeException;
import io.github.httpreport.error.SendException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A sender without a network, for the tests of an application: it remembers what it was given and
 * answers at once that a node {@code mock:0} took it, or with what was scripted. It refuses the
 * arguments that a sender to InLong with its defaults refuses: bodies that are blank, hold a
 * newline or half a surrogate pair, keys (unless {@link #acceptKeys()} was called), and data times
 * that are no milliseconds; a message that makes a request of more than 512 KiB fails with {@link
 * MessageTooLargeException}. It keeps every other promise of {@link ProxySender}.
 *
 * <p>Safe for use by many threads. Futures complete, and callbacks run, on the thread that sends,
 * releases or closes.
 */
public final class MockProxySender implements ProxySender {

  private static final long DEFAULT_BUFFER_BYTES = 32L << 20;

  /** One call that was accepted. Immutable. */
  public static final class Sent {

    private final Destination destination;
    private final @Nullable Instant dataTime;
    private final List<Message> messages;

    private Sent(Destination destination, @Nullable Instant dataTime, List<Message> messages) {
      this.destination = destination;
      this.dataTime = dataTime;
      this.messages = List.copyOf(messages);
    }

    /**
     * Where the messages belong.
     *
     * @return group and stream of the call
     */
    public Destination destination() {
      return destination;
    }

    /**
     * The group of the call.
     *
     * @return that of the destination
     */
    public String groupId() {
      return destination.groupId();
    }

    /**
     * The stream of the call.
     *
     * @return that of the destination
     */
    public String streamId() {
      return destination.streamId();
    }

    /**
     * The time of the data.
     *
     * @return null where the call gave none
     */
    public @Nullable Instant dataTime() {
      return dataTime;
    }

    /**
     * The messages of the call.
     *
     * @return in order, unmodifiable; a single one for {@code enqueue}
     */
    public List<Message> messages() {
      return messages;
    }

    /**
     * The bodies of the messages.
     *
     * @return in the order of the call
     */
    public List<String> bodies() {
      return messages.stream().map(Message::body).toList();
    }

    /** Shows the number of messages only: a body may be personal data and must not reach a log. */
    @Override
    public String toString() {
      return "Sent[" + destination + ", " + messages.size() + " messages]";
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final List<Sent> sent = new ArrayList<>();
  private final Deque<MockCall.Answer> nextOutcomes = new ArrayDeque<>();
  private final List<MockCall> held = new ArrayList<>();
  private @Nullable SendException failure;
  private @Nullable CloseSummary summary;
  private @Nullable SenderStatus scriptedStatus;
  private @Nullable Instant lastSuccess;
  private boolean holding;
  private volatile boolean acceptsKeys;
  private long acknowledged;
  private long failed;
  private long spooled;

  /** A sender that acknowledges everything at once. */
  public MockProxySender() {}

  @Override
  public SendResult send(
      List<String> bodies, String groupId, String streamId, @Nullable Instant dataTime) {
    Destination destination = new Destination(groupId, streamId);
    return await(sendAsync(bodies, groupId, streamId, dataTime), destination);
  }

  @Override
  public SendResult send(
      List<Message> messages, Destination destination, @Nullable Instant dataTime) {
    return await(sendAsync(messages, destination, dataTime), destination);
  }

  private static SendResult await(CompletableFuture<SendResult> future, Destination destination) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SendException sendException) {
        throw sendException;
      }
      throw new IllegalStateException("the mock failed with what is no SendException", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedSendException(
          unknownOutcome("interrupted while sending to " + destination).cause(e).build());
    }
  }

  private static FailureDetails.Builder unknownOutcome(String message) {
    return FailureDetails.builder(message).retryable(true).mayHaveBeenStored(true);
  }

  @Override
  public CompletableFuture<SendResult> sendAsync(
      List<String> bodies, String groupId, String streamId, @Nullable Instant dataTime) {
    Destination destination = new Destination(groupId, streamId);
    MockArguments.requireKnown(destination);
    MockArguments.requireSome(bodies, "bodies");
    for (int i = 0; i < bodies.size(); i++) {
      MockArguments.requireBody(bodies.get(i), "body " + i);
    }
    return accept(destination, dataTime, bodies.stream().map(Message::of).toList());
  }

  @Override
  public CompletableFuture<SendResult> sendAsync(
      List<Message> messages, Destination destination, @Nullable Instant dataTime) {
    MockArguments.requireKnown(destination);
    MockArguments.requireSome(messages, "messages");
    for (int i = 0; i < messages.size(); i++) {
      MockArguments.requireMessage(messages.get(i), "message " + i, "body " + i, acceptsKeys);
    }
    return accept(destination, dataTime, messages);
  }

  @Override
  public CompletableFuture<SendResult> enqueue(
      String body, String groupId, String streamId, @Nullable Instant dataTime) {
    Destination destination = new Destination(groupId, streamId);
    MockArguments.requireKnown(destination);
    MockArguments.requireBody(body, "body");
    return accept(destination, dataTime, List.of(Message.of(body)));
  }

  @Override
  public CompletableFuture<SendResult> enqueue(
      Message message, Destination destination, @Nullable Instant dataTime) {
    MockArguments.requireKnown(destination);
    MockArguments.requireMessage(message, "message", "body", acceptsKeys);
    return accept(destination, dataTime, List.of(message));
  }

  private CompletableFuture<SendResult> accept(
      Destination destination, @Nullable Instant dataTime, List<Message> messages) {
    MockArguments.requireMillis(dataTime);
    Sent call = new Sent(destination, dataTime, messages);
    Optional<SendException> tooLarge = MockArguments.tooLarge(messages);
    MockCall pending;
    lock.lock();
    try {
      if (summary != null) {
        throw new IllegalStateException("the sender is closed");
      }
      if (tooLarge.isPresent()) {
        return CompletableFuture.failedFuture(tooLarge.get());
      }
      sent.add(call);
      pending =
          new MockCall(
              new CompletableFuture<>(),
              messages.size(),
              MockArguments.bytesOf(messages),
              nextOutcome());
      if (holding) {
        held.add(pending);
        return pending.future();
      }
      count(pending);
    } finally {
      lock.unlock();
    }
    pending.complete();
    return pending.future();
  }

  private MockCall.Answer nextOutcome() {
    if (!nextOutcomes.isEmpty()) {
      return nextOutcomes.remove();
    }
    return failure == null ? MockCall.Answer.ACKNOWLEDGED : new MockCall.Answer(null, failure);
  }

  private void count(MockCall completed) {
    SendResult result = completed.outcome().result();
    if (completed.outcome().failure() != null) {
      failed += completed.messages();
    } else if (result != null && result.spooled()) {
      spooled += completed.messages();
    } else {
      acknowledged += completed.messages();
      lastSuccess = Instant.now();
    }
  }

  /**
   * Every call that was accepted, whatever came of it.
   *
   * @return in the order of the calls, a copy
   */
  public List<Sent> sent() {
    lock.lock();
    try {
      return List.copyOf(sent);
    } finally {
      lock.unlock();
    }
  }

  /**
   * The messages of every call that was accepted, whatever came of it.
   *
   * @return in the order of the calls, a copy
   */
  public List<String> bodies() {
    return sent().stream().flatMap(call -> call.bodies().stream()).toList();
  }

  /** Forgets the calls; what a {@link CloseSummary} counts is kept. */
  public void clear() {
    lock.lock();
    try {
      sent.clear();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes messages with keys as well from now on, as a sender to a server with keyed messages does.
   *
   * @return this sender
   */
  public MockProxySender acceptKeys() {
    acceptsKeys = true;
    return this;
  }

  /**
   * Completes the next call that no earlier {@code succeedNext} or {@code failNext} is for with a
   * result, such as a possible duplicate, one in a spool or one with ids. It comes before {@link
   * #failAlways}.
   *
   * @param result what the call returns, as it is
   */
  public void succeedNext(SendResult result) {
    addOutcome(new MockCall.Answer(requireNonNull(result, "result"), null));
  }

  private void addOutcome(MockCall.Answer outcome) {
    lock.lock();
    try {
      nextOutcomes.add(outcome);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Lets the next call fail that no earlier {@code succeedNext} or {@code failNext} is for.
   *
   * @param cause what it fails with
   */
  public void failNext(SendException cause) {
    addOutcome(new MockCall.Answer(null, requireNonNull(cause, "cause")));
  }

  /**
   * Lets every call fail, until {@link #clearFaults()}.
   *
   * @param cause what they fail with
   */
  public void failAlways(SendException cause) {
    requireNonNull(cause, "cause");
    lock.lock();
    try {
      failure = cause;
    } finally {
      lock.unlock();
    }
  }

  /** Forgets every failure that is still to come. */
  public void clearFaults() {
    lock.lock();
    try {
      failure = null;
      nextOutcomes.removeIf(outcome -> outcome.failure() != null);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Keeps the futures of the calls from now on open. {@code send} waits meanwhile, and so does the
   * future of {@link #flush()}.
   */
  public void hold() {
    lock.lock();
    try {
      holding = true;
    } finally {
      lock.unlock();
    }
  }

  /** Completes the futures that are held, in the order of their calls, and holds no more. */
  public void release() {
    List<MockCall> released;
    lock.lock();
    try {
      holding = false;
      released = List.copyOf(held);
      held.clear();
      released.forEach(this::count);
    } finally {
      lock.unlock();
    }
    released.forEach(MockCall::complete);
  }

  @Override
  public CompletableFuture<Void> flush() {
    CompletableFuture<?>[] open;
    lock.lock();
    try {
      open = held.stream().map(MockCall::future).toArray(CompletableFuture<?>[]::new);
    } finally {
      lock.unlock();
    }
    return CompletableFuture.allOf(open).handle((nothing, error) -> null);
  }

  /**
   * {@inheritDoc}
   *
   * <p>The mock reports one node, the groups of {@link #sent()}, the bytes of the bodies that it
   * holds, and the time of its last acknowledgement, or what {@link #reportStatus} says.
   */
  @Override
  public SenderStatus status() {
    lock.lock();
    try {
      return scriptedStatus != null ? scriptedStatus : ownStatus();
    } finally {
      lock.unlock();
    }
  }

  private SenderStatus ownStatus() {
    long heldBytes = held.stream().mapToLong(MockCall::bytes).sum();
    long groups = sent.stream().map(Sent::groupId).distinct().count();
    SenderStatus.Builder status =
        SenderStatus.builder()
            .closed(summary != null)
            .nodes(1, 0)
            .groups((int) groups, 0)
            .buffer(heldBytes, Math.max(DEFAULT_BUFFER_BYTES, heldBytes));
    if (lastSuccess != null) {
      status.lastSuccess(lastSuccess);
    }
    return status.build();
  }

  /**
   * Reports this status from now on, for a test of what an application does with it.
   *
   * @param value what {@link #status()} returns, as it is
   */
  public void reportStatus(SenderStatus value) {
    requireNonNull(value, "status");
    lock.lock();
    try {
      scriptedStatus = value;
    } finally {
      lock.unlock();
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>The mock does not wait: what is held is abandoned at once.
   */
  @Override
  public CloseSummary close(Duration timeout) {
    if (timeout.isNegative()) {
      throw new IllegalArgumentException("timeout must not be negative, but is " + timeout);
    }
    CloseSummary result;
    List<MockCall> abandoned;
    lock.lock();
    try {
      if (summary == null) {
        long open = held.stream().mapToLong(MockCall::messages).sum();
        summary =
            CloseSummary.builder()
                .sent(acknowledged)
                .failed(failed)
                .spooled(spooled)
                .abandoned(open)
                .build();
      }
      result = summary;
      abandoned = List.copyOf(held);
      held.clear();
    } finally {
      lock.unlock();
    }
    abandoned.forEach(MockProxySender::abandon);
    return result;
  }

  private static void abandon(MockCall pending) {
    String message = "the sender was closed before an acknowledgement came";
    pending
        .future()
        .completeExceptionally(new DeliveryTimeoutException(unknownOutcome(message).build()));
  }

  @Override
  public void close() {
    close(Duration.ZERO);
  }

  /**
   * Whether the sender was closed.
   *
   * @return true after the first {@code close}
   */
  public boolean closed() {
    lock.lock();
    try {
      return summary != null;
    } finally {
      lock.unlock();
    }
  }
}
