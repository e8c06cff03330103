package io.github.httpreport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.github.httpreport.error.BufferFullException;
import io.github.httpreport.error.DeliveryTimeoutException;
import io.github.httpreport.error.InterruptedSendException;
import io.github.httpreport.error.MessageTooLargeException;
import io.github.httpreport.testkit.Fault;
import io.github.httpreport.testkit.LocalCluster;
import io.github.httpreport.testsupport.Summaries;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Flushing, closing, callbacks, a full buffer, interrupts. */
class HttpProxySenderLifecycleTest {

  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
  private static final Batching NEVER_SEALED =
      Batching.builder().linger(Duration.ofHours(1)).build();

  private final LocalCluster cluster = LocalCluster.start(1);
  private ProxySender sender = builder().build();

  @AfterEach
  void close() {
    sender.close(Duration.ZERO);
    cluster.close();
  }

  @Test
  void flush_openBatch_sealsItAndWaits() {
    rebuild(builder().batching(NEVER_SEALED));
    CompletableFuture<SendResult> future = sender.enqueue("a", "group", "stream");

    assertThat(sender.flush()).succeedsWithin(TEN_SECONDS);
    assertThat(future).isCompleted();
  }

  @Test
  void flush_failedMessage_completesWithoutError() {
    cluster.node(0).script(Fault.code("115"));
    CompletableFuture<SendResult> future = sender.enqueue("a", "group", "stream");

    assertThat(sender.flush()).succeedsWithin(TEN_SECONDS);
    assertThat(future).isCompletedExceptionally();
  }

  @Test
  void flush_nothingAccepted_completes() {
    assertThat(sender.flush()).succeedsWithin(TEN_SECONDS);
  }

  @Test
  void close_openBatch_deliversIt() {
    rebuild(builder().batching(NEVER_SEALED));
    CompletableFuture<SendResult> future = sender.enqueue("a", "group", "stream");

    assertThat(sender.close(TEN_SECONDS)).isEqualTo(Summaries.of(1, 0, 0, 0));
    assertThat(future).isCompleted();
    assertThat(cluster.storedCount()).isEqualTo(1);
  }

  @Test
  void close_serverSilent_abandonsAndCompletesEveryFuture() {
    cluster.node(0).always(Fault.noResponse());
    List<CompletableFuture<SendResult>> futures =
        IntStream.range(0, 1_000)
            .mapToObj(i -> sender.enqueue("m" + i, "group", "stream"))
            .toList();
    CompletableFuture<SendResult> batch = sender.sendAsync(List.of("a", "b"), "group", "stream");

    CloseSummary summary = sender.close(Duration.ofMillis(200));

    assertThat(summary).isEqualTo(Summaries.of(0, 0, 0, 1_002));
    assertThat(futures).allMatch(CompletableFuture::isCompletedExceptionally);
    assertThat(batch)
        .isCompletedExceptionally()
        .failsWithin(TEN_SECONDS)
        .withThrowableOfType(ExecutionException.class)
        .havingCause()
        .asInstanceOf(type(DeliveryTimeoutException.class))
        .satisfies(error -> assertThat(error.mayHaveBeenStored()).isTrue());
  }

  @Test
  void close_zeroTime_completesEveryFuture() {
    cluster.node(0).always(Fault.noResponse());
    CompletableFuture<SendResult> future = sender.enqueue("a", "group", "stream");

    assertThat(sender.close(Duration.ZERO).total()).isEqualTo(1);
    assertThat(future).isDone();
  }

  @Test
  void close_twice_returnsTheSame() {
    sender.send(List.of("a"), "group", "stream");
    CloseSummary first = sender.close(TEN_SECONDS);

    assertThat(sender.close(TEN_SECONDS)).isEqualTo(first).isEqualTo(Summaries.of(1, 0, 0, 0));
  }

  @Test
  void use_afterClose_isAnIllegalState() {
    sender.close();

    assertThatThrownBy(() -> sender.send(List.of("a"), "group", "stream"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> sender.sendAsync(List.of("a"), "group", "stream"))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> sender.enqueue("a", "group", "stream"))
        .isInstanceOf(IllegalStateException.class);
    assertThat(sender.flush()).succeedsWithin(TEN_SECONDS);
  }

