package io.github.httpreport.internal.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.httpreport.CloseSummary;
import io.github.httpreport.SendResult;
import io.github.httpreport.SenderMetrics;
import io.github.httpreport.WhenFull;
import io.github.httpreport.error.FailureDetails;
import io.github.httpreport.error.SendException;
import io.github.httpreport.internal.batch.BatchCompletion.Piece;
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

  private final MemoryBudget room =
      new MemoryBudget(
          1L << 40,
          WhenFull.fail(),
          SenderMetrics.NONE,
          new GroupShares(1, 0, new ManualScheduler()));
  private final IncompleteBatches ledger = new IncompleteBatches(room);
  private final CallbackExecutor completions = new CallbackExecutor("test");

  @AfterEach
  void close() {
    completions.close();
  }

  private static SendResult result(Piece piece) {
    return SendResult.builder().node("n:1").messageCount(piece.size()).build();
  }

  private PerMessageCompletion receipts() {
    PerMessageCompletion receipts = new PerMessageCompletion(ledger, completions, 2);
    ledger.open(receipts);
    return receipts;
  }

  private List<CompletableFuture<SendResult>> addTo(PerMessageCompletion receipts, long... bytes) {
    List<CompletableFuture<SendResult>> futures = new ArrayList<>();
    for (long one : bytes) {
      room.acquire(null, one);
      futures.add(receipts.add(one));
    }
    return futures;
  }

  @Test
  void pieces_randomEndsAndAbandoned_addUpAndReleaseEverything() {
    long seed = Seed.next();
    Random random = new Random(seed);
    long accepted = 0;
    for (int round = 0; round < 300; round++) {
      int count = 1 + random.nextInt(60);
      accepted += count;
      long[] bytes = random.longs(count, 1, 1_000).toArray();
      PerMessageCompletion receipts = receipts();
      List<CompletableFuture<SendResult>> futures = addTo(receipts, bytes);

      settle(receipts, pieces(random, count), random);
      receipts.abandon(SendExceptions.closed());

      assertThat(receipts.told()).as("seed %d", seed).succeedsWithin(AWHILE);
      assertThat(futures).as("seed %d", seed).allMatch(CompletableFuture::isDone);
    }

    CloseSummary summary = ledger.summary();
    assertThat(summary.total()).as("seed %d", seed).isEqualTo(accepted);
    Awaitility.await().atMost(AWHILE).until(() -> room.used() == 0 && ledger.untold().isEmpty());
  }

  @Test
  void pieces_ofABatchThatIsOne_addUpAndReleaseEverything() {
    long seed = Seed.next();
    Random random = new Random(seed);
    long accepted = 0;
    for (int round = 0; round < 300; round++) {
      int count = 1 + random.nextInt(60);
      accepted += count;
      room.acquire(null, 1_000);
      SingleFutureCompletion receipt =
          new SingleFutureCompletion(ledger, Runnable::run, count, 1_000);
      ledger.open(receipt);

      settle(receipt, pieces(random, count), random);
      receipt.abandon(SendExceptions.closed());

      assertThat(receipt.told()).as("seed %d", seed).isCompleted();
      assertThat(receipt.future()).as("seed %d", seed).isDone();
    }

    assertThat(ledger.summary().total()).as("seed %d", seed).isEqualTo(accepted);
    assertThat(room.used()).as("seed %d", seed).isZero();
    assertThat(ledger.untold()).as("seed %d", seed).isEmpty();
  }

  private static List<Piece> pieces(Random random, int count) {
    List<Piece> pieces = new ArrayList<>();
    for (int from = 0; from < count; ) {
      int to = Math.min(count, from + 1 + random.nextInt(10));
      pieces.add(new Piece(from, to));
      from = to;
    }
    Collections.shuffle(pieces, random);
    return pieces;
  }

  /** Some are sent, some fail, some are left. */
  private void settle(BatchCompletion receipt, List<Piece> pieces, Random random) {
    for (Piece piece : pieces) {
      switch (random.nextInt(3)) {
        case 0 -> receipt.sent(piece, result(piece));
        case 1 -> receipt.failed(piece, failure);
        default -> {}
      }
    }
  }

  @Test
  void settled_afterItWasAbandoned_countsOnce() {
    PerMessageCompletion receipts = receipts();
    List<CompletableFuture<SendResult>> futures = addTo(receipts, 1, 1);

    receipts.abandon(SendExceptions.closed());
    receipts.sent(new Piece(0, 2), result(new Piece(0, 2)));
    receipts.abandon(SendExceptions.closed());

    assertThat(ledger.summary()).isEqualTo(Summaries.of(0, 0, 0, 2));
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
  void sent_piecesOutOfOrder_idsAreInTheOrderOfTheCall() {
    SingleFutureCompletion batch = new SingleFutureCompletion(ledger, Runnable::run, 3, 0);
    ledger.open(batch);

    batch.sent(new Piece(2, 3), named("third"));
    batch.sent(new Piece(0, 2), named("first", "second"));

    assertThat(batch.future().join().messageIds()).containsExactly("first", "second", "third");
  }

  @Test
  void sent_messagesOfABatch_eachIsToldItsOwnId() {
    PerMessageCompletion receipts = receipts();
    List<CompletableFuture<SendResult>> futures = addTo(receipts, 1, 1, 1);

    receipts.sent(new Piece(1, 3), named("second", "third"));
    receipts.sent(new Piece(0, 1), named("first"));

    assertThat(futures)
        .extracting(future -> future.get(10, TimeUnit.SECONDS).messageIds())
        .containsExactly(List.of("first"), List.of("second"), List.of("third"));
  }

  @Test
  void room_onePieceOfTwoSettled_releasesItsShareOnly() {
    PerMessageCompletion receipts = receipts();
    List<CompletableFuture<SendResult>> futures = addTo(receipts, 100, 100, 100, 100);

    receipts.sent(new Piece(0, 1), result(new Piece(0, 1)));
    assertThat(futures.get(0)).succeedsWithin(AWHILE);

    assertThat(room.used()).isEqualTo(300);
    assertThat(futures.get(1)).isNotDone();
    receipts.sent(new Piece(1, 4), result(new Piece(1, 4)));
    assertThat(futures.get(3)).succeedsWithin(AWHILE);
    assertThat(room.used()).isZero();
  }

  @Test
  void told_applicationCompletedItsFutures_waitsForTheMessagesAllTheSame() {
    PerMessageCompletion receipts = receipts();
    List<CompletableFuture<SendResult>> futures = addTo(receipts, 1, 1);
    SingleFutureCompletion batch = new SingleFutureCompletion(ledger, Runnable::run, 1, 0);

    futures.get(0).cancel(true);
    futures.get(1).complete(null);
    batch.future().cancel(true);
    assertThat(receipts.told()).isNotDone();
    assertThat(batch.told()).isNotDone();
    receipts.sent(new Piece(0, 2), result(new Piece(0, 2)));
    batch.failed(new Piece(0, 1), failure);

    assertThat(receipts.told()).isCompleted();
    assertThat(batch.told()).isCompleted();
    assertThat(ledger.summary()).isEqualTo(Summaries.of(2, 1, 0, 0));
  }

  @Test
  void told_insideTheCallbackOfTheLastMessage_isSoAlready() {
    PerMessageCompletion receipts = receipts();
    CompletableFuture<Boolean> seen =
        addTo(receipts, 1).get(0).thenApply(done -> receipts.told().isDone());

    receipts.sent(new Piece(0, 1), result(new Piece(0, 1)));

    assertThat(seen).succeedsWithin(AWHILE).isEqualTo(true);
  }

  @Test
  void sent_callbacksWaitForEachOther_noneHangs() {
    PerMessageCompletion receipts = receipts();
    List<CompletableFuture<SendResult>> futures =
        addTo(receipts, IntStream.range(0, 30).asLongStream().toArray());
    List<CompletableFuture<SendResult>> callbacks = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      CompletableFuture<SendResult> other = futures.get((i + 1) % 30);
      callbacks.add(futures.get(i).thenApply(done -> other.join()));
    }

    receipts.sent(new Piece(0, 30), result(new Piece(0, 30)));

    assertThat(callbacks).allSatisfy(callback -> assertThat(callback).succeedsWithin(AWHILE));
  }

  @Test
  void sent_callbacksThatThrow_harmNobody() {
    PerMessageCompletion receipts = receipts();
    List<CompletableFuture<SendResult>> futures = addTo(receipts, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
    List<CompletableFuture<Void>> callbacks =
        futures.stream()
            .map(
                future ->
                    future.thenAccept(
                        done -> {
                          throw new IllegalStateException("broken callback");
                        }))
            .toList();

    receipts.sent(new Piece(0, 10), result(new Piece(0, 10)));

    assertThat(futures).allSatisfy(future -> assertThat(future).succeedsWithin(AWHILE));
    assertThat(callbacks).allSatisfy(callback -> assertThat(callback).failsWithin(AWHILE));
    Awaitility.await().atMost(AWHILE).until(() -> ledger.untold().isEmpty());
  }

  @Test
  void sent_afterTheThreadsEnded_tellsOnTheSpot() {
    PerMessageCompletion receipts = receipts();
    List<CompletableFuture<SendResult>> futures = addTo(receipts, new long[100_000]);
    completions.close();

    receipts.sent(new Piece(0, 100_000), result(new Piece(0, 100_000)));

    assertThat(futures).allMatch(CompletableFuture::isDone);
  }

  @Test
  void open_afterClose_isNotNoted() {
    assertThat(ledger.close()).isTrue();
    assertThat(ledger.close()).isFalse();

    assertThatThrownBy(() -> receipts())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("sender is closed");
    assertThat(ledger.untold()).isEmpty();
  }

  @Test
  void withdraw_batchWithoutMessages_keepsNobodyWaiting() {
    PerMessageCompletion receipts = receipts();
    CompletableFuture<Void> told = IncompleteBatches.allTold(ledger.untold());

    receipts.withdraw();

    assertThat(told).isCompleted();
    assertThat(ledger.untold()).isEmpty();
  }
}
