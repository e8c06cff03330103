package io.github.httpreport.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.httpreport.Batching;
import io.github.httpreport.CloseSummary;
import io.github.httpreport.Destination;
import io.github.httpreport.Message;
import io.github.httpreport.RetryPolicy;
import io.github.httpreport.SendResult;
import io.github.httpreport.SenderMetrics;
import io.github.httpreport.WhenFull;
import io.github.httpreport.error.DeliveryTimeoutException;
import io.github.httpreport.error.InterruptedSendException;
import io.github.httpreport.error.MessageTooLargeException;
import io.github.httpreport.http.Response;
import io.github.httpreport.internal.delivery.FakeProtocol;
import io.github.httpreport.internal.node.Lists;
import io.github.httpreport.internal.transport.CannedResponses;
import io.github.httpreport.internal.transport.FakeTransport;
import io.github.httpreport.node.NodeSelector;
import io.github.httpreport.node.NodeSource;
import io.github.httpreport.node.Seed;
import io.github.httpreport.protocol.Payload;
import io.github.httpreport.testsupport.Concurrently;
import io.github.httpreport.testsupport.Summaries;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Accepting, telling and closing, with real threads: nothing here may hang. */
@Timeout(60)
class EngineTest {

  private static final Duration AWHILE = Duration.ofSeconds(20);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Batching OPEN =
      Batching.builder().linger(HOUR).maxMessages(1_000).maxBytes(1 << 20).build();
  private static final Batching LINGER_1_MS =
      Batching.builder().linger(Duration.ofMillis(1)).build();

  private FakeTransport transport;
  private FakeProtocol protocol = new FakeProtocol();
  private SenderMetrics metrics = SenderMetrics.NONE;
  private Engine engine = engine(Batching.defaults(), 32 << 20, RetryPolicy.defaults());

  private Engine engine(Batching batching, long bufferBytes, RetryPolicy retry) {
    SenderSettings settings =
        new SenderSettings(
            "test",
            protocol,
            NodeSource.fixed(List.of(Lists.node(0), Lists.node(1))),
            NodeSelector.roundRobin(),
            retry,
            batching,
            bufferBytes,
            WhenFull.block(HOUR),
            AWHILE,
            AWHILE,
            64,
            null,
            null,
            null,
            null,
            metrics,
            null);
    return new Engine(
        settings,
        (any, scheduler, callbacks) -> {
          transport = new FakeTransport(scheduler);
          return transport;
        });
  }

  @AfterEach
  void close() {
    transport.always(request -> CannedResponses.ok());
    engine.close(Duration.ZERO);
  }

  private CompletableFuture<SendResult> enqueue(String body) {
    return engine.enqueue(body, "group", "stream", null);
  }

  private CompletableFuture<SendResult> sendAsync(String... bodies) {
    return engine.sendAsync(List.of(bodies), "group", "stream", null);
  }

  /** Reports get no answer until the test gives it. */
  private List<CompletableFuture<Response>> holdResponses() {
    List<CompletableFuture<Response>> responses = new CopyOnWriteArrayList<>();
    transport.always(
        request -> {
          CompletableFuture<Response> response = CannedResponses.pending();
          responses.add(response);
          return response;
        });
    return responses;
  }

  @Test
  void enqueue_protocolThatCannotEncode_failsAndIsCounted() {
    List<Integer> failed = new CopyOnWriteArrayList<>();
    protocol =
        new FakeProtocol() {
          @Override
          public Payload encode(Destination destination, List<Message> messages, Instant dataTime) {
            throw new IllegalStateException("no such letter");
          }
        };
    metrics =
        new SenderMetrics() {
          @Override
          public void failed(Destination destination, int messages, RuntimeException cause) {
            failed.add(messages);
          }
        };
    engine = engine(OPEN, 1 << 20, RetryPolicy.defaults());
    CompletableFuture<SendResult> future = enqueue("a");

    assertThat(engine.close(AWHILE)).isEqualTo(Summaries.of(0, 1, 0, 0));
    assertThat(future).isCompletedExceptionally();
    assertThat(failed).containsExactly(1);
  }