  @Test
  void close_negativeTime_isRefused() {
    assertThatThrownBy(() -> sender.close(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("timeout");
  }

  @Test
  void close_fromACallback_returnsAndCompletesAll() {
    CompletableFuture<CloseSummary> summary =
        sender
            .sendAsync(List.of("a"), "group", "stream")
            .thenApply(result -> sender.close(TEN_SECONDS));

    assertThat(summary).succeedsWithin(TEN_SECONDS).isEqualTo(Summaries.of(1, 0, 0, 0));
  }

  @Test
  void callback_sendsAndWaits_doesNotHang() {
    List<CompletableFuture<SendResult>> chains =
        IntStream.range(0, 8)
            .mapToObj(
                i ->
                    sender
                        .sendAsync(List.of("outer" + i), "group", "stream")
                        .thenApply(r -> sender.send(List.of("inner" + i), "group", "stream"))
                        .thenApply(
                            r -> sender.sendAsync(List.of("last" + i), "group", "stream").join()))
            .toList();

    chains.forEach(chain -> assertThat(chain).succeedsWithin(TEN_SECONDS));
    assertThat(cluster.storedCount()).isEqualTo(24);
  }

  @Test
  void callback_waitsForItsNeighbours_doesNotHang() {
    rebuild(builder().batching(NEVER_SEALED));
    CompletableFuture<SendResult> first = sender.enqueue("1", "group", "stream");
    CompletableFuture<SendResult> second = sender.enqueue("2", "group", "stream");
    CompletableFuture<SendResult> third = sender.enqueue("3", "group", "stream");
    CompletableFuture<Void> waiting = first.thenRun(second::join);
    CompletableFuture<Void> waitingToo = second.thenRun(third::join);
    CompletableFuture<Void> flushed = third.thenRun(() -> sender.flush().join());

    assertThat(sender.flush()).succeedsWithin(TEN_SECONDS);
    assertThat(CompletableFuture.allOf(waiting, waitingToo, flushed)).succeedsWithin(TEN_SECONDS);
  }

  @Test
  void callback_thatThrows_harmsNobodyElse() {
    CompletableFuture<Void> thrower =
        sender
            .enqueue("1", "group", "stream")
            .thenAccept(
                r -> {
                  throw new IllegalStateException("callback");
                });
    CompletableFuture<SendResult> other = sender.enqueue("2", "group", "stream");
    sender.flush().join();

    assertThat(other).isCompleted();
    assertThat(thrower).failsWithin(TEN_SECONDS);
  }

  @Test
  void callback_runsOnNoIoThread() {
    AtomicReference<String> name = new AtomicReference<>();
    cluster.node(0).slow(Duration.ofMillis(100));
    sender
        .sendAsync(List.of("a"), "group", "stream")
        .thenRun(() -> name.set(Thread.currentThread().getName()))
        .join();

    assertThat(name.get()).contains("-callback-");
  }

  @Test
  void cancelledFuture_isStillAccountedFor() {
    rebuild(builder().batching(NEVER_SEALED));
    assertThat(sender.enqueue("a", "group", "stream").cancel(true)).isTrue();
    sender.enqueue("b", "group", "stream");

    assertThat(sender.close(TEN_SECONDS)).isEqualTo(Summaries.of(2, 0, 0, 0));
    assertThat(cluster.storedCount()).isEqualTo(2);
  }

  @Test
  void enqueue_bufferFullAndSetToFail_failsAtOnceAndAcceptsAgainLater() {
    rebuild(builder().buffer(2_000, WhenFull.fail()));
    cluster.node(0).slow(Duration.ofMillis(300));
    CompletableFuture<SendResult> first = sender.enqueue("x".repeat(1_500), "group", "stream");

    assertThat(sender.enqueue("y".repeat(1_500), "group", "stream"))
        .failsWithin(TEN_SECONDS)
        .withThrowableOfType(ExecutionException.class)
        .havingCause()
        .asInstanceOf(type(BufferFullException.class))
        .satisfies(error -> assertThat(error.retryable()).isTrue());
    assertThat(first).succeedsWithin(TEN_SECONDS);
    assertThat(sender.enqueue("y".repeat(1_500), "group", "stream")).succeedsWithin(TEN_SECONDS);
  }

  @Test
  void enqueue_bufferFullAndSetToBlock_waitsForMemory() {
    rebuild(builder().buffer(2_000, WhenFull.block(TEN_SECONDS)));
    cluster.node(0).slow(Duration.ofMillis(50));
    for (int i = 0; i < 10; i++) {
      sender.enqueue("x".repeat(1_500), "group", "stream");
    }
    sender.flush().join();

    assertThat(sender.close(TEN_SECONDS)).isEqualTo(Summaries.of(10, 0, 0, 0));
  }

  @Test
  void send_bufferStaysFull_failsAfterTheTimeToBlock() {
    rebuild(builder().buffer(2_000, WhenFull.block(Duration.ofMillis(50))));
    cluster.node(0).always(Fault.noResponse());
    sender.enqueue("x".repeat(1_500), "group", "stream");

    assertThatThrownBy(() -> sender.send(List.of("y".repeat(1_000)), "group", "stream"))
        .isInstanceOf(BufferFullException.class)
        .hasMessageContaining("50 ms");
  }

  @Test
  void send_largerThanTheBuffer_isTooLarge() {
    rebuild(builder().buffer(2_000, WhenFull.block(TEN_SECONDS)));

    assertThatThrownBy(() -> sender.send(List.of("x".repeat(3_000)), "group", "stream"))
        .isInstanceOf(MessageTooLargeException.class)
        .hasMessageContaining("2000");
  }

  @Test
  void close_whileACallerWaitsForRoom_wakesIt() throws Exception {
    rebuild(builder().buffer(2_000, WhenFull.block(Duration.ofMinutes(5))));
    cluster.node(0).always(Fault.noResponse());
    sender.enqueue("x".repeat(1_500), "group", "stream");
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread caller =
        new Thread(
            () -> {
              try {
                sender.enqueue("y".repeat(1_500), "group", "stream");
              } catch (RuntimeException e) {
                thrown.set(e);
              }
            });
    caller.start();
    Awaitility.await().until(() -> caller.getState() == Thread.State.TIMED_WAITING);
    sender.close(Duration.ZERO);
    caller.join(10_000);

    assertThat(thrown.get()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void send_interrupted_throwsAndKeepsTheFlag() throws Exception {
    cluster.node(0).always(Fault.noResponse());
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    AtomicReference<Boolean> flag = new AtomicReference<>();
    Thread caller =
        new Thread(
            () -> {
              try {
                sender.send(List.of("a"), "group", "stream");
              } catch (RuntimeException e) {
                thrown.set(e);
                flag.set(Thread.currentThread().isInterrupted());
              }
            });
    caller.start();
    Awaitility.await().until(() -> cluster.node(0).requests() == 1);
    caller.interrupt();
    caller.join(10_000);

    assertThat(thrown.get())
        .isInstanceOf(InterruptedSendException.class)
        .asInstanceOf(type(InterruptedSendException.class))
        .satisfies(error -> assertThat(error.mayHaveBeenStored()).isTrue());
    assertThat(flag.get()).isTrue();
  }

  @Test
  void send_interruptedInItsExchange_goesOnInTheBackground() throws Exception {
    sender.send(List.of("first"), "group", "stream");
    cluster.node(0).script(Fault.noResponse());
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread caller =
        new Thread(
            () -> {
              try {
                sender.send(List.of("second"), "group", "stream");
              } catch (RuntimeException e) {
                thrown.set(e);
              }
            });
    caller.start();
    Awaitility.await().until(() -> cluster.node(0).requests() == 2);
    caller.interrupt();
    caller.join(10_000);

    assertThat(thrown.get()).isInstanceOf(InterruptedSendException.class);
    Awaitility.await().until(() -> cluster.storedCount() == 2);
    assertThat(cluster.stored().get(1).body()).isEqualTo("second");
    assertThat(sender.close(TEN_SECONDS)).isEqualTo(Summaries.of(2, 0, 0, 0));
  }

  private HttpProxySender.Builder builder() {
    return HttpProxySender.builder().manager(cluster.managerUrl());
  }

  private void rebuild(HttpProxySender.Builder builder) {
    sender.close();
    sender = builder.build();
  }
}
