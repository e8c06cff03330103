package io.github.httpreport.internal.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManualSchedulerTest {

  private final ManualScheduler scheduler = new ManualScheduler();
  private final long startNanos = scheduler.nanoTime();
  private final List<String> ran = new ArrayList<>();

  @Test
  void advance_overSeveralTasks_runsEachAtItsTime() {
    scheduler.schedule(Duration.ofSeconds(2), () -> note("late"));
    scheduler.schedule(Duration.ofSeconds(1), () -> note("first"));
    scheduler.schedule(Duration.ofSeconds(1), () -> note("second"));
    scheduler.schedule(Duration.ofSeconds(4), () -> note("not yet"));

    scheduler.advance(Duration.ofSeconds(3));

    assertThat(ran).containsExactly("first 1", "second 1", "late 2");
    assertThat(scheduler.pending()).isEqualTo(1);
    assertThat(scheduler.nanoTime() - startNanos).isEqualTo(Duration.ofSeconds(3).toNanos());
  }

  @Test
  void advance_taskThatSchedules_runsTheNewOneToo() {
    scheduler.schedule(
        Duration.ofSeconds(1),
        () -> scheduler.schedule(Duration.ofSeconds(1), () -> note("second")));

    scheduler.advance(Duration.ofSeconds(2));

    assertThat(ran).containsExactly("second 2");
  }

  @Test
  void cancel_beforeItsTime_neverRuns() {
    scheduler.schedule(Duration.ofSeconds(1), () -> note("cancelled")).cancel();

    scheduler.advance(Duration.ofSeconds(1));

    assertThat(ran).isEmpty();
    assertThat(scheduler.pending()).isZero();
  }

  private void note(String what) {
    ran.add(what + ' ' + Duration.ofNanos(scheduler.nanoTime() - startNanos).toSeconds());
  }
}
