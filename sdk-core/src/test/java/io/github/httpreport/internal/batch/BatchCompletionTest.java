package io.github.httpreport.internal.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.httpreport.CloseSummary;
import io.github.httpreport.SendResult;
import io.github.httpreport.SenderMetrics;
import io.github.httpreport.WhenFull;
import io.github.httpreport.error.FailureDetails;
import io.github.httpreport.error.SendException;
import io.github.httpreport.internal.concurrent.CallbackExecutor;
import io.github.httpreport.internal.concurrent.ManualScheduler;
import io.github.httpreport.internal.delivery.SendExceptions;
import io.github.httpreport.internal.share.GroupShares;
import io.github.httpreport.node.Seed;
import io.github.httpreport.testsupport.Summaries;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatchCompletionTest {

  private static final Duration AWHILE = Duration.ofSeconds(20);
  private final SendException failure =
      new SendException(FailureDetails.builder("no").retryable(true).build());

  private final MemoryBudget budget =
      new MemoryBudget(
          1L << 40,
          WhenFull.fail(),
          SenderMetrics.NONE,
          new GroupShares(1, 0, new ManualScheduler()));
  private final IncompleteBatches batches = new IncompleteBatches(budget);
  private final CallbackExecutor callbacks = new CallbackExecutor("test");

  @AfterEach
  void close() {
    callbacks.close();
  }

  private static SendResult result(MessageRange range) {
    return SendResult.builder().node("n:1").messageCount(range.size()).build();
  }

  private PerMessageCompletion completions() {
    PerMessageCompletion completions = new PerMessageCompletion(batches, callbacks, 2);
    batches.open(completions);
    return completions;
  }

  private List<CompletableFuture<SendResult>> addTo(
      PerMessageCompletion completions, long... bytes) {
    List<CompletableFuture<SendResult>> futures = new ArrayList<>();
    for (long one : bytes) {
      budget.acquire(null, one);
      futures.add(completions.add(one));
    }
    return futures;
  }

  @Test
  void ranges_randomEndsAndAbandoned_addUpAndReleaseEverything() {
    long seed = Seed.next();
    Random random = new Random(seed);
    long accepted = 0;
    for (int round = 0; round < 300; round++) {
      int count = 1 + random.nextInt(60);
      accepted += count;
      long[] bytes = random.longs(count, 1, 1_000).toArray();
      PerMessageCompletion completions = completions();
      List<CompletableFuture<SendResult>> futures = addTo(completions, bytes);

      claim(completions, ranges(random, count), random);
      completions.abandon(SendExceptions.closed());

      assertThat(completions.completed()).as("seed %d", seed).succeedsWithin(AWHILE);
      assertThat(futures).as("seed %d", seed).allMatch(CompletableFuture::isDone);
    }

    CloseSummary summary = batches.summary();
    assertThat(summary.total()).as("seed %d", seed).isEqualTo(accepted);
    Awaitility.await()
        .atMost(AWHILE)
        .until(() -> budget.used() == 0 && batches.incomplete().isEmpty());
  }

  @Test
  void ranges_ofABatchThatIsOne_addUpAndReleaseEverything() {
    long seed = Seed.next();
    Random random = new Random(seed);
    long accepted = 0;
    for (int round = 0; round < 300; round++) {
      int count = 1 + random.nextInt(60);
      accepted += count;
      budget.acquire(null, 1_000);
      SingleFutureCompletion completion =
          new SingleFutureCompletion(batches, Runnable::run, count, 1_000);
      batches.open(completion);

      claim(completion, ranges(random, count), random);
      completion.abandon(SendExceptions.closed());

      assertThat(completion.completed()).as("seed %d", seed).isCompleted();
      assertThat(completion.future()).as("seed %d", seed).isDone();
    }

    assertThat(batches.summary().total()).as("seed %d", seed).isEqualTo(accepted);
    assertThat(budget.used()).as("seed %d", seed).isZero();
    assertThat(batches.incomplete()).as("seed %d", seed).isEmpty();
  }

  private static List<MessageRange> ranges(Random random, int count) {
    List<MessageRange> ranges = new ArrayList<>();
    for (int from = 0; from < count; ) {
      int to = Math.min(count, from + 1 + random.nextInt(10));
      ranges.add(new MessageRange(from, to));
      from = to;
    }
    Collections.shuffle(ranges, random);
    return ranges;
  }

  /** Some are sent, some fail, some are left. */
  private void claim(BatchCompletion completion, List<MessageRange> ranges, Random random) {
    for (MessageRange range : ranges) {
      switch (random.nextInt(3)) {
        case 0 -> completion.sent(range, result(range));
        case 1 -> completion.failed(range, failure);
        default -> {}
      }
    }
  }

  @Test
  void claimed_afterItWasAbandoned_countsOnce() {
    PerMessageCompletion completions = completions();
    List<CompletableFuture<SendResult>> futures = addTo(completions, 1, 1);

    completions.abandon(SendExceptions.closed());
    completions.sent(new MessageRange(0, 2), result(new MessageRange(0, 2)));
    completions.abandon(SendExceptions.closed());

    assertThat(batches.summary()).isEqualTo(Summaries.of(0, 0, 0, 2));
    assertThat(futures).allSatisfy(future -> assertThat(future).failsWithin(AWHILE));
  }

  private static SendResult named(String... ids) {
    return SendResult.builder()
        .node("n:1")
        .messageCount(ids.length)
        .messageIds(List.of(ids))
        .build();
  }

  @Test
  void sent_rangesOutOfOrder_idsAreInTheOrderOfTheCall() {
    SingleFutureCompletion batch = new SingleFutureCompletion(batches, Runnable::run, 3, 0);
    batches.open(batch);

    batch.sent(new MessageRange(2, 3), named("third"));
    batch.sent(new MessageRange(0, 2), named("first", "second"));

    assertThat(batch.future().join().messageIds()).containsExactly("first", "second", "third");
  }

  @Test
  void sent_messagesOfABatch_eachGetsItsOwnId() {
    PerMessageCompletion completions = completions();
    List<CompletableFuture<SendResult>> futures = addTo(completions, 1, 1, 1);

    completions.sent(new MessageRange(1, 3), named("second", "third"));
    completions.sent(new MessageRange(0, 1), named("first"));

    assertThat(futures)
        .extracting(future -> future.get(10, TimeUnit.SECONDS).messageIds())
        .containsExactly(List.of("first"), List.of("second"), List.of("third"));
  }

  @Test
  void memory_oneRangeOfTwoCompleted_releasesItsShareOnly() {
    PerMessageCompletion completions = completions();
    List<CompletableFuture<SendResult>> futures = addTo(completions, 100, 100, 100, 100);

    completions.sent(new MessageRange(0, 1), result(new MessageRange(0, 1)));
    assertThat(futures.get(0)).succeedsWithin(AWHILE);

    assertThat(budget.used()).isEqualTo(300);
    assertThat(futures.get(1)).isNotDone();
    completions.sent(new MessageRange(1, 4), result(new MessageRange(1, 4)));
    assertThat(futures.get(3)).succeedsWithin(AWHILE);
    assertThat(budget.used()).isZero();
  }

  @Test
  void completed_applicationCompletedItsFutures_waitsForTheMessagesAllTheSame() {
    PerMessageCompletion completions = completions();
    List<CompletableFuture<SendResult>> futures = addTo(completions, 1, 1);
    SingleFutureCompletion batch = new SingleFutureCompletion(batches, Runnable::run, 1, 0);

    futures.get(0).cancel(true);
    futures.get(1).complete(null);
    batch.future().cancel(true);
    assertThat(completions.completed()).isNotDone();
    assertThat(batch.completed()).isNotDone();
    completions.sent(new MessageRange(0, 2), result(new MessageRange(0, 2)));
    batch.failed(new MessageRange(0, 1), failure);

    assertThat(completions.completed()).isCompleted();
    assertThat(batch.completed()).isCompleted();
    assertThat(batches.summary()).isEqualTo(Summaries.of(2, 1, 0, 0));
  }

  @Test
  void completed_insideTheCallbackOfTheLastMessage_isSoAlready() {
    PerMessageCompletion completions = completions();
    CompletableFuture<Boolean> seen =
        addTo(completions, 1).get(0).thenApply(done -> completions.completed().isDone());

    completions.sent(new MessageRange(0, 1), result(new MessageRange(0, 1)));

    assertThat(seen).succeedsWithin(AWHILE).isEqualTo(true);
  }

  @Test
  void sent_callbacksWaitForEachOther_noneHangs() {
    PerMessageCompletion completions = completions();
    List<CompletableFuture<SendResult>> futures =
        addTo(completions, IntStream.range(0, 30).asLongStream().toArray());
    List<CompletableFuture<SendResult>> callbacks = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      CompletableFuture<SendResult> other = futures.get((i + 1) % 30);
      callbacks.add(futures.get(i).thenApply(done -> other.join()));
    }

    completions.sent(new MessageRange(0, 30), result(new MessageRange(0, 30)));

    assertThat(callbacks).allSatisfy(callback -> assertThat(callback).succeedsWithin(AWHILE));
  }

  @Test
  void sent_callbacksThatThrow_harmNobody() {
    PerMessageCompletion completions = completions();
    List<CompletableFuture<SendResult>> futures = addTo(completions, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
    List<CompletableFuture<Void>> callbacks =
        futures.stream()
            .map(
                future ->
                    future.thenAccept(
                        done -> {
                          throw new IllegalStateException("broken callback");
                        }))
            .toList();

    completions.sent(new MessageRange(0, 10), result(new MessageRange(0, 10)));

    assertThat(futures).allSatisfy(future -> assertThat(future).succeedsWithin(AWHILE));
    assertThat(callbacks).allSatisfy(callback -> assertThat(callback).failsWithin(AWHILE));
    Awaitility.await().atMost(AWHILE).until(() -> batches.incomplete().isEmpty());
  }

  @Test
  void sent_afterTheThreadsEnded_completesOnTheSpot() {
    PerMessageCompletion completions = completions();
    List<CompletableFuture<SendResult>> futures = addTo(completions, new long[100_000]);
    callbacks.close();

    completions.sent(new MessageRange(0, 100_000), result(new MessageRange(0, 100_000)));

    assertThat(futures).allMatch(CompletableFuture::isDone);
  }

  @Test
  void open_afterClose_isNotNoted() {
    assertThat(batches.close()).isTrue();
    assertThat(batches.close()).isFalse();

    assertThatThrownBy(() -> completions())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("sender is closed");
    assertThat(batches.incomplete()).isEmpty();
  }

  @Test
  void withdraw_batchWithoutMessages_keepsNobodyWaiting() {
    PerMessageCompletion completions = completions();
    CompletableFuture<Void> completed = IncompleteBatches.allCompleted(batches.incomplete());

    completions.withdraw();

    assertThat(completed).isCompleted();
    assertThat(batches.incomplete()).isEmpty();
  }
}
