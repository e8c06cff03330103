package io.github.httpreport.internal.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManualSchedulerTest {

  private final ManualScheduler timer = new ManualScheduler();
  private final long startNanos = timer.nanoTime();
  private final List<String> ran = new ArrayList<>();

  @Test
  void advance_overSeveralTasks_runsEachAtItsTime() {
    timer.schedule(Duration.ofSeconds(2), () -> note("late"));
    timer.schedule(Duration.ofSeconds(1), () -> note("first"));
    timer.schedule(Duration.ofSeconds(1), () -> note("second"));
    timer.schedule(Duration.ofSeconds(4), () -> note("not yet"));

    timer.advance(Duration.ofSeconds(3));

    assertThat(ran).containsExactly("first 1", "second 1", "late 2");
    assertThat(timer.pending()).isEqualTo(1);
    assertThat(timer.nanoTime() - startNanos).isEqualTo(Duration.ofSeconds(3).toNanos());
  }

  @Test
  void advance_taskThatSchedules_runsTheNewOneToo() {
    timer.schedule(
        Duration.ofSeconds(1), () -> timer.schedule(Duration.ofSeconds(1), () -> note("second")));

    timer.advance(Duration.ofSeconds(2));

    assertThat(ran).containsExactly("second 2");
  }

  @Test
  void cancel_beforeItsTime_neverRuns() {
    timer.schedule(Duration.ofSeconds(1), () -> note("cancelled")).cancel();

    timer.advance(Duration.ofSeconds(1));

    assertThat(ran).isEmpty();
    assertThat(timer.pending()).isZero();
  }

  private void note(String what) {
    ran.add(what + ' ' + Duration.ofNanos(timer.nanoTime() - startNanos).toSeconds());
  }
}
