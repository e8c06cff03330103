package io.github.httpreport.internal.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.httpreport.SenderMetrics;
import io.github.httpreport.WhenFull;
import io.github.httpreport.error.BufferFullException;
import io.github.httpreport.error.InterruptedSendException;
import io.github.httpreport.error.MessageTooLargeException;
import io.github.httpreport.internal.concurrent.ManualScheduler;
import io.github.httpreport.internal.share.GroupShare;
import io.github.httpreport.internal.share.GroupShares;
import io.github.httpreport.node.Seed;
import io.github.httpreport.testsupport.Concurrently;
import io.github.httpreport.testsupport.LogCapture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {

  private final ManualScheduler time = new ManualScheduler();
  private final GroupShares shared = new GroupShares(64, 0, time);

  private static final WhenFull LONG = WhenFull.block(Duration.ofMinutes(1));
  private static final Duration AWHILE = Duration.ofSeconds(20);

  private static MemoryBudget budget(long bytes, WhenFull whenFull) {
    return new MemoryBudget(bytes, whenFull, SenderMetrics.NONE, groups());
  }

  private static GroupShares groups() {
    return new GroupShares(1, 0, new ManualScheduler());
  }

  /** A caller on a thread of its own. */
  private static final class Caller {
    private final CompletableFuture<Boolean> flagAfter = new CompletableFuture<>();
    private final Thread thread;

    Caller(Runnable call) {
      thread =
          new Thread(
              () -> {
                try {
                  call.run();
                  flagAfter.complete(Thread.currentThread().isInterrupted());
                } catch (RuntimeException e) {
                  e.addSuppressed(
                      new IllegalStateException("flag " + Thread.currentThread().isInterrupted()));
                  flagAfter.completeExceptionally(e);
                }
              });
      thread.setDaemon(true);
      thread.start();
    }

    Caller waits() {
      Awaitility.await()
          .atMost(AWHILE)
          .until(() -> thread.getState() == Thread.State.TIMED_WAITING);
      return this;
    }

    Throwable error() {
      assertThat(flagAfter).failsWithin(AWHILE);
      return flagAfter.handle((flag, error) -> error).join();
    }
  }

  @Test
  void acquire_uptoTheBound_takesExactlySoMuch() {
    MemoryBudget budget = budget(100, WhenFull.fail());

    budget.acquire(null, 60);
    budget.acquire(null, 40);
    assertThat(budget.used()).isEqualTo(100);
    assertThatThrownBy(() -> budget.acquire(null, 1)).isInstanceOf(BufferFullException.class);
    budget.release(null, 40);
    budget.acquire(null, 40);
    budget.release(null, 40);
    budget.release(null, 60);

    assertThat(budget.used()).isZero();
  }

  @Test
  void acquire_fullAndSetToFail_namesTheUse() {
    MemoryBudget budget = budget(100, WhenFull.fail());
    budget.acquire(null, 90);

    assertThatThrownBy(() -> budget.acquire(null, 11))
        .isInstanceOfSatisfying(
            BufferFullException.class,
            e -> {
              assertThat(e.retryable()).isTrue();
              assertThat(e.mayHaveBeenStored()).isFalse();
            })
        .hasMessage("buffer is full: 90 of 100 bytes in use");
    budget.acquire(null, 10);
  }

  @Test
  void acquire_fullForTooLong_saysHowLong() {
    MemoryBudget budget = budget(100, WhenFull.block(Duration.ofMillis(20)));
    budget.acquire(null, 90);

    assertThatThrownBy(() -> budget.acquire(null, 11))
        .isInstanceOf(BufferFullException.class)
        .hasMessage("buffer was full for 20 ms: 90 of 100 bytes in use, 11 needed");
    assertThat(budget.used()).isEqualTo(90);
    budget.acquire(null, 10);
  }

  @Test
  void acquire_moreThanThereEverIs_failsAtOnce() {
    MemoryBudget budget = budget(100, LONG);

    assertThatThrownBy(() -> budget.acquire(null, 101))
        .isInstanceOf(MessageTooLargeException.class)
        .hasMessage("needs 101 bytes of buffer, which has 100");
    assertThat(budget.used()).isZero();
  }

  @Test
  void acquire_severalWait_getRoomInOrder() {
    MemoryBudget budget = budget(100, LONG);
    budget.acquire(null, 100);
    List<Integer> order = new CopyOnWriteArrayList<>();
    List<Caller> callers = new ArrayList<>();
    int[] sizes = {80, 10, 50, 5};
    for (int i = 0; i < sizes.length; i++) {
      int number = i;
      callers.add(
          new Caller(
                  () -> {
                    budget.acquire(null, sizes[number]);
                    order.add(number);
                  })
              .waits());
    }

    budget.release(null, 50);
    assertThat(order).as("who is small does not overtake").isEmpty();
    budget.release(null, 30);
    assertThat(callers.get(0).flagAfter).succeedsWithin(AWHILE);
    budget.release(null, 20);
    assertThat(callers.get(1).flagAfter).succeedsWithin(AWHILE);
    assertThat(order).containsExactly(0, 1);
    budget.release(null, 80);
    assertThat(callers.get(3).flagAfter).succeedsWithin(AWHILE);
    assertThat(callers.get(2).flagAfter).succeedsWithin(AWHILE);
    assertThat(budget.used()).isEqualTo(65);
  }

  @Test
  void acquire_othersWait_doesNotOvertake() {
    MemoryBudget budget = budget(100, LONG);
    budget.acquire(null, 50);
    Caller first = new Caller(() -> budget.acquire(null, 80)).waits();
    Caller second = new Caller(() -> budget.acquire(null, 10)).waits();

    assertThat(budget.used()).isEqualTo(50);
    budget.release(null, 50);

    assertThat(first.flagAfter).succeedsWithin(AWHILE);
    assertThat(second.flagAfter).succeedsWithin(AWHILE);
  }

  @Test
  void acquire_firstInLineGivesUp_nextOneGetsItsRoom() {
    MemoryBudget budget = budget(100, LONG);
    budget.acquire(null, 50);
    Caller first = new Caller(() -> budget.acquire(null, 80)).waits();
    Caller second = new Caller(() -> budget.acquire(null, 10)).waits();

    first.thread.interrupt();

    assertThat(second.flagAfter).succeedsWithin(AWHILE);
    assertThat(budget.used()).isEqualTo(60);
  }

  @Test
  void acquire_interrupted_throwsAndKeepsTheFlag() {
    MemoryBudget budget = budget(100, LONG);
    budget.acquire(null, 100);
    Caller caller = new Caller(() -> budget.acquire(null, 10)).waits();

    caller.thread.interrupt();

    assertThat(caller.error())
        .isInstanceOf(InterruptedSendException.class)
        .hasMessage("interrupted while waiting for memory of the buffer");
    assertThat(caller.error().getSuppressed()[0]).hasMessage("flag true");
    budget.release(null, 100);
    assertThat(budget.used()).isZero();
  }

  @Test
  void close_severalWait_allAreEnded() {
    MemoryBudget budget = budget(100, LONG);
    budget.acquire(null, 100);
    Caller first = new Caller(() -> budget.acquire(null, 10)).waits();
    Caller second = new Caller(() -> budget.acquire(null, 10)).waits();

    budget.close();

    assertThat(first.error()).isInstanceOf(IllegalStateException.class);
    assertThat(second.error())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("sender is closed");
    assertThat(budget.used()).isEqualTo(100);
  }

  @Test
  void log_fullAndEmptyAgain_isWrittenOnceForEach() {
    try (LogCapture log = LogCapture.of(MemoryBudget.class)) {
      MemoryBudget budget = budget(100, WhenFull.fail());
      for (int round = 0; round < 2; round++) {
        budget.acquire(null, 90);
        assertThatThrownBy(() -> budget.acquire(null, 90)).isInstanceOf(BufferFullException.class);
        assertThatThrownBy(() -> budget.acquire(null, 90)).isInstanceOf(BufferFullException.class);
        budget.release(null, 90);
      }

      assertThat(log.lines())
          .containsExactly(
              "WARN The buffer is full: 90 of 100 bytes in use",
              "INFO The buffer is empty again",
              "WARN The buffer is full: 90 of 100 bytes in use",
              "INFO The buffer is empty again");
    }
  }

  @Test
  void metrics_everyChange_isUpdated() {
    List<Long> used = new ArrayList<>();
    MemoryBudget budget =
        new MemoryBudget(
            100,
            WhenFull.fail(),
            new SenderMetrics() {
              @Override
              public void bufferUsed(long usedBytes, long maxBytes) {
                assertThat(maxBytes).isEqualTo(100);
                used.add(usedBytes);
              }
            },
            groups());

    budget.acquire(null, 30);
    budget.acquire(null, 70);
    budget.release(null, 30);

    assertThat(used).containsExactly(30L, 100L, 70L);
  }

  @Test
  void acquireAndRelease_manyThreads_neverExceedTheBoundAndEndAtZero() throws Exception {
    long seed = Seed.next();
    MemoryBudget budget = budget(1_000, LONG);
    AtomicLong held = new AtomicLong();

    List<Long> most =
        Concurrently.run(
            8,
            index ->
                () -> {
                  Random random = new Random(seed + index);
                  long highest = 0;
                  for (int i = 0; i < 5_000; i++) {
                    int bytes = 1 + random.nextInt(random.nextInt(20) == 0 ? 1_000 : 300);
                    budget.acquire(null, bytes);
                    highest = Math.max(highest, held.addAndGet(bytes));
                    held.addAndGet(-bytes);
                    budget.release(null, bytes);
                  }
                  return List.of(highest);
                });

    assertThat(Collections.max(most)).as("seed %d", seed).isBetween(301L, 1_000L);
    assertThat(budget.used()).as("seed %d", seed).isZero();
  }

  @Test
  void bufferUsed_updatedByTwoThreadsAtOnce_isTrueInTheEnd() {
    CompletableFuture<Void> held = new CompletableFuture<>();
    CompletableFuture<Void> slow = new CompletableFuture<>();
    AtomicLong last = new AtomicLong();
    SenderMetrics metrics =
        new SenderMetrics() {
          @Override
          public void bufferUsed(long usedBytes, long maxBytes) {
            if (held.complete(null)) {
              slow.join();
            }
            last.set(usedBytes);
          }
        };
    MemoryBudget budget = new MemoryBudget(100, WhenFull.fail(), metrics, groups());

    Caller first = new Caller(() -> budget.acquire(null, 10));
    held.join();
    budget.acquire(null, 5);
    slow.complete(null);

    assertThat(first.flagAfter).succeedsWithin(AWHILE);
    assertThat(last).hasValue(budget.used()).hasValue(15);
  }

  /** Makes a group one that gets nothing through. */
  private GroupShare failing(String groupId) {
    GroupShare share = shared.of(groupId);
    share.places().failed();
    share.places().failed();
    time.advance(Duration.ofMillis(251));
    share.places().failed();
    return share;
  }

  private MemoryBudget sharedBudget(WhenFull whenFull) {
    return new MemoryBudget(1_000, whenFull, SenderMetrics.NONE, shared);
  }

  private static int fill(MemoryBudget budget, GroupShare share) {
    int taken = 0;
    while (budget.tryAcquire(share, 10)) {
      taken += 10;
    }
    return taken;
  }

  @Test
  void acquire_oneGroupAloneThatDelivers_mayFillIt() {
    assertThat(fill(sharedBudget(WhenFull.fail()), shared.of("a"))).isEqualTo(1_000);
  }

  @Test
  void acquire_deadGroupAlone_leavesSomeForOneThatComesLater() {
    MemoryBudget budget = sharedBudget(WhenFull.fail());
    assertThat(fill(budget, failing("dead"))).isEqualTo(870);

    assertThat(fill(budget, shared.of("later"))).isEqualTo(130);
  }

  @Test
  void acquire_healthyGroupBesideAnother_leavesAnEighth() {
    MemoryBudget budget = sharedBudget(WhenFull.fail());
    GroupShare other = shared.of("other");

    assertThat(fill(budget, shared.of("many"))).isEqualTo(870);
    assertThat(fill(budget, other)).isEqualTo(130);
  }

  @Test
  void acquire_deadGroupBesideAnother_fillsHalfAndSaysWhoseShareIsFull() {
    MemoryBudget budget = sharedBudget(WhenFull.fail());
    GroupShare dead = failing("dead");
    GroupShare healthy = shared.of("healthy");

    assertThat(fill(budget, dead)).isEqualTo(500);
    assertThatThrownBy(() -> budget.acquire(dead, 10))
        .isInstanceOf(BufferFullException.class)
        .hasMessage(
            "buffer is full: 500 of 1000 bytes in use, 500 of them by group dead, which gets"
                + " nothing through; its share is 500 bytes");
    assertThat(fill(budget, healthy)).isEqualTo(500);
  }

  @Test
  void acquire_severalDeadGroups_haveHalfTogether() {
    MemoryBudget budget = sharedBudget(WhenFull.fail());
    GroupShare healthy = shared.of("healthy");
    assertThat(fill(budget, failing("first"))).isEqualTo(500);
    assertThat(fill(budget, failing("second"))).as("one message is always possible").isEqualTo(10);

    assertThat(fill(budget, healthy)).isEqualTo(490);
  }

  @Test
  void acquire_callerOfADeadGroupWaits_othersDoNotWaitBehindIt() {
    MemoryBudget budget = sharedBudget(LONG);
    GroupShare dead = failing("dead");
    GroupShare healthy = shared.of("healthy");
    budget.acquire(dead, 500);
    Caller waits = new Caller(() -> budget.acquire(dead, 10)).waits();

    budget.acquire(healthy, 400);
    assertThat(waits.flagAfter).isNotDone();
    budget.release(dead, 500);

    assertThat(waits.flagAfter).succeedsWithin(AWHILE);
    assertThat(budget.used()).isEqualTo(410);
  }

  @Test
  void acquire_callersOfTwoGroupsWait_getRoomInTurn() {
    MemoryBudget budget = sharedBudget(LONG);
    GroupShare first = shared.of("first");
    GroupShare second = shared.of("second");
    budget.acquire(null, 1_000);
    List<String> order = new CopyOnWriteArrayList<>();
    List<Caller> callers = new ArrayList<>();
    for (String name : List.of("first 1", "first 2", "second 1")) {
      GroupShare share = name.startsWith("first") ? first : second;
      callers.add(
          new Caller(
                  () -> {
                    budget.acquire(share, 300);
                    order.add(name);
                  })
              .waits());
    }

    for (int i = 0; i < 3; i++) {
      budget.release(null, 300);
      int served = i + 1;
      Awaitility.await().atMost(AWHILE).until(() -> order.size() == served);
    }

    assertThat(order).containsExactly("first 1", "second 1", "first 2");
    assertThat(callers).allSatisfy(c -> assertThat(c.flagAfter).succeedsWithin(AWHILE));
  }
}
