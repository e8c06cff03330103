package io.github.httpreport.internal.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.Destination;
import io.github.httpreport.internal.concurrent.ManualScheduler;
import io.github.httpreport.testsupport.LogCapture;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LossLogTest {

  private static final Destination DESTINATION = new Destination("g", "s");
  private static final Duration SECOND = Duration.ofSeconds(1);
  private final RuntimeException cause = new IllegalStateException("no luck");

  private final ManualScheduler scheduler = new ManualScheduler();
  private final LossLog losses = new LossLog(scheduler);
  private final LogCapture log = LogCapture.of(LossLog.class);

  @AfterEach
  void closeLog() {
    log.close();
  }

  @Test
  void failed_firstLoss_isLoggedAtOnceWithCountAndCause() {
    losses.failed(DESTINATION, 7, cause);

    assertThat(log.lines())
        .containsExactly(
            "WARN Messages for g/s are lost: 7 failed; IllegalStateException: no luck");
  }

  @Test
  void failed_moreWithinAMinute_isOneSummaryWithCountTimesAndLastCause() {
    String start = scheduler.now().toString();
    losses.failed(DESTINATION, 7, cause);
    scheduler.advance(SECOND);
    losses.failed(DESTINATION, 1, cause);
    scheduler.advance(SECOND);
    losses.failed(DESTINATION, 2, new IllegalArgumentException("the last"));
    scheduler.advance(Duration.ofSeconds(57));
    assertThat(log.lines()).hasSize(1);

    scheduler.advance(SECOND);

    assertThat(log.lines().get(1))
        .isEqualTo(
            "WARN Messages for g/s are still lost: 3 failed from 2023-11-14T22:13:21Z to"
                + " 2023-11-14T22:13:22Z, 10 since "
                + start
                + "; the last: IllegalArgumentException: the last");
  }

  @Test
  void sent_afterAMinuteWithoutLoss_isLoggedOnce() {
    losses.failed(DESTINATION, 7, cause);
    losses.sent(DESTINATION);
    scheduler.advance(Duration.ofSeconds(59));
    assertThat(log.lines()).hasSize(1);

    scheduler.advance(SECOND);
    losses.sent(DESTINATION);
    scheduler.advance(Duration.ofHours(2));

    assertThat(log.lines())
        .hasSize(2)
        .last()
        .isEqualTo(
            "INFO Messages for g/s are delivered again; 7 were lost from 2023-11-14T22:13:20Z to"
                + " 2023-11-14T22:13:20Z");
    assertThat(losses.destinations()).isZero();
    assertThat(scheduler.pending()).isZero();
  }

  @Test
  void sent_beforeTheLastLoss_isNoRecovery() {
    losses.failed(DESTINATION, 7, cause);
    losses.sent(DESTINATION);
    losses.failed(DESTINATION, 1, cause);
    scheduler.advance(Duration.ofMinutes(5));

    assertThat(log.lines()).hasSize(2).allMatch(line -> line.startsWith("WARN"));

    losses.sent(DESTINATION);
    assertThat(log.lines())
        .hasSize(3)
        .last()
        .asString()
        .startsWith("INFO Messages for g/s are del");
  }

  @Test
  void failed_afterSilence_isLoggedAtOnce() {
    losses.failed(DESTINATION, 7, cause);
    scheduler.advance(Duration.ofMinutes(30));

    losses.failed(DESTINATION, 3, cause);

    assertThat(log.lines()).hasSize(2).last().asString().contains("are lost: 3 failed");
  }

  @Test
  void flapping_fivePercentFail_isOneLineAMinute() {
    for (int i = 0; i < 60 * 60; i++) {
      if (i % 20 == 0) {
        losses.failed(DESTINATION, 1, cause);
      } else {
        losses.sent(DESTINATION);
      }
      scheduler.advance(SECOND);
    }

    assertThat(log.lines()).hasSize(61).allMatch(line -> line.startsWith("WARN"));
  }

  @Test
  void failed_neverAgainAndNothingSent_isForgottenAfterAnHour() {
    losses.failed(DESTINATION, 1, cause);
    scheduler.advance(Duration.ofMinutes(62));

    assertThat(losses.destinations()).isZero();
    assertThat(scheduler.pending()).isZero();
    assertThat(log.lines()).hasSize(1);
  }

  @Test
  void failed_moreDestinationsThanTheBound_shareOneState() {
    for (int i = 0; i < LossLog.MAX_DESTINATIONS + 500; i++) {
      losses.failed(new Destination("g", "s" + i), 2, cause);
    }

    assertThat(losses.destinations()).isEqualTo(LossLog.MAX_DESTINATIONS);
    assertThat(log.lines()).hasSize(LossLog.MAX_DESTINATIONS + 1);
    scheduler.advance(Duration.ofMinutes(2));
    assertThat(log.lines().subList(LossLog.MAX_DESTINATIONS, log.lines().size()))
        .hasSize(3)
        .satisfiesExactly(
            first -> assertThat(first).contains("for other destinations are lost: 2 failed"),
            next -> assertThat(next).contains("for other destinations are still lost: 998 failed"),
            end -> assertThat(end).startsWith("INFO No more messages for other destinations"));
  }

  @Test
  void close_withLossesNotYetLogged_logsThemInFewLines() {
    for (int i = 0; i < 30; i++) {
      losses.failed(new Destination("g", "s" + i), 1, cause);
      losses.failed(new Destination("g", "s" + i), 3, cause);
    }

    losses.close();

    List<String> atClose = log.lines().subList(30, log.lines().size());
    assertThat(atClose).hasSize(11);
    assertThat(atClose.get(0)).contains("still lost: 3 failed");
    assertThat(atClose.get(10)).contains("more destinations were lost: 60 ");
    assertThat(scheduler.pending()).isZero();
    assertThat(losses.destinations()).isZero();
  }

  @Test
  void failed_onManyThreads_countsAll() throws Exception {
    Runnable some =
        () -> {
          for (int i = 0; i < 1_000; i++) {
            losses.failed(DESTINATION, 1, cause);
            losses.sent(DESTINATION);
          }
        };
    List<Thread> threads = List.of(new Thread(some), new Thread(some), new Thread(some));
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    scheduler.advance(Duration.ofMinutes(1));

    assertThat(log.lines()).hasSize(2).last().asString().contains("2999 failed", "3000 since");
  }
}
