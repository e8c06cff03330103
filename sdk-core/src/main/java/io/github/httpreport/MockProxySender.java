package io.github.httpreport;

import static java.util.Objects.requireNonNull;

import io.github.httpreport.error.DeliveryTimeoutException;
import io.github.httpreport.error.FailureDetails;
import io.github.httpreport.error.InterruptedSendException;
import io.github.httpreport.error.MessageTooLargeException;
import io.github.httpreport.error.SendException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
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
import org.apache.commons.lang3.StringUtils;
import org.jspecify.annotations.Nullable;

/**
 * A sender without a network, for the tests of an application: it remembers what it was given and
 * answers at once that a node {@code mock:0} took it, or what it was told to answer. It refuses the
 * arguments that a sender to InLong with its defaults refuses: bodies that are blank, hold a
 * newline or half a surrogate pair, keys (unless {@link #acceptKeys()} was called), and data times
 * that are no milliseconds; a message that makes a request of more than 512 KiB fails with {@link
 * MessageTooLargeException}. It keeps every other promise of {@link ProxySender}.
 *
 * <p>Safe for use by many threads. Futures complete, and callbacks run, on the thread that sends,
 * releases or closes.
 */
public final class MockProxySender implements ProxySender {

  private static final String NODE = "mock:0";
  private static final int MAX_REQUEST_BYTES = 524_288;
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

  /** What a call is answered: a failure, a result, or neither for an acknowledgement. */
  private record Outcome(@Nullable SendResult result, @Nullable SendException failure) {

    private static final Outcome ACKNOWLEDGED = new Outcome(null, null);
  }