  @Test
  void callback_joinsNeighboursOfItsBatch_doesNotHang() {
    engine = engine(OPEN, 1 << 20, RetryPolicy.defaults());
    List<CompletableFuture<SendResult>> futures =
        IntStream.range(0, 20).mapToObj(i -> enqueue("m" + i)).toList();
    List<CompletableFuture<Void>> callbacks =
        futures.stream()
            .map(future -> future.thenRun(() -> futures.forEach(CompletableFuture::join)))
            .toList();

    engine.flush();

    assertThat(callbacks).allSatisfy(callback -> assertThat(callback).succeedsWithin(AWHILE));
  }

  @Test
  void callback_aThousandJoinCallsOfTheirOwn_allGoOn() {
    List<CompletableFuture<SendResult>> joined = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      joined.add(sendAsync("first").thenApply(first -> sendAsync("second").join()));
    }

    joined.forEach(each -> assertThat(each).succeedsWithin(AWHILE));
    assertThat(engine.close(AWHILE).sent()).isEqualTo(2_000);
  }

  @Test
  void callback_usesEveryMethodWithATinyBufferAndTwoAtOnce_doesNotHang() {
    engine = engine(LINGER_1_MS, 1_100, RetryPolicy.defaults());
    List<Runnable> uses =
        List.of(
            () -> engine.send(List.of("sent"), "group", "stream", null),
            () -> sendAsync("sent").join(),
            () -> enqueue("enqueued").join(),
            () -> engine.flush().join());

    for (Runnable use : uses) {
      List<CompletableFuture<Void>> callbacks =
          Stream.of(enqueue("a"), sendAsync("b"), enqueue("c"), sendAsync("d"))
              .map(future -> future.thenRun(use))
              .toList();
      assertThat(callbacks).allSatisfy(callback -> assertThat(callback).succeedsWithin(AWHILE));
    }
  }

  @Test
  void callback_needsTheRoomOfItsOwnMessage_hasIt() {
    engine = engine(LINGER_1_MS, 1_100, RetryPolicy.defaults());

    assertSecondFollows(() -> sendAsync("x".repeat(450)));
    assertSecondFollows(() -> enqueue("x".repeat(900)));
  }

  private void assertSecondFollows(Supplier<CompletableFuture<SendResult>> send) {
    List<CompletableFuture<Response>> responses = holdResponses();
    CompletableFuture<SendResult> second = send.get().thenCompose(done -> send.get());
    Awaitility.await().atMost(AWHILE).until(() -> responses.size() == 1);
    transport.always(request -> CannedResponses.ok());

    responses.get(0).complete(CannedResponses.response("0", "Ok"));

    assertThat(second).succeedsWithin(AWHILE);
  }

  @Test
  void callback_closes_returnsTheWholeSummary() {
    CompletableFuture<CloseSummary> one = sendAsync("a", "b").thenApply(r -> engine.close(AWHILE));

    assertThat(one).succeedsWithin(AWHILE).isEqualTo(Summaries.of(2, 0, 0, 0));
    assertThat(transport.closed()).isTrue();
  }

  @Test
  void callback_closesWhileAnotherThreadDoes_bothReturnTheSame() {
    List<CompletableFuture<Response>> responses = holdResponses();
    CompletableFuture<CloseSummary> inCallback =
        sendAsync("a").thenApply(result -> engine.close(AWHILE));
    CompletableFuture<CloseSummary> outside =
        CompletableFuture.supplyAsync(() -> engine.close(AWHILE));
    Awaitility.await().atMost(AWHILE).until(this::refuses);

    responses.get(0).complete(CannedResponses.response("0", "Ok"));

    assertThat(outside).succeedsWithin(AWHILE).isEqualTo(Summaries.of(1, 0, 0, 0));
    assertThat(inCallback).succeedsWithin(AWHILE).isEqualTo(Summaries.of(1, 0, 0, 0));
  }

  @Test
  void close_whileAnotherThreadDoes_waitsForTheSameNumbers() throws InterruptedException {
    List<CompletableFuture<Response>> responses = holdResponses();
    sendAsync("a");
    CompletableFuture<CloseSummary> first =
        CompletableFuture.supplyAsync(() -> engine.close(AWHILE));
    Awaitility.await().atMost(AWHILE).until(this::refuses);
    CompletableFuture<CloseSummary> second = new CompletableFuture<>();
    Thread other = new Thread(() -> second.complete(engine.close(AWHILE)));
    other.start();
    Awaitility.await()
        .atMost(AWHILE)
        .until(() -> other.getState() == Thread.State.TIMED_WAITING || second.isDone());

    responses.get(0).complete(CannedResponses.response("0", "Ok"));

    assertThat(first).succeedsWithin(AWHILE).isEqualTo(Summaries.of(1, 0, 0, 0));
    assertThat(second).succeedsWithin(AWHILE).isEqualTo(Summaries.of(1, 0, 0, 0));
    other.join();
  }

  /** Asks with a message that is too large, which no open sender accepts. */
  private boolean refuses() {
    try {
      assertThat(enqueue("x".repeat(600_000))).isCompletedExceptionally();
      return false;
    } catch (IllegalStateException closed) {
      return true;
    }
  }

  @Test
  void callback_throws_othersAreCalled() {
    engine = engine(OPEN, 1 << 20, RetryPolicy.defaults());
    List<CompletableFuture<SendResult>> futures = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      CompletableFuture<SendResult> future = enqueue("m" + i);
      CompletableFuture<Void> broken =
          future.thenRun(
              () -> {
                throw new IllegalStateException("broken callback");
              });
      futures.add(future);
      futures.add(broken.handle((nothing, error) -> null));
    }

    assertThat(engine.flush()).succeedsWithin(AWHILE);

    assertThat(futures).allSatisfy(future -> assertThat(future).succeedsWithin(AWHILE));
  }

  @Test
  void flush_futureCancelledByTheApplication_waitsForTheMessage() {
    List<CompletableFuture<Response>> responses = holdResponses();
    sendAsync("a").cancel(true);
    enqueue("b").cancel(true);
    CompletableFuture<Void> flushed = engine.flush();
    Awaitility.await().atMost(AWHILE).until(() -> responses.size() == 2);

    responses.get(0).complete(CannedResponses.response("0", "Ok"));
    assertThat(flushed).isNotDone();
    responses.get(1).complete(CannedResponses.response("0", "Ok"));

    assertThat(flushed).succeedsWithin(AWHILE);
    assertThat(engine.close(AWHILE)).isEqualTo(Summaries.of(2, 0, 0, 0));
  }

  @Test
  void flush_messageFailed_completesAllTheSame() {
    transport.always(request -> CannedResponses.code("115", "Topic not configured"));
    CompletableFuture<SendResult> failed = sendAsync("a");

    assertThat(engine.flush()).succeedsWithin(AWHILE);
    assertThat(failed).isCompletedExceptionally();
  }

  @Test
  void flush_afterClose_completes() {
    engine.close(AWHILE);

    assertThat(engine.flush()).succeedsWithin(AWHILE);
  }

  @Test
  void close_noTime_completesEveryFuture() {
    engine = engine(OPEN, 1 << 20, RetryPolicy.defaults());
    holdResponses();
    List<CompletableFuture<SendResult>> futures =
        IntStream.range(0, 100).mapToObj(i -> enqueue("m" + i)).toList();
    CompletableFuture<SendResult> batch = sendAsync("a", "b");

    CloseSummary summary = engine.close(Duration.ZERO);

    assertThat(summary).isEqualTo(Summaries.of(0, 0, 0, 102));
    assertThat(Stream.concat(futures.stream(), Stream.of(batch)))
        .allSatisfy(
            future ->
                assertThat(future)
                    .failsWithin(AWHILE)
                    .withThrowableThat()
                    .withCauseInstanceOf(DeliveryTimeoutException.class)
                    .withMessageContaining("closed before the messages were acknowledged"));
  }

  @Test
  void close_futureCancelledByTheApplication_isCounted() {
    holdResponses();
    sendAsync("a", "b").cancel(true);
    enqueue("c").cancel(true);

    assertThat(engine.close(Duration.ofMillis(50))).isEqualTo(Summaries.of(0, 0, 0, 3));
  }

  @Test
  void close_again_returnsTheSame() {
    sendAsync("a");
    CloseSummary first = engine.close(AWHILE);

    assertThat(engine.close(Duration.ZERO)).isEqualTo(first);
    assertThat(first).isEqualTo(Summaries.of(1, 0, 0, 0));
  }

  @Test
  void use_afterClose_isAnIllegalState() {
    engine.close(AWHILE);

    List<Supplier<Object>> uses =
        List.of(
            () -> engine.send(List.of("a"), "group", "stream", null),
            () -> sendAsync("a"),
            () -> enqueue("a"));

    assertThat(uses)
        .allSatisfy(
            use ->
                assertThatThrownBy(use::get)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("sender is closed"));
  }

  @Test
  void close_callersWaitForRoom_getAnIllegalStateAndAreNotCounted() throws Exception {
    engine = engine(OPEN, 1_100, RetryPolicy.defaults());
    holdResponses();
    sendAsync("x".repeat(400));
    List<Thread> callers = new ArrayList<>();
    List<Throwable> errors = new CopyOnWriteArrayList<>();
    List<Runnable> calls =
        List.of(() -> sendAsync("y".repeat(400)), () -> enqueue("z".repeat(400)));
    for (Runnable call : calls) {
      Thread caller = new Thread(call);
      caller.setUncaughtExceptionHandler((thread, error) -> errors.add(error));
      caller.start();
      callers.add(caller);
      Awaitility.await()
          .atMost(AWHILE)
          .until(() -> caller.getState() == Thread.State.TIMED_WAITING);
    }

    CloseSummary summary = engine.close(Duration.ZERO);
    for (Thread caller : callers) {
      caller.join(AWHILE.toMillis());
    }

    assertThat(errors).hasSize(2).hasOnlyElementsOfType(IllegalStateException.class);
    assertThat(summary.total()).isEqualTo(1);
  }

  @Test
  void close_whileManyThreadsEnqueue_completesAndCountsWhatWasAccepted() throws Exception {
    long seed = Seed.next();
    for (int round = 0; round < 60; round++) {
      engine = engine(LINGER_1_MS, 1 << 20, RetryPolicy.defaults());
      int actions = new Random(seed + round).nextInt(400);
      List<CompletableFuture<SendResult>> accepted =
          Concurrently.run(
              4,
              index ->
                  () -> {
                    if (index > 0) {
                      return enqueueUntilClosed(new Random(seed + index));
                    }
                    for (int i = 0; i < actions; i++) {
                      Thread.onSpinWait();
                    }
                    engine.close(Duration.ZERO);
                    return List.of();
                  });

      assertThat(accepted)
          .as("seed %d", seed)
          .allSatisfy(
              future ->
                  assertThat(future.handle((result, error) -> "told")).succeedsWithin(AWHILE));
      assertThat(engine.close(AWHILE).total()).as("seed %d", seed).isEqualTo(accepted.size());
    }
  }

  private List<CompletableFuture<SendResult>> enqueueUntilClosed(Random random) {
    List<CompletableFuture<SendResult>> accepted = new ArrayList<>();
    try {
      while (!Thread.currentThread().isInterrupted()) {
        String body = "m" + accepted.size();
        accepted.add(random.nextInt(4) == 0 ? sendAsync(body) : enqueue(body));
      }
    } catch (IllegalStateException closed) {
      return accepted;
    }
    return accepted;
  }

  @Test
  void summary_randomOutcomes_addsUp() throws Exception {
    long seed = Seed.next();
    Random fate = new Random(seed);
    RetryPolicy retry =
        RetryPolicy.builder()
            .maxAttempts(3)
            .backoff(Duration.ofMillis(1), Duration.ofMillis(1))
            .budgetRatio(10)
            .build();
    engine =
        engine(
            Batching.builder().linger(Duration.ofMillis(1)).maxMessages(20).build(),
            1 << 20,
            retry);
    transport.always(
        request ->
            switch (fate.nextInt(8)) {
              case 0 -> CannedResponses.code("115", "Topic not configured");
              case 1 -> CannedResponses.status(413);
              case 2 -> CannedResponses.lost();
              case 3 -> CannedResponses.queueFull();
              default -> CannedResponses.ok();
            });

    List<CompletableFuture<SendResult>> futures =
        Concurrently.run(
            4,
            index ->
                () -> {
                  List<CompletableFuture<SendResult>> mine = new ArrayList<>();
                  for (int i = 0; i < 2_000; i++) {
                    mine.add(i % 10 == 0 ? sendAsync("m" + i) : enqueue("m" + i));
                  }
                  return mine;
                });
    assertThat(engine.flush()).succeedsWithin(AWHILE);

    assertThat(futures).as("seed %d", seed).hasSize(8_000).allMatch(CompletableFuture::isDone);
    long failed = futures.stream().filter(CompletableFuture::isCompletedExceptionally).count();
    assertThat(engine.close(AWHILE))
        .as("seed %d", seed)
        .isEqualTo(Summaries.of(8_000 - failed, failed, 0, 0));
    assertThat(failed).as("seed %d", seed).isPositive();
  }

  @Test
  void send_byTheApplication_isExchangedOnItsThread() {
    engine.send(List.of("a"), "group", "stream", null);

    assertThat(transport.here()).isEqualTo(1);
  }

  @Test
  void send_inACallback_leavesTheCallbackThreadToOthers() {
    CompletableFuture<Response> response = CannedResponses.pending();
    transport.then(response);
    CompletableFuture<SendResult> second =
        sendAsync("a").thenApply(first -> engine.send(List.of("b"), "group", "stream", null));
    response.complete(CannedResponses.response("0", "Ok"));

    assertThat(second).succeedsWithin(AWHILE);
    assertThat(transport.reports()).hasSize(2);
    assertThat(transport.here()).isZero();
  }

  @Test
  void send_interrupted_throwsAndKeepsTheFlag() {
    holdResponses();
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> engine.send(List.of("a"), "group", "stream", null))
        .isInstanceOf(InterruptedSendException.class)
        .hasMessage("interrupted while sending to group/stream");

    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void enqueue_messageOverTheBatchLimitButUnderTheServers_isSent() {
    engine =
        engine(
            Batching.builder().linger(Duration.ofMillis(1)).maxBytes(200).build(),
            1 << 20,
            RetryPolicy.defaults());

    assertThat(enqueue("x".repeat(10_000))).succeedsWithin(AWHILE);
  }

  @Test
  void send_bodyOverTheServersLimit_isRefusedBeforeItIsSent() {
    assertThat(sendAsync("fine", "x".repeat(600_000)))
        .failsWithin(AWHILE)
        .withThrowableThat()
        .withCauseInstanceOf(MessageTooLargeException.class)
        .withMessageContaining("body 1 alone makes a request of 600");
    assertThat(transport.reports()).isEmpty();
  }

  @Test
  void send_bodyOverWhatWasLearnedForBatches_isTriedAllTheSame() {
    transport.then(CannedResponses.status(413));
    assertThat(sendAsync("a".repeat(1_000), "b".repeat(1_000))).succeedsWithin(AWHILE);

    assertThat(sendAsync("c".repeat(1_500))).succeedsWithin(AWHILE);
    assertThat(enqueue("d".repeat(1_500))).succeedsWithin(AWHILE);
  }
}
