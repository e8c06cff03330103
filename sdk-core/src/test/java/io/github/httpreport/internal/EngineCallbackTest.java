package io.github.httpreport.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.Batching;
import io.github.httpreport.Message;
import io.github.httpreport.RetryPolicy;
import io.github.httpreport.SendResult;
import io.github.httpreport.SenderMetrics;
import io.github.httpreport.WhenFull;
import io.github.httpreport.error.BufferFullException;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.internal.concurrent.Uninterruptibly;
import io.github.httpreport.internal.delivery.FakeProtocol;
import io.github.httpreport.internal.node.Lists;
import io.github.httpreport.internal.transport.CannedResponses;
import io.github.httpreport.internal.transport.FakeTransport;
import io.github.httpreport.node.NodeSelector;
import io.github.httpreport.node.NodeSource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where callbacks run, and what the buffer counts until they do. */
@Timeout(60)
class EngineCallbackTest {

  private static final Duration AWHILE = Duration.ofSeconds(20);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final long BATCH_BYTES = 2_048;

  private final ExecutorService one =
      Executors.newSingleThreadExecutor(task -> new Thread(task, "of the application"));
  private final AtomicLong used = new AtomicLong();
  private final CountDownLatch forGood = new CountDownLatch(1);
  private FakeTransport transport;
  private Engine engine = engine(null, 500, 32 << 20);

  private Engine engine(@Nullable Executor callbacks, int maxMessages, long bufferBytes) {
    SenderMetrics metrics =
        new SenderMetrics() {
          @Override
          public void bufferUsed(long bytes, long maxBytes) {
            used.set(bytes);
          }
        };
    SenderSettings settings =
        new SenderSettings(
            "test",
            new FakeProtocol(),
            NodeSource.fixed(List.of(Lists.node(0), Lists.node(1))),
            NodeSelector.roundRobin(),
            RetryPolicy.defaults(),
            Batching.builder().linger(HOUR).maxMessages(maxMessages).maxBytes(1 << 20).build(),
            bufferBytes,
            WhenFull.fail(),
            AWHILE,
            AWHILE,
            64,
            null,
            null,
            null,
            null,
            metrics,
            callbacks);
    return new Engine(
        settings,
        (any, scheduler, executor) -> {
          transport = new FakeTransport(scheduler);
          transport.always(request -> CannedResponses.ok());
          return transport;
        });
  }

  @AfterEach
  void close() {
    forGood.countDown();
    engine.close(Duration.ZERO);
    one.shutdownNow();
  }

  private CompletableFuture<SendResult> enqueue(long time) {
    return engine.enqueue("m", "group", "stream", Instant.ofEpochMilli(time));
  }

  private CompletableFuture<SendResult> sendAsync() {
    return engine.sendAsync(List.of("m"), "group", "stream", null);
  }

  private static String threadName(@Nullable Object ignored) {
    return Thread.currentThread().getName();
  }

  /** Requests from now on get the answer with which the test completes the returned future. */
  private CompletableFuture<Response> holdResponses() {
    CompletableFuture<Response> response = new CompletableFuture<>();
    transport.always(request -> response.copy());
    return response;
  }

  private static void succeed(CompletableFuture<Response> response) {
    response.complete(CannedResponses.response("0", "Ok"));
  }

  /**
   * Callbacks are added before the answers come: those of a done future run where they are added.
   */
  private List<CompletableFuture<String>> threadsOfCallbacks() {
    CompletableFuture<Response> response = holdResponses();
    List<CompletableFuture<String>> names =
        List.of(
            sendAsync().thenApply(EngineCallbackTest::threadName),
            enqueue(1).thenApply(EngineCallbackTest::threadName),
            engine.flush().thenApply(EngineCallbackTest::threadName));
    succeed(response);
    return names;
  }

  @Test
  void callbackExecutor_given_runsTheCallbacksOfEveryFuture() {
    engine = engine(one, 500, 32 << 20);

    assertThat(threadsOfCallbacks())
        .allSatisfy(
            name -> assertThat(name).succeedsWithin(AWHILE).isEqualTo("of the application"));
  }

  @Test
  void callbackExecutor_rejects_futuresCompleteOnTheSendersOwnThreads() {
    engine =
        engine(
            task -> {
              throw new RejectedExecutionException("full");
            },
            500,
            32 << 20);

    assertThat(threadsOfCallbacks())
        .allSatisfy(
            name -> assertThat(name).succeedsWithin(AWHILE).asString().contains("callback"));
  }