  private record Pending(
      CompletableFuture<SendResult> future, int messages, long bytes, Outcome outcome) {

    void complete() {
      if (outcome.failure() != null) {
        future.completeExceptionally(outcome.failure());
      } else if (outcome.result() != null) {
        future.complete(outcome.result());
      } else {
        Attempt attempt = Attempt.of(NODE, Duration.ZERO, Attempt.Outcome.ACCEPTED, "0");
        future.complete(
            SendResult.builder()
                .node(NODE)
                .messageCount(messages)
                .attempts(List.of(attempt))
                .build());
      }
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final List<Sent> sent = new ArrayList<>();
  private final Deque<Outcome> nextOutcomes = new ArrayDeque<>();
  private final List<Pending> held = new ArrayList<>();
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
    requireKnown(destination);
    requireSome(bodies, "bodies");
    for (int i = 0; i < bodies.size(); i++) {
      requireBody(bodies.get(i), "body " + i);
    }
    return accept(destination, dataTime, bodies.stream().map(Message::of).toList());
  }

  @Override
  public CompletableFuture<SendResult> sendAsync(
      List<Message> messages, Destination destination, @Nullable Instant dataTime) {
    requireKnown(destination);
    requireSome(messages, "messages");
    for (int i = 0; i < messages.size(); i++) {
      requireMessage(messages.get(i), "message " + i, "body " + i);
    }
    return accept(destination, dataTime, messages);
  }

  @Override
  public CompletableFuture<SendResult> enqueue(
      String body, String groupId, String streamId, @Nullable Instant dataTime) {
    Destination destination = new Destination(groupId, streamId);
    requireKnown(destination);
    requireBody(body, "body");
    return accept(destination, dataTime, List.of(Message.of(body)));
  }

  @Override
  public CompletableFuture<SendResult> enqueue(
      Message message, Destination destination, @Nullable Instant dataTime) {
    requireKnown(destination);
    requireMessage(message, "message", "body");
    return accept(destination, dataTime, List.of(message));
  }

  private static void requireKnown(@Nullable Destination destination) {
    if (destination == null) {
      throw new IllegalArgumentException("destination must not be null");
    }
    requireUtf8(destination.groupId(), "groupId");
    requireUtf8(destination.streamId(), "streamId");
  }

  private static void requireUtf8(String text, String name) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new IllegalArgumentException(
          name + " holds half a surrogate pair, which UTF-8 cannot carry");
    }
  }

  private static void requireMillis(@Nullable Instant dataTime) {
    try {
      if (dataTime != null) {
        var unused = dataTime.toEpochMilli();
      }
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("dataTime is out of range: " + dataTime, e);
    }
  }

  private static void requireSome(@Nullable List<?> list, String name) {
    if (list == null || list.isEmpty()) {
      throw new IllegalArgumentException(
          name + " must not be " + (list == null ? "null" : "empty"));
    }
  }

  private void requireMessage(@Nullable Message message, String messageName, String bodyName) {
    if (message == null) {
      throw new IllegalArgumentException(messageName + " must not be null");
    }
    requireBody(message.body(), bodyName);
    if (message.key() != null && !acceptsKeys) {
      throw new IllegalArgumentException(bodyName + " has a key, which InLong has no place for");
    }
  }

  private static void requireBody(@Nullable String body, String name) {
    if (StringUtils.isBlank(body)) {
      throw new IllegalArgumentException(
          name + " must not be " + (body == null ? "null" : "blank"));
    }
    if (body.indexOf('\n') >= 0) {
      throw new IllegalArgumentException(
          name + " must not hold a newline: the server would make two messages of it");
    }
    requireUtf8(body, name);
  }

  /** The first message that makes a request which no node takes, as the real sender finds it. */
  private static Optional<SendException> tooLarge(List<Message> messages) {
    for (Message message : messages) {
      long bytes = URLEncoder.encode(message.body(), StandardCharsets.UTF_8).length();
      if (bytes > MAX_REQUEST_BYTES) {
        String why =
            "a body alone makes a request of "
                + bytes
                + " bytes, encoded; the server takes "
                + MAX_REQUEST_BYTES;
        return Optional.of(new MessageTooLargeException(FailureDetails.builder(why).build()));
      }
    }
    return Optional.empty();
  }

  private CompletableFuture<SendResult> accept(
      Destination destination, @Nullable Instant dataTime, List<Message> messages) {
    requireMillis(dataTime);
    Sent call = new Sent(destination, dataTime, messages);
    Optional<SendException> tooLarge = tooLarge(messages);
    Pending pending;
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
          new Pending(new CompletableFuture<>(), messages.size(), bytesOf(messages), nextOutcome());
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

  private static long bytesOf(List<Message> messages) {
    return messages.stream()
        .mapToLong(message -> message.body().getBytes(StandardCharsets.UTF_8).length)
        .sum();
  }

  private Outcome nextOutcome() {
    if (!nextOutcomes.isEmpty()) {
      return nextOutcomes.remove();
    }
    return failure == null ? Outcome.ACKNOWLEDGED : new Outcome(null, failure);
  }

  private void count(Pending settled) {
    SendResult result = settled.outcome().result();
    if (settled.outcome().failure() != null) {
      failed += settled.messages();
    } else if (result != null && result.spooled()) {
      spooled += settled.messages();
    } else {
      acknowledged += settled.messages();
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
    addOutcome(new Outcome(requireNonNull(result, "result"), null));
  }

  private void addOutcome(Outcome outcome) {
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
    addOutcome(new Outcome(null, requireNonNull(cause, "cause")));
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
    List<Pending> released;
    lock.lock();
    try {
      holding = false;
      released = List.copyOf(held);
      held.clear();
      released.forEach(this::count);
    } finally {
      lock.unlock();
    }
    released.forEach(Pending::complete);
  }

  @Override
  public CompletableFuture<Void> flush() {
    CompletableFuture<?>[] open;
    lock.lock();
    try {
      open = held.stream().map(Pending::future).toArray(CompletableFuture<?>[]::new);
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
    long heldBytes = held.stream().mapToLong(Pending::bytes).sum();
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
    List<Pending> abandoned;
    lock.lock();
    try {
      if (summary == null) {
        long open = held.stream().mapToLong(Pending::messages).sum();
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

  private static void abandon(Pending pending) {
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
