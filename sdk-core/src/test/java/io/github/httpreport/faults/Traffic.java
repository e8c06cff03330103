package io.github.httpreport.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.ProxySender;
import io.github.httpreport.SendResult;
import io.github.httpreport.error.InterruptedSendException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** What is sent in one row, through every door of the sender, and what came of it. */
final class Traffic {

  static final String GROUP = "group";
  static final String STREAM = "stream";

  /**
   * Messages that share a future.
   *
   * @param whole whether they are a batch of their own, which may be acknowledged in part
   */
  record Sent(
      List<String> bodies,
      Expected expected,
      CompletableFuture<SendResult> future,
      boolean whole) {}

  private final ProxySender sender;
  private final RecordingMetrics recorded;
  private final Duration timeouts;
  private final Expected expected;
  private final Queue<Sent> sent = new ConcurrentLinkedQueue<>();
  private final AtomicInteger numbers = new AtomicInteger();

  Traffic(ProxySender sender, RecordingMetrics recorded, Duration timeouts, Expected expected) {
    this.sender = sender;
    this.recorded = recorded;
    this.timeouts = timeouts;
    this.expected = expected;
  }

  ProxySender sender() {
    return sender;
  }

  Collection<Sent> sent() {
    return sent;
  }

  /** A dozen messages: some enqueued, some in batches, some by a caller who waits. */
  void wave() {
    wave(expected);
  }

  /** The same where this row's expectation is another one for a while. */
  void wave(Expected now) {
    for (int i = 0; i < 3; i++) {
      enqueue(now);
    }
    fourRequests(now);
  }

  /**
   * One request of each kind, and one more: as many as a group may have in flight before its first
   * response. Of a wave the enqueued messages may be two batches, on a machine that is busy.
   */
  void fourRequests() {
    fourRequests(expected);
  }

  private void fourRequests(Expected now) {
    enqueue(now);
    for (int i = 0; i < 2; i++) {
      batch(3, now);
    }
    add(2, now, true, bodies -> onItsOwnThread(() -> sender.send(bodies, GROUP, STREAM)));
  }

  private void enqueue(Expected now) {
    add(1, now, false, bodies -> sender.enqueue(bodies.get(0), GROUP, STREAM));
  }

  /** One batch. */
  void batch(int messages) {
    batch(messages, expected);
  }

  private void batch(int messages, Expected now) {
    add(messages, now, true, bodies -> sender.sendAsync(bodies, GROUP, STREAM));
  }

  /** One message of this size. */
  void large(int bytes) {
    String body = body() + "x".repeat(bytes);
    CompletableFuture<SendResult> future = sender.sendAsync(List.of(body), GROUP, STREAM);
    sent.add(new Sent(List.of(body), expected, future, true));
  }

  private void add(
      int messages,
      Expected now,
      boolean whole,
      Function<List<String>, CompletableFuture<SendResult>> door) {
    List<String> bodies = IntStream.range(0, messages).mapToObj(i -> body()).toList();
    sent.add(new Sent(bodies, now, door.apply(bodies), whole));
  }

  private String body() {
    return Canary.BODY + '-' + numbers.incrementAndGet();
  }

  /** A batch by a caller who waits, and is interrupted at that. */
  void interruptedSend() {
    Expected interrupted = Expected.failedPerhapsStored(InterruptedSendException.class);
    add(2, interrupted, true, this::interrupted);
  }

  /** Returns when the caller has, so that nothing has been answered by then. */
  private CompletableFuture<SendResult> interrupted(List<String> bodies) {
    CompletableFuture<SendResult> future = onItsOwnThread(() -> sendInterrupted(bodies));
    await("an interrupted caller returns").until(future::isDone);
    return future;
  }

  private SendResult sendInterrupted(List<String> bodies) {
    Thread.currentThread().interrupt();
    try {
      return sender.send(bodies, GROUP, STREAM);
    } catch (InterruptedSendException e) {
      assertThat(Thread.currentThread().isInterrupted()).as("still interrupted").isTrue();
      throw e;
    }
  }

  /** What a caller who waits gets to see. */
  static <T> CompletableFuture<T> onItsOwnThread(Supplier<T> call) {
    return CompletableFuture.supplyAsync(
        call,
        task -> {
          Thread caller = new Thread(task, "faults-caller");
          caller.setDaemon(true);
          caller.start();
        });
  }

  /** Sends one wave after the other until this is so. */
  void wavesUntil(BooleanSupplier enough) {
    await("it has happened")
        .until(
            () -> {
              wave();
              awaitCompleted();
              return enough.getAsBoolean();
            });
  }

  /** Waits until so many more requests have ended. */
  void awaitAttempts(int more) {
    int before = recorded.attempts();
    await("requests are made").until(() -> recorded.attempts() >= before + more);
  }

  /** Waits until everything sent so far is settled, which no fault may keep it from. */
  void awaitCompleted() {
    await("every future settles before its deadline")
        .until(() -> sent.stream().allMatch(s -> s.future().isDone()));
  }

  /** Patience of this row. */
  ConditionFactory await(String what) {
    return Awaitility.await(what).atMost(timeouts).pollInterval(Duration.ofMillis(5));
  }
}