  @Test
  void callbackExecutor_runsTasksOnTheCallingThread_completesALargeBatch() {
    engine = engine(Runnable::run, 5_000, 32 << 20);
    List<CompletableFuture<SendResult>> futures =
        IntStream.range(0, 5_000).mapToObj(i -> enqueue(1)).toList();

    assertThat(futures).allSatisfy(future -> assertThat(future).succeedsWithin(AWHILE));
  }

  @Test
  void callbackExecutor_ofOneThread_callbacksJoinCallsOfTheirOwn() {
    engine = engine(one, 500, 32 << 20);

    assertThousandCallbacksGoOn(1);
  }

  @Test
  void callback_asManyJoinAtOnceAsThereMayBeThreads_allGoOn() {
    assertThousandCallbacksGoOn(256);
  }

  /** No second call gets its answer before so many callbacks are about to wait for one. */
  private void assertThousandCallbacksGoOn(int waiting) {
    CompletableFuture<Response> first = new CompletableFuture<>();
    CompletableFuture<Response> second = new CompletableFuture<>();
    transport.always(request -> (isOf(request, "second") ? second : first).copy());
    AtomicInteger begun = new AtomicInteger();
    List<CompletableFuture<SendResult>> joined =
        IntStream.range(0, 1_000)
            .mapToObj(i -> sendAsync().thenApply(done -> joinSecond(begun)))
            .toList();
    succeed(first);
    Awaitility.await().atMost(AWHILE).until(() -> begun.get() >= waiting);

    succeed(second);

    assertThat(joined).allSatisfy(each -> assertThat(each).succeedsWithin(AWHILE));
    assertThat(engine.close(AWHILE).sent()).isEqualTo(2_000);
  }

  private SendResult joinSecond(AtomicInteger begun) {
    CompletableFuture<SendResult> second =
        engine.sendAsync(List.of("second"), "group", "stream", null);
    begun.incrementAndGet();
    return second.join();
  }

  private static boolean isOf(Request request, String body) {
    return new String(request.body(), StandardCharsets.UTF_8).contains(body);
  }

  @Test
  void callback_twoBlockForGood_newGroupsSendAndTheirRoomIsFree() throws InterruptedException {
    engine = engine(null, 1, 3 * BATCH_BYTES);
    CountDownLatch blocked = new CountDownLatch(2);
    CompletableFuture<Response> response = holdResponses();
    for (int i = 0; i < 2; i++) {
      sendAsync().thenRun(() -> blockForGood(blocked));
    }
    succeed(response);
    assertThat(blocked.await(AWHILE.toSeconds(), TimeUnit.SECONDS)).isTrue();

    for (int i = 0; i < 100; i++) {
      assertThat(engine.send(List.of("m"), "group-" + i, "stream", null)).isNotNull();
      enqueue(i);
      Awaitility.await().atMost(AWHILE).until(() -> used.get() == 0);
    }
  }

  private void blockForGood(CountDownLatch blocked) {
    blocked.countDown();
    Uninterruptibly.await(HOUR, nanos -> forGood.await(nanos, TimeUnit.NANOSECONDS));
  }

  @Test
  void enqueue_everyMessageOpensABatch_bufferHoldsAsManyAsTheChargesAllow() {
    engine = engine(null, 500, 100_000);
    long each = new FakeProtocol().sizeOf(Message.of("m")) + 100 + BATCH_BYTES;
    long budget = 100_000 / each;

    List<CompletableFuture<SendResult>> accepted =
        IntStream.range(0, (int) budget).mapToObj(this::enqueue).toList();

    assertThat(used).hasValue(budget * each);
    assertThat(enqueue(budget))
        .failsWithin(AWHILE)
        .withThrowableThat()
        .withCauseInstanceOf(BufferFullException.class);
    assertThat(engine.flush()).succeedsWithin(AWHILE);
    assertThat(accepted).allSatisfy(future -> assertThat(future).isCompleted());
    assertThat(used).hasValue(0);
  }

  @Test
  void enqueue_batchIsOpen_takesNoRoomForAnother() {
    enqueue(1);
    long first = used.get();
    enqueue(1);

    assertThat(used.get() - first).isEqualTo(first - BATCH_BYTES);
  }
}
