package io.github.httpreport.internal.share;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.internal.concurrent.ManualScheduler;
import io.github.httpreport.node.Seed;
import io.github.httpreport.testsupport.Concurrently;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class InFlightLimitTest {

  /** The only group in use. */
  private static InFlightLimit.Share alone(int max) {
    return new InFlightLimit(max, new ManualScheduler()).newShare(failing -> {});
  }

  private final ManualScheduler scheduler = new ManualScheduler();

  private static List<Integer> enter(InFlightLimit.Share share, int deliveries) {
    List<Integer> ran = new ArrayList<>();
    for (int i = 0; i < deliveries; i++) {
      int number = i;
      share.enter(() -> ran.add(number));
    }
    return ran;
  }

  /** A group that has shown that it works: its window is as large as it gets. */
  private InFlightLimit.Share healthy(InFlightLimit limit) {
    InFlightLimit.Share share = limit.newShare(failing -> {});
    for (int i = 0; i < 100; i++) {
      share.responded(1, scheduler.nanoTime());
    }
    return share;
  }

  private static void leave(InFlightLimit.Share share, int times) {
    for (int i = 0; i < times; i++) {
      share.leave();
    }
  }

  @Test
  void enter_firstUse_getsAFewPlacesAndOneMoreWithEachAnswer() {
    InFlightLimit.Share share = alone(64);
    List<Integer> ran = enter(share, 100);
    assertThat(ran).hasSize(4);

    for (int round = 0; round < 4; round++) {
      int under = ran.size();
      for (int i = 0; i < 4; i++) {
        share.responded(1, scheduler.nanoTime());
        share.leave();
      }
      assertThat(ran).hasSize(under + 8);
    }
  }

  @Test
  void enter_oneHealthyGroupAlone_mayHoldEveryPlace() {
    assertThat(enter(healthy(new InFlightLimit(64, scheduler)), 100)).hasSize(64);
  }

  @Test
  void enter_healthyGroupBesideAnother_leavesPlacesToIt() {
    InFlightLimit limit = new InFlightLimit(64, scheduler);
    InFlightLimit.Share many = healthy(limit);
    InFlightLimit.Share few = healthy(limit);

    assertThat(enter(many, 100)).hasSize(56);
    assertThat(enter(few, 7)).hasSize(7);
  }

  @Test
  void enter_otherGroupWaitsForPlaces_doesNotWaitBehindIt() {
    InFlightLimit limit = new InFlightLimit(64, scheduler);
    InFlightLimit.Share hangs = limit.newShare(failing -> {});
    InFlightLimit.Share healthy = healthy(limit);
    enter(hangs, 1_000);

    assertThat(enter(healthy, 40)).hasSize(40);
  }

  @Test
  void enter_requestsHang_groupGetsNoMoreThanAFew() {
    InFlightLimit limit = new InFlightLimit(64, scheduler);
    List<Boolean> failing = new ArrayList<>();
    InFlightLimit.Share share = limit.newShare(failing::add);
    healthy(limit);
    for (int i = 0; i < 100; i++) {
      share.responded(1, scheduler.nanoTime());
    }
    assertThat(enter(share, 10)).hasSize(10);

    scheduler.advance(Duration.ofMillis(251));
    assertThat(enter(share, 10)).isEmpty();
    assertThat(failing).containsExactly(true);

    share.responded(1, scheduler.nanoTime());
    assertThat(failing).containsExactly(true, false);
  }

  @Test
  void enter_slowGroupThatAnswersInItsUsualTime_isNotTakenForOneThatHangs() {
    InFlightLimit limit = new InFlightLimit(64, scheduler);
    InFlightLimit.Share share = limit.newShare(failing -> {});
    for (int i = 0; i < 100; i++) {
      share.responded(Duration.ofSeconds(1).toNanos(), scheduler.nanoTime());
    }
    enter(share, 1);

    scheduler.advance(Duration.ofSeconds(3));

    assertThat(enter(share, 10)).hasSize(10);
  }

  @Test
  void enter_manyGroupsHang_leavePlacesToTheHealthyOne() {
    InFlightLimit limit = new InFlightLimit(64, scheduler);
    InFlightLimit.Share healthy = healthy(limit);
    for (int i = 0; i < 1_000; i++) {
      enter(limit.newShare(failing -> {}), 10);
    }

    assertThat(enter(healthy, 8)).as("one place stays free").hasSize(7);
  }

  @Test
  void enter_manyHealthyGroupsDieAtOnce_eachHoldsOnePlaceOnceTheyAreScarce() {
    InFlightLimit limit = new InFlightLimit(64, scheduler);
    List<InFlightLimit.Share> groups = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      groups.add(healthy(limit));
    }
    InFlightLimit.Share alive = healthy(limit);
    scheduler.advance(Duration.ofMillis(1));

    int held = groups.stream().mapToInt(group -> enter(group, 3).size()).sum();
    enter(alive, 1);
    scheduler.advance(Duration.ofMillis(1));
    alive.responded(1, scheduler.nanoTime());

    assertThat(held).isBetween(50, 58);
    assertThat(enter(alive, 1)).hasSize(1);
  }

  @Test
  void enter_manyGroupsKeepFailing_holdAQuarterTogether() {
    InFlightLimit limit = new InFlightLimit(64, scheduler);
    InFlightLimit.Share healthy = healthy(limit);
    for (int i = 0; i < 1_000; i++) {
      InFlightLimit.Share failing = limit.newShare(fails -> {});
      failing.failed();
      failing.failed();
      scheduler.advance(Duration.ofMillis(251));
      failing.failed();
      enter(failing, 10);
    }

    enter(healthy, 1);
    healthy.responded(1, scheduler.nanoTime());

    assertThat(enter(healthy, 40)).as("beside the first one").hasSizeBetween(39, 40);
  }

  @Test
  void leave_severalGroupsWait_areServedInTurn() {
    InFlightLimit limit = new InFlightLimit(8, scheduler);
    List<String> ran = new ArrayList<>();
    InFlightLimit.Share first = healthy(limit);
    InFlightLimit.Share second = healthy(limit);
    InFlightLimit.Share holder = healthy(limit);
    enter(holder, 7);
    enter(first, 1);
    for (int i = 0; i < 3; i++) {
      first.enter(() -> ran.add("first"));
    }
    for (int i = 0; i < 3; i++) {
      second.enter(() -> ran.add("second"));
    }

    leave(holder, 7);

    assertThat(ran)
        .as("in turn, beginning with the one that holds no place")
        .containsExactly("second", "first", "second", "first", "second", "first");
  }

  @Test
  void withdraw_whileItWaits_isNotRunAndHoldsUpNobody() {
    InFlightLimit.Share share = alone(1);
    enter(share, 1);
    List<String> ran = new ArrayList<>();
    Runnable late = () -> ran.add("late");
    share.enter(late);
    share.enter(() -> ran.add("next"));

    share.withdraw(late);
    share.leave();

    assertThat(ran).containsExactly("next");
  }

  @Test
  void enter_deliveryThatThrows_othersAreLetInAllTheSame() {
    InFlightLimit.Share share = alone(1);
    enter(share, 1);
    List<String> ran = new ArrayList<>();
    share.enter(
        () -> {
          share.leave();
          throw new StackOverflowError();
        });
    share.enter(() -> ran.add("next"));

    share.leave();

    assertThat(ran).containsExactly("next");
  }

  @Test
  void enter_placesFree_runsAtOnce() {
    InFlightLimit.Share limit = alone(2);
    List<String> ran = new ArrayList<>();

    limit.enter(() -> ran.add("a"));
    limit.enter(() -> ran.add("b"));
    limit.enter(() -> ran.add("c"));

    assertThat(ran).containsExactly("a", "b");
  }

  @Test
  void leave_othersWait_letsThemInInOrder() {
    InFlightLimit.Share limit = alone(1);
    List<String> ran = new ArrayList<>();
    for (String name : List.of("a", "b", "c", "d")) {
      limit.enter(() -> ran.add(name));
    }

    limit.leave();
    assertThat(ran).containsExactly("a", "b");
    limit.leave();
    limit.leave();

    assertThat(ran).containsExactly("a", "b", "c", "d");
  }

  @Test
  void enter_taskThatEntersAgain_waitsBehindTheOthers() {
    InFlightLimit.Share limit = alone(1);
    Queue<String> ran = new ArrayDeque<>();
    limit.enter(() -> ran.add("first"));
    limit.enter(
        () -> {
          ran.add("again 1");
          limit.enter(() -> ran.add("again 2"));
          limit.leave();
        });
    limit.enter(
        () -> {
          ran.add("other");
          limit.leave();
        });

    limit.leave();

    assertThat(ran).containsExactly("first", "again 1", "other", "again 2");
  }

  @Test
  void leave_manyTasksThatEndAtOnce_doesNotRecurse() {
    InFlightLimit.Share limit = alone(1);
    AtomicInteger ran = new AtomicInteger();
    AtomicInteger deepest = new AtomicInteger();
    limit.enter(() -> {});
    for (int i = 0; i < 100_000; i++) {
      limit.enter(
          () -> {
            if (ran.incrementAndGet() % 1_000 == 0) {
              int depth = new Throwable().getStackTrace().length;
              deepest.accumulateAndGet(depth, Math::max);
            }
            limit.leave();
          });
    }

    limit.leave();

    assertThat(ran).hasValue(100_000);
    assertThat(deepest.get()).isLessThan(200);
  }

  @Test
  void enterAndLeave_manyThreads_keepTheBoundAndForgetNobody() throws Exception {
    long seed = Seed.next();
    int max = 3;
    int each = 20_000;
    InFlightLimit.Share limit = alone(max);
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch left = new CountDownLatch(4 * each);
    Queue<Runnable> ends = new ConcurrentLinkedQueue<>();

    Concurrently.run(
        4,
        index ->
            () -> {
              Random random = new Random(seed + index);
              for (int i = 0; i < each; i++) {
                boolean endsAtOnce = random.nextBoolean();
                Runnable end =
                    () -> {
                      inside.decrementAndGet();
                      limit.leave();
                      left.countDown();
                    };
                limit.enter(
                    () -> {
                      most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                      if (endsAtOnce) {
                        end.run();
                      } else {
                        ends.add(end);
                      }
                    });
                runOne(ends);
              }
              while (left.getCount() > 0 && !Thread.interrupted()) {
                runOne(ends);
              }
              return List.of();
            });

    assertThat(left.await(1, TimeUnit.SECONDS)).as("seed %d", seed).isTrue();
    assertThat(most.get()).as("seed %d", seed).isBetween(1, max);
    assertThat(inside).as("seed %d", seed).hasValue(0);
  }

  /** Nobody comes later who could let in a task that was forgotten. */
  @Test
  void enter_whileTheLastOneLeaves_isNotForgotten() throws Exception {
    int threads = 3;
    int rounds = 10_000;
    InFlightLimit.Share limit = alone(1);
    AtomicInteger ran = new AtomicInteger();
    List<Integer> forgottenIn = new CopyOnWriteArrayList<>();
    AtomicInteger round = new AtomicInteger();
    CyclicBarrier begin = new CyclicBarrier(threads);
    CyclicBarrier end =
        new CyclicBarrier(
            threads,
            () -> {
              if (ran.getAndSet(0) != threads) {
                forgottenIn.add(round.get());
              }
              round.incrementAndGet();
            });

    Concurrently.call(
        threads,
        rounds,
        () -> {
          begin.await();
          limit.enter(
              () -> {
                ran.incrementAndGet();
                limit.leave();
              });
          return end.await();
        });

    assertThat(round).hasValue(rounds);
    assertThat(forgottenIn).as("rounds in which a task was forgotten").isEmpty();
  }

  private static void runOne(Queue<Runnable> ends) {
    Runnable end = ends.poll();
    if (end != null) {
      end.run();
    }
  }
}
