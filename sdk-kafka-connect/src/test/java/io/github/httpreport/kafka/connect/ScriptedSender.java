package io.github.httpreport.kafka.connect;

import io.github.httpreport.CloseSummary;
import io.github.httpreport.Destination;
import io.github.httpreport.Message;
import io.github.httpreport.ProxySender;
import io.github.httpreport.SendResult;
import io.github.httpreport.SenderStatus;
import io.github.httpreport.error.BufferFullException;
import io.github.httpreport.error.FailureDetails;
import io.github.httpreport.error.SendException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A sender whose futures a test completes one by one, by the bodies of the messages, and whose
 * buffer has as many places as the test says. For one thread.
 */
final class ScriptedSender implements ProxySender {

  record Call(Message message, Destination destination, Instant dataTime, boolean alone) {}

  private final List<Call> calls = new ArrayList<>();
  private final Map<String, CompletableFuture<SendResult>> open = new HashMap<>();
  private final Map<String, RuntimeException> unacceptable = new HashMap<>();
  private int places = Integer.MAX_VALUE;
  private Runnable onEnqueue = () -> {};
  private boolean closed;

  List<Call> calls() {
    return calls;
  }

  List<String> bodies() {
    return calls.stream().map(call -> call.message().body()).toList();
  }

  /** How many messages may be on their way. */
  void places(int count) {
    places = count;
  }

  /** Runs at each call that enqueues, for a clock that goes on meanwhile. */
  void onEnqueue(Runnable action) {
    onEnqueue = action;
  }

  void throwFor(String body, RuntimeException exception) {
    unacceptable.put(body, exception);
  }

  void acknowledge(String... bodies) {
    for (String body : bodies) {
      open.remove(body).complete(SendResult.builder().node("node:1").messageCount(1).build());
    }
  }

  void fail(String body, Throwable failure) {
    open.remove(body).completeExceptionally(failure);
  }

  boolean isClosed() {
    return closed;
  }

  static FailureDetails details(String text, boolean retryable) {
    return FailureDetails.builder(text).retryable(retryable).build();
  }

  @Override
  public CompletableFuture<SendResult> enqueue(
      Message message, Destination destination, Instant dataTime) {
    onEnqueue.run();
    if (unacceptable.containsKey(message.body())) {
      throw unacceptable.get(message.body());
    }
    if (open.size() >= places) {
      return CompletableFuture.failedFuture(
          new BufferFullException(details("the buffer is full", true)));
    }
    return accept(new Call(message, destination, dataTime, false));
  }

  @Override
  public CompletableFuture<SendResult> sendAsync(
      List<Message> messages, Destination destination, Instant dataTime) {
    return accept(new Call(messages.get(0), destination, dataTime, true));
  }

  private CompletableFuture<SendResult> accept(Call call) {
    calls.add(call);
    CompletableFuture<SendResult> future = new CompletableFuture<>();
    open.put(call.message().body(), future);
    return future;
  }

  @Override
  public CompletableFuture<Void> flush() {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CloseSummary close(Duration timeout) {
    closed = true;
    return CloseSummary.builder().abandoned(open.size()).build();
  }

  @Override
  public void close() {
    close(Duration.ZERO);
  }

  @Override
  public CompletableFuture<SendResult> enqueue(
      String body, String groupId, String streamId, Instant dataTime) {
    throw new SendException(details("not used", false));
  }

  @Override
  public SendResult send(List<String> bodies, String groupId, String streamId, Instant dataTime) {
    throw new SendException(details("not used", false));
  }

  @Override
  public SendResult send(List<Message> messages, Destination destination, Instant dataTime) {
    throw new SendException(details("not used", false));
  }

  @Override
  public CompletableFuture<SendResult> sendAsync(
      List<String> bodies, String groupId, String streamId, Instant dataTime) {
    throw new SendException(details("not used", false));
  }

  @Override
  public SenderStatus status() {
    throw new SendException(details("not used", false));
  }
}
