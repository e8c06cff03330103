package io.github.httpreport.internal.batch;

import static io.github.httpreport.internal.delivery.DeliveryRig.DESTINATION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.httpreport.Batching;
import io.github.httpreport.Destination;
import io.github.httpreport.Message;
import io.github.httpreport.SendResult;
import io.github.httpreport.SenderMetrics;
import io.github.httpreport.internal.concurrent.Scheduler;
import io.github.httpreport.internal.delivery.DeliveryRig;
import io.github.httpreport.internal.delivery.FakeProtocol;
import io.github.httpreport.internal.delivery.SendExceptions;
import io.github.httpreport.internal.node.Lists;
import io.github.httpreport.node.Seed;
import io.github.httpreport.testsupport.Concurrently;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccumulatorTest {

  private static final Duration TICK = Duration.ofNanos(1);
  private static final long OPENING = 1_000;
  private static final Duration LINGER = Duration.ofMillis(50);
  private static final Accumulator.Key KEY = new Accumulator.Key(DESTINATION, null);

  private final DeliveryRig rig = new DeliveryRig();
  private final List<Sealed> sealed = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void close() {
    rig.close();
  }

  private record Sealed(
      Destination destination,
      List<Message> messages,
      @Nullable Instant dataTime,
      BatchCompletion completion) {

    List<String> bodies() {
      return messages.stream().map(Message::body).toList();
    }
  }

  private Accumulator accumulator(Batching batching) {
    return accumulator(batching, rig.scheduler);
  }

  private Accumulator accumulator(Batching batching, Scheduler scheduler) {
    return new Accumulator(
        batching,
        rig.protocol,
        rig.context().limits(),
        rig.budget,
        rig.batches,
        rig.callbacks,
        scheduler,
        SenderMetrics.NONE,
        (destination, messages, dataTime, completion) ->
            sealed.add(new Sealed(destination, messages, dataTime, completion)));
  }

  private CompletableFuture<SendResult> add(
      Accumulator accumulator, Accumulator.Key key, String body) {
    Message message = Message.of(body);
    return accumulator.add(key, message, rig.protocol.sizeOf(message), 0);
  }

  private CompletableFuture<SendResult> add(Accumulator accumulator, String body) {
    return add(accumulator, KEY, body);
  }

  @Test
  void linger_over_sealsWhatIsThere() {
    Accumulator accumulator = accumulator(Batching.builder().linger(LINGER).build());
    add(accumulator, "a");
    rig.scheduler.advance(LINGER.dividedBy(2));
    add(accumulator, "b");

    rig.scheduler.advance(LINGER.dividedBy(2).minus(TICK));
    assertThat(sealed).isEmpty();
    rig.scheduler.advance(TICK);

    assertThat(sealed).extracting(Sealed::bodies).containsExactly(List.of("a", "b"));
    add(accumulator, "c");
    rig.scheduler.advance(LINGER);
    assertThat(sealed.get(1).bodies()).containsExactly("c");
    assertThat(rig.scheduler.pending()).isZero();
  }

  @Test
  void linger_zero_sealsEachMessageAtOnce() {
    Accumulator accumulator = accumulator(Batching.builder().linger(Duration.ZERO).build());

    add(accumulator, "a");
    add(accumulator, "b");

    assertThat(sealed).extracting(Sealed::bodies).containsExactly(List.of("a"), List.of("b"));
    assertThat(rig.scheduler.pending()).isZero();
  }

  /** The thread that adds may be held up for longer than the linger anywhere on its way. */
  @Test
  void linger_overAtOnce_forgetsNoMessage() {
    Scheduler hasty =
        new Scheduler() {
          @Override
          public long nanoTime() {
            return rig.scheduler.nanoTime();
          }

          @Override
          public Instant now() {
            return rig.scheduler.now();
          }

          @Override
          public Scheduled schedule(Duration delay, Runnable task) {
            task.run();
            return () -> {};
          }
        };
    Accumulator accumulator = accumulator(Batching.builder().linger(LINGER).build(), hasty);

    add(accumulator, "a");
    add(accumulator, "b");

    assertThat(sealed).flatExtracting(Sealed::bodies).containsExactly("a", "b");
  }

  @Test
  void count_reached_sealsAtOnceAndStopsTheTime() {
    Accumulator accumulator = accumulator(Batching.builder().maxMessages(3).build());

    for (String body : List.of("a", "b", "c", "d")) {
      add(accumulator, body);
    }

    assertThat(sealed).extracting(Sealed::bodies).containsExactly(List.of("a", "b", "c"));
    assertThat(rig.scheduler.pending()).as("for d").isEqualTo(1);
  }

  @Test
  void count_protocolTakesFewer_isTheProtocols() {
    rig.protocol =
        new FakeProtocol() {
          @Override
          public int maxBatchMessages() {
            return 2;
          }
        };
    Accumulator accumulator = accumulator(Batching.builder().maxMessages(3).build());

    add(accumulator, "a");
    add(accumulator, "b");

    assertThat(sealed).hasSize(1);
  }

  @Test
  void bytes_reachedExactly_seals() {
    int bytes = bytesOf("12345", "12345", "12345");
    Accumulator accumulator = accumulator(Batching.builder().maxBytes(bytes).build());

    add(accumulator, "12345");
    add(accumulator, "12345");
    assertThat(sealed).isEmpty();
    add(accumulator, "12345");

    assertThat(sealed).singleElement().satisfies(b -> assertThat(b.bodies()).hasSize(3));
  }

  @Test
  void bytes_oneTooMany_sealsWithoutTheLast() {
    int bytes = bytesOf("12345", "12345", "12345") - 1;
    Accumulator accumulator = accumulator(Batching.builder().maxBytes(bytes).build());

    add(accumulator, "12345");
    add(accumulator, "12345");
    add(accumulator, "12345");

    assertThat(sealed).singleElement().satisfies(b -> assertThat(b.bodies()).hasSize(2));
    accumulator.sealAll();
    assertThat(sealed).hasSize(2);
  }

  @Test
  void bytes_clusterTakesLess_isTheClusters() {
    rig.nodes(Lists.withLimit(Lists.upTo(1), bytesOf("12345", "12345")));
    Accumulator accumulator = accumulator(Batching.defaults());

    add(accumulator, "12345");
    add(accumulator, "12345");

    assertThat(sealed).hasSize(1);
  }

  @Test
  void bytes_messageAloneOverTheBatchLimit_isABatchOfItsOwn() {
    Accumulator accumulator = accumulator(Batching.builder().maxBytes(10).build());

    add(accumulator, "a message of its own");

    assertThat(sealed).extracting(Sealed::bodies).containsExactly(List.of("a message of its own"));
  }

  @Test
  void keys_different_doNotMix() {
    Accumulator accumulator = accumulator(Batching.defaults());
    Instant one = Instant.ofEpochMilli(1);
    Instant two = Instant.ofEpochMilli(2);
    Destination other = new Destination("group", "other");

    add(accumulator, new Accumulator.Key(DESTINATION, one), "1");
    add(accumulator, new Accumulator.Key(DESTINATION, two), "2");
    add(accumulator, new Accumulator.Key(DESTINATION, null), "none");
    add(accumulator, new Accumulator.Key(other, one), "other");
    add(accumulator, new Accumulator.Key(DESTINATION, Instant.ofEpochMilli(1)), "1 again");
    add(accumulator, new Accumulator.Key(DESTINATION, null), "none again");
    accumulator.sealAll();

    assertThat(sealed)
        .extracting(Sealed::destination, Sealed::dataTime, Sealed::bodies)
        .containsExactlyInAnyOrder(
            tuple(DESTINATION, one, List.of("1", "1 again")),
            tuple(DESTINATION, two, List.of("2")),
            tuple(DESTINATION, null, List.of("none", "none again")),
            tuple(other, one, List.of("other")));
  }

  @Test
  void sealAll_nothingOpen_doesNothing() {
    Accumulator accumulator = accumulator(Batching.defaults());
    accumulator.sealAll();
    add(accumulator, "a");
    accumulator.sealAll();
    accumulator.sealAll();

    assertThat(sealed).hasSize(1);
    assertThat(rig.scheduler.pending()).isZero();
  }

  @Test
  void add_senderClosed_isRefused() {
    Accumulator accumulator = accumulator(Batching.defaults());
    add(accumulator, "a");
    rig.batches.close();
    accumulator.sealAll();

    assertThatThrownBy(() -> add(accumulator, "b"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("sender is closed");
    assertThat(sealed).hasSize(1);
  }

  /** A thread that is on its way into the batch while the sender gives up and closes. */
  @Test
  void add_batchWasAbandoned_isRefused() {
    Accumulator accumulator = accumulator(Batching.defaults());
    add(accumulator, "a");
    rig.batches.abandon(SendExceptions.closed());

    assertThatThrownBy(() -> add(accumulator, "b"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("sender is closed");
  }

  @Test
  void add_manyThreads_everyMessageIsInOneBatchAndNoBatchIsTooLarge() throws Exception {
    long seed = Seed.next();
    int maxBytes = 2_000;
    Accumulator accumulator =
        accumulator(Batching.builder().maxBytes(maxBytes).maxMessages(40).build());

    List<CompletableFuture<SendResult>> futures =
        Concurrently.run(
            8,
            index ->
                () -> {
                  Random random = new Random(seed + index);
                  List<CompletableFuture<SendResult>> mine = new ArrayList<>();
                  for (int i = 0; i < 2_000; i++) {
                    String padding =
                        "x".repeat(random.nextInt(random.nextInt(50) == 0 ? 3_000 : 90));
                    mine.add(add(accumulator, index + ":" + i + ":" + padding));
                    if (random.nextInt(500) == 0) {
                      accumulator.sealAll();
                    }
                  }
                  return mine;
                });
    accumulator.sealAll();

    Map<String, Integer> next = new HashMap<>();
    for (Sealed batch : sealed) {
      assertThat(batch.completion.count()).as("seed %d", seed).isEqualTo(batch.messages.size());
      assertThat(batch.messages).as("seed %d", seed).hasSizeBetween(1, 40);
      if (batch.messages.size() > 1) {
        int size = rig.protocol.encode(DESTINATION, batch.messages, rig.scheduler.now()).size();
        assertThat(size).as("seed %d", seed).isLessThanOrEqualTo(maxBytes);
      }
    }
    sealed.stream()
        .flatMap(batch -> batch.bodies().stream())
        .forEach(body -> next.merge(body.substring(0, body.lastIndexOf(':')), 1, Integer::sum));
    assertThat(next).as("seed %d", seed).hasSize(16_000);
    assertThat(next.values()).as("seed %d", seed).containsOnly(1);
    for (Sealed batch : sealed) {
      assertInOrder(batch, seed);
    }
    sealed.forEach(batch -> batch.completion.abandon(SendExceptions.closed()));
    assertThat(futures)
        .hasSize(16_000)
        .allSatisfy(future -> assertThat(future).failsWithin(Duration.ofSeconds(20)));
    assertThat(rig.batches.summary().total()).as("seed %d", seed).isEqualTo(16_000);
  }

  @Test
  void count_manyThreads_isNeverExceeded() throws Exception {
    Accumulator accumulator = accumulator(Batching.builder().maxMessages(2).build());

    Concurrently.call(4, 10_000, () -> add(accumulator, "m"));

    assertThat(sealed).allSatisfy(batch -> assertThat(batch.messages).hasSize(2));
    assertThat(sealed).hasSize(20_000);
  }

  /** The messages of one thread stand in their batch as it added them. */
  private static void assertInOrder(Sealed batch, long seed) {
    Map<String, Integer> last = new HashMap<>();
    for (String body : batch.bodies()) {
      String[] parts = body.split(":", -1);
      int number = Integer.parseInt(parts[1]);
      Integer before = last.put(parts[0], number);
      assertThat(before == null || before < number).as("seed %d", seed).isTrue();
    }
  }

  private int bytesOf(String... bodies) {
    long bytes = rig.protocol.overheadOf(DESTINATION);
    for (String body : bodies) {
      bytes += rig.protocol.sizeOf(Message.of(body));
    }
    return Math.toIntExact(bytes);
  }

  /** Two threads race for each opening and sealing; the caller counts what it hands over. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void join_twoThreadsAndTinyBatches_everyBatchHasItsRoomAndGivesItBackOnce(int maxMessages)
      throws Exception {
    int each = 20_000;
    Accumulator accumulator = accumulator(Batching.builder().maxMessages(maxMessages).build());
    long taken =
        Concurrently.call(2, each, () -> joinOrOpen(accumulator)).stream()
            .mapToLong(Long::longValue)
            .sum();
    accumulator.sealAll();

    assertThat(sealed).flatExtracting(Sealed::messages).hasSize(2 * each);
    assertThat(sealed).allMatch(batch -> budgetOf(batch) >= OPENING + batch.messages().size());
    assertThat(rig.budget.used()).isEqualTo(-taken);
  }

  /** Nothing was taken of the room itself, so it goes below zero. */
  private long budgetOf(Sealed batch) {
    long before = rig.budget.used();
    batch.completion().abandon(SendExceptions.closed());
    return before - rig.budget.used();
  }

  private long joinOrOpen(Accumulator accumulator) {
    Message message = Message.of("m");
    long bytes = rig.protocol.sizeOf(message);
    if (accumulator.join(KEY, message, bytes, 1) != null) {
      return 1;
    }
    accumulator.add(KEY, message, bytes, OPENING + 1);
    return OPENING + 1;
  }
}
