package io.github.httpreport.logging;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.Destination;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LossReportTest {

  private final List<String> reports = new ArrayList<>();
  // Near the overflow, because nanoTime may be anywhere.
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  private final LossReport losses =
      new LossReport(new Destination("logs", "shop"), reports::add, nanos::get);

  private void advance(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void lost_firstLoss_isReportedAtOnce() {
    losses.lost(3, "BufferFullException", "no room");
    assertThat(reports)
        .containsExactly(
            "Lost 3 log events for logs/shop {BufferFullException=3}, 3 since the start; the last:"
                + " no room");
  }

  @Test
  void lost_withinAMinute_isReportedTogetherAfterIt() {
    losses.lost(1, "A", "a");
    advance(Duration.ofSeconds(59));
    losses.lost(2, "B", "b");
    losses.lost(4, "A", "c");
    assertThat(reports).hasSize(1);
    advance(Duration.ofSeconds(1));
    losses.lost(8, "B", "d");
    assertThat(reports)
        .hasSize(2)
        .last()
        .isEqualTo("Lost 14 log events for logs/shop {A=4, B=10}, 15 since the start; the last: d");
  }

  @Test
  void lost_always_isReportedAtMostOnceAMinute() {
    for (int second = 0; second < 600; second++) {
      losses.lost(1, "A", "a");
      advance(Duration.ofSeconds(1));
    }
    assertThat(reports).hasSize(10);
    assertThat(losses.total()).isEqualTo(600);
  }

  @Test
  void reportIfDue_afterAMinuteWithoutLosses_reportsTheRestOnce() {
    losses.lost(1, "A", "a");
    losses.lost(1, "A", "b");
    losses.reportIfDue();
    assertThat(reports).hasSize(1);
    advance(Duration.ofMinutes(1));
    losses.reportIfDue();
    losses.reportIfDue();
    assertThat(reports).hasSize(2);
  }

  @Test
  void close_unreportedLosses_areReported() {
    losses.lost(1, "A", "a");
    losses.lost(1, "A", "b");
    losses.close();
    losses.close();
    assertThat(reports).hasSize(2);
  }

  @Test
  void close_nothingLost_reportsNothing() {
    losses.reportIfDue();
    losses.close();
    assertThat(reports).isEmpty();
  }

  @Test
  void lost_manyCauses_shareOneName() {
    losses.lost(1, "first", "");
    for (int i = 0; i < 100; i++) {
      losses.lost(1, "cause" + i, "");
    }
    losses.close();
    assertThat(reports.get(1)).contains("other=88").doesNotContain("cause99");
  }
}
