package io.github.httpreport.testkit;

import static java.util.Objects.requireNonNull;

import io.github.httpreport.Attempt;
import io.github.httpreport.CloseSummary;
import io.github.httpreport.Destination;
import io.github.httpreport.Message;
import io.github.httpreport.ProxySender;
import io.github.httpreport.SendResult;
import io.github.httpreport.error.DeliveryTimeoutException;
import io.github.httpreport.error.FailureDetails;
import io.github.httpreport.error.InterruptedSendException;
import io.github.httpreport.error.SendException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.commons.lang3.StringUtils;
import org.jspecify.annotations.Nullable;

/**
 * A sender without a network, for the tests of an application: it remembers what it was given and
 * answers at once that a node {@code mock:0} took it, or what it was told to answer. It refuses the
 * arguments that a sender to InLong refuses, and keeps every other promise of {@link ProxySender}.
 *
 * <p>Safe for use by many threads. Futures complete, and callbacks run, on the thread that sends,
 * releases or closes.
 */
public final class MockProxySender implements ProxySender {

  private static final String NODE = "mock:0";

  /**
   * One call that was accepted.
   *
   * @param groupId the group
   * @param streamId the stream
   * @param dataTime the time of the data, or null where the call gave none
   * @param messages the messages; a single one for {@code enqueue}
   */
  public record Sent(
      String groupId, String streamId, @Nullable Instant dataTime, List<Message> messages) {

    /**
     * Takes a copy of the messages.
     *
     * @param groupId the group
     * @param streamId the stream
     * @param dataTime the time of the data, or null where the call gave none
     * @param messages the messages
     */
    public Sent {
      messages = List.copyOf(messages);
    }

    /**
     * The bodies of the messages.
     *
     * @return in the order of the call
     */
    public List<String> bodies() {
      return messages.stream().map(Message::body).toList();
    }

    /** Tells the number of messages only: a body may be personal data and must not reach a log. */
    @Override
    public String toString() {
      return "Sent[" + groupId + '/' + streamId + ", " + messages.size() + " messages]";
    }
  }

  private record Pending(
      CompletableFuture<SendResult> future, int messages, @Nullable SendException failure) {

    void complete() {
      if (failure == null) {
        Attempt attempt = new Attempt(NODE, Duration.ZERO, Attempt.Outcome.ACCEPTED, "0");
        future.complete(new SendResult(NODE, messages, List.of(attempt), false, false, List.of()));
      } else {
        future.completeExceptionally(failure);
      }
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final List<Sent> sent = new ArrayList<>();
  private final Deque<SendException> nextFailures = new ArrayDeque<>();
  private final List<Pending> held = new ArrayList<>();
  private @Nullable SendException failure;
  private @Nullable CloseSummary summary;
  private boolean holding;
  private long acknowledged;
  private long failed;

  /** A sender that acknowledges everything at once. */
  public MockProxySender() {}

  @Override
  public SendResult send(
      List<String> bodies, String groupId, String streamId, @Nullable Instant dataTime) {
    return await(sendAsync(bodies, groupId, streamId, dataTime), groupId, streamId);
  }

  @Override
  public SendResult sendMessages(
      List<Message> messages, String groupId, String streamId, @Nullable Instant dataTime) {
    return await(sendMessagesAsync(messages, groupId, streamId, dataTime), groupId, streamId);
  }

  private static SendResult await(
      CompletableFuture<SendResult> future, String groupId, String streamId) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SendException sendException) {
        throw sendException;
      }
      throw new IllegalStateException("the mock failed with what is no SendException", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      String message = "interrupted while sending to " + new Destination(groupId, streamId);
      throw new InterruptedSendException(new FailureDetails(message, true, true, List.of(), e));
    }
  }

  @Override
  public CompletableFuture<SendResult> sendAsync(
      List<String> bodies, String groupId, String streamId, @Nullable Instant dataTime) {
    Destination destination = new Destination(groupId, streamId);
    requireSome(bodies, "bodies");
    for (int i = 0; i < bodies.size(); i++) {
      requireBody(bodies.get(i), "body " + i);
    }
    return accept(destination, dataTime, bodies.stream().map(Message::of).toList());
  }

  @Override
  public CompletableFuture<SendResult> sendMessagesAsync(
      List<Message> messages, String groupId, String streamId, @Nullable Instant dataTime) {
    Destination destination = new Destination(groupId, streamId);
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
    requireBody(body, "body");
    return accept(destination, dataTime, List.of(Message.of(body)));
  }

  @Override
  public CompletableFuture<SendResult> enqueueMessage(
      Message message, String groupId, String streamId, @Nullable Instant dataTime) {
    Destination destination = new Destination(groupId, streamId);
    requireMessage(message, "message", "body");
    return accept(destination, dataTime, List.of(message));
  }

  private static void requireSome(@Nullable List<?> list, String name) {
    if (list == null || list.isEmpty()) {
      throw new IllegalArgumentException(
          name + " must not be " + (list == null ? "null" : "empty"));
    }
  }

  private static void requireMessage(
      @Nullable Message message, String messageName, String bodyName) {
    if (message == null) {
      throw new IllegalArgumentException(messageName + " must not be null");
    }
    requireBody(message.body(), bodyName);
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
  }

  private CompletableFuture<SendResult> accept(
      Destination destination, @Nullable Instant dataTime, List<Message> messages) {
    Sent call = new Sent(destination.groupId(), destination.streamId(), dataTime, messages);
    Pending pending;
    lock.lock();
    try {
      if (summary != null) {
        throw new IllegalStateException("the sender is closed");
      }
      sent.add(call);
      SendException next = nextFailures.isEmpty() ? failure : nextFailures.remove();
      pending = new Pending(new CompletableFuture<>(), messages.size(), next);
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

  private void count(Pending settled) {
    if (settled.failure() == null) {
      acknowledged += settled.messages();
    } else {
      failed += settled.messages();
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
   * Lets the next call fail that no earlier {@code failNext} is for.
   *
   * @param cause what it fails with
   */
  public void failNext(SendException cause) {
    requireNonNull(cause, "cause");
    lock.lock();
    try {
      nextFailures.add(cause);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Lets every call fail, until {@link #wellAgain()}.
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
  public void wellAgain() {
    lock.lock();
    try {
      failure = null;
      nextFailures.clear();
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
        summary = new CloseSummary(acknowledged, failed, 0, open);
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
        .completeExceptionally(
            new DeliveryTimeoutException(new FailureDetails(message, true, true, List.of(), null)));
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
