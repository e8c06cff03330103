package io.github.httpreport.internal.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.testsupport.LogCapture;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SystemSchedulerTest {

  private static final Duration AWHILE = Duration.ofSeconds(20);

  /** One of its own for each test, as the thread of the one before may still be ending. */
  private final String name = UUID.randomUUID().toString();

  private final SystemScheduler scheduler = new SystemScheduler(name);

  @AfterEach
  void close() {
    scheduler.close();
  }

  private List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(thread -> thread.startsWith(name))
        .toList();
  }

  @Test
  void newTimer_nothingScheduled_hasNoThread() {
    assertThat(threads()).isEmpty();
  }

  @Test
  void schedule_task_runsOnADaemonThreadNamedAfterTheSender() {
    CompletableFuture<Thread> ran = new CompletableFuture<>();

    scheduler.schedule(Duration.ofMillis(1), () -> ran.complete(Thread.currentThread()));

    assertThat(ran)
        .succeedsWithin(AWHILE)
        .satisfies(
            thread -> {
              assertThat(thread.getName()).isEqualTo(name + "-timer-1");
              assertThat(thread.isDaemon()).isTrue();
            });
  }

  @Test
  void schedule_severalTasks_runInTheOrderOfTheirTimes() {
    List<String> order = new CopyOnWriteArrayList<>();
    CompletableFuture<Void> last = new CompletableFuture<>();
    CountDownLatch allScheduled = holdTheThread();

    scheduler.schedule(Duration.ofHours(1), () -> order.add("in an hour"));
    scheduler.schedule(
        Duration.ofSeconds(1),
        () -> {
          order.add("in a second");
          last.complete(null);
        });
    scheduler.schedule(Duration.ZERO, () -> order.add("now"));
    allScheduled.countDown();

    assertThat(last).succeedsWithin(AWHILE);
    assertThat(order).containsExactly("now", "in a second");
  }

  @Test
  void cancel_beforeItRuns_neverRuns() {
    List<String> order = new CopyOnWriteArrayList<>();
    CompletableFuture<Void> last = new CompletableFuture<>();
    CountDownLatch allCancelled = holdTheThread();

    Scheduler.Scheduled cancelled = scheduler.schedule(Duration.ZERO, () -> order.add("cancelled"));
    scheduler.schedule(Duration.ofMillis(1), () -> last.complete(null));
    cancelled.cancel();
    cancelled.cancel();
    allCancelled.countDown();

    assertThat(last).succeedsWithin(AWHILE);
    assertThat(order).isEmpty();
  }

  /** Keeps the scheduler busy, so that nothing runs before a test has said all it has to. */
  private CountDownLatch holdTheThread() {
    CountDownLatch release = new CountDownLatch(1);
    scheduler.schedule(
        Duration.ZERO,
        () -> {
          try {
            release.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    return release;
  }

  @Test
  void schedule_taskThatThrows_isLoggedAndTheNextRuns() {
    CompletableFuture<Void> last = new CompletableFuture<>();
    try (LogCapture log = LogCapture.of(SystemScheduler.class)) {
      scheduler.schedule(
          Duration.ZERO,
          () -> {
            throw new IllegalStateException("broken");
          });
      scheduler.schedule(Duration.ofMillis(1), () -> last.complete(null));

      assertThat(last).succeedsWithin(AWHILE);
      assertThat(log.lines()).containsExactly("ERROR A scheduled task failed");
    }
  }

  @Test
  void close_withTasksWaiting_dropsThemAndEndsTheThread() throws Exception {
    CompletableFuture<Thread> running = new CompletableFuture<>();
    CompletableFuture<Void> dropped = new CompletableFuture<>();
    scheduler.schedule(Duration.ZERO, () -> running.complete(Thread.currentThread()));
    scheduler.schedule(Duration.ofHours(1), () -> dropped.complete(null));
    assertThat(running).succeedsWithin(AWHILE);

    scheduler.close();
    scheduler.awaitThread(AWHILE);

    assertThat(running.join().isAlive()).isFalse();
    assertThat(dropped).isNotDone();
  }

  @Test
  void schedule_afterClose_doesNothing() {
    scheduler.close();

    Scheduler.Scheduled scheduled = scheduler.schedule(Duration.ZERO, () -> {});
    scheduled.cancel();

    assertThat(threads()).isEmpty();
  }
}
