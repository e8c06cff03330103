package io.github.httpreport.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.internal.concurrent.ManualScheduler;
import io.github.httpreport.node.NodeSourceException;
import io.github.httpreport.node.NodeSourceException.Kind;
import io.github.httpreport.testsupport.LogCapture;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NodeSourceLogTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final ManualScheduler scheduler = new ManualScheduler();
  private final NodeSourceLog source = new NodeSourceLog(scheduler);
  private final LogCapture log = LogCapture.of(NodeSourceLog.class);

  @AfterEach
  void closeLog() {
    log.close();
  }

  private void fail(Kind kind) {
    source.watch(
        CompletableFuture.failedFuture(new NodeSourceException(kind, "says " + kind, null)));
  }

  @Test
  void watch_failureOfManyGroups_isOneWarningAndOneMoreEachMinute() {
    for (int i = 0; i < 180; i++) {
      fail(Kind.UNAVAILABLE);
      fail(Kind.UNAVAILABLE);
      scheduler.advance(SECOND);
    }

    assertThat(log.lines())
        .hasSize(3)
        .containsOnly(
            "WARN The node source does not answer, and is asked again until it does: says"
                + " UNAVAILABLE");
  }

  @Test
  void watch_answerAfterFailure_isLoggedOnce() {
    fail(Kind.UNAVAILABLE);
    source.watch(CompletableFuture.completedFuture("list"));
    source.watch(CompletableFuture.completedFuture("list"));

    assertThat(log.lines())
        .hasSize(2)
        .last()
        .isEqualTo("INFO The node source answers again; it did not since 2023-11-14T22:13:20Z");
  }

  @Test
  void watch_refusal_isAnAnswer() {
    fail(Kind.REFUSED);
    fail(Kind.UNAUTHENTICATED);

    assertThat(log.lines()).isEmpty();
  }

  @Test
  void watch_noAnswerForThreeSeconds_isLoggedBeforeItFails() {
    CompletableFuture<String> response = new CompletableFuture<>();
    source.watch(response);
    scheduler.advance(SECOND.multipliedBy(2));
    assertThat(log.lines()).isEmpty();

    scheduler.advance(SECOND);

    assertThat(log.lines()).singleElement().asString().endsWith("no answer for 3 s so far");
    response.complete("list");
    assertThat(log.lines()).hasSize(2).last().asString().startsWith("INFO ");
    assertThat(scheduler.pending()).isZero();
  }

  @Test
  void watch_failuresAndAnswersInTurn_areTwoLinesAMinute() {
    for (int i = 0; i < 120; i++) {
      fail(Kind.UNAVAILABLE);
      source.watch(CompletableFuture.completedFuture("list"));
      scheduler.advance(SECOND);
    }

    assertThat(log.lines()).hasSize(4);
  }
}
