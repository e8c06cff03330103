package io.github.httpreport.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.node.Seed;
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

  @Test
  void enter_placesFree_runsAtOnce() {
    InFlightLimit limit = new InFlightLimit(2);
    List<String> ran = new ArrayList<>();

    limit.enter(() -> ran.add("a"));
    limit.enter(() -> ran.add("b"));
    limit.enter(() -> ran.add("c"));

    assertThat(ran).containsExactly("a", "b");
  }

  @Test
  void leave_othersWait_letsThemInInOrder() {
    InFlightLimit limit = new InFlightLimit(1);
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
    InFlightLimit limit = new InFlightLimit(1);
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
    InFlightLimit limit = new InFlightLimit(1);
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
    InFlightLimit limit = new InFlightLimit(max);
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
    InFlightLimit limit = new InFlightLimit(1);
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
