package io.github.httpreport.internal.delivery;

import static io.github.httpreport.internal.delivery.DeliveryRig.AWHILE;
import static io.github.httpreport.internal.delivery.DeliveryRig.errorOf;
import static io.github.httpreport.internal.delivery.DeliveryRig.outcomes;
import static io.github.httpreport.internal.delivery.DeliveryRig.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.Attempt;
import io.github.httpreport.Attempt.Outcome;
import io.github.httpreport.RetryPolicy;
import io.github.httpreport.RetryPolicy.UnknownOutcome;
import io.github.httpreport.SendResult;
import io.github.httpreport.error.AuthenticationException;
import io.github.httpreport.error.DeliveryTimeoutException;
import io.github.httpreport.error.NoNodeAvailableException;
import io.github.httpreport.error.RejectedException;
import io.github.httpreport.error.UnknownOutcomeException;
import io.github.httpreport.http.ExchangeException;
import io.github.httpreport.http.Response;
import io.github.httpreport.internal.node.Lists;
import io.github.httpreport.internal.node.NodeState;
import io.github.httpreport.internal.transport.CannedResponses;
import io.github.httpreport.node.NodeSourceException.Kind;
import io.github.httpreport.protocol.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Verdicts, attempts, unknown outcomes, nodes and the budget. */
class DeliveryTest {

  private static final Duration TICK = Duration.ofNanos(1);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final DeliveryRig rig = new DeliveryRig();

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void send_accepted_namesNodeAndCount() {
    rig.nodes(1);
    CompletableFuture<Response> response = CannedResponses.pending();
    rig.transport.then(response);

    CompletableFuture<SendResult> future = rig.send("a", "b");
    rig.scheduler.advance(Duration.ofMillis(7));
    assertThat(future).isNotDone();
    response.complete(CannedResponses.response("0", "Ok"));

    assertThat(resultOf(future))
        .isEqualTo(
            SendResult.builder()
                .node("n0:8080")
                .messageCount(2)
                .attempts(
                    List.of(Attempt.of("n0:8080", Duration.ofMillis(7), Outcome.ACCEPTED, "0")))
                .build());
    assertThat(rig.transport.lastReport().messages()).containsExactly("a", "b");
    assertThat(rig.attempted).hasSize(1);
    assertThat(rig.scheduler.pending()).as("tasks besides the poll").isEqualTo(1);
  }

  @Test
  void send_rejected_failsAtOnceWithEverythingWorthKnowing() {
    rig.nodes(2);
    rig.transport.always(
        request -> CannedResponses.code("115", "Topic not configured for groupId(group)"));

    RejectedException error = errorOf(rig.send("secret", "secret"), RejectedException.class);

    assertThat(error)
        .hasMessage(
            "2 messages for group/stream: node n1:8080 answered 115 (Topic not configured for"
                + " groupId(group)) (2 attempts)");
    assertThat(error.code()).isEqualTo("115");
    assertThat(error.retryable()).isFalse();
    assertThat(error.mayHaveBeenStored()).isFalse();
    assertThat(outcomes(error.attempts())).containsExactly(Outcome.REJECTED, Outcome.REJECTED);
    assertThat(rig.asked()).containsExactly("n0", "n1");
  }

  @Test
  void send_rejected_isNoFaultOfTheNode() {
    rig.nodes(1);
    for (int i = 0; i < 5; i++) {
      rig.transport.then(CannedResponses.code("100", "Field groupId must exist"));
      errorOf(rig.send("a"), RejectedException.class);
    }

    rig.send("a");

    assertThat(rig.context().directory().known("group").all().get(0).ejection().isHealthy())
        .isTrue();
    assertThat(rig.context().directory().known("group").all().get(0).failures()).isZero();
  }

  @Test
  void send_callerWaits_doesTheFirstExchangeAndNoOther() {
    rig.nodes(2);
    rig.transport.then(CannedResponses.queueFull());

    resultOf(rig.sendHere("a"));

    assertThat(rig.asked()).containsExactly("n0", "n1");
    assertThat(rig.transport.here()).isEqualTo(1);
  }

  @Test
  void send_nobodyWaits_exchangesElsewhere() {
    rig.nodes(1);

    resultOf(rig.send("a"));

    assertThat(rig.transport.here()).isZero();
  }

  @Test
  void send_callerWaitsForTheNodesFirst_exchangesAllTheSame() throws Exception {
    AtomicReference<CompletableFuture<SendResult>> future = new AtomicReference<>();
    rig.context().directory().nodes(DeliveryRig.DESTINATION.groupId());
    Thread caller = new Thread(() -> future.set(rig.sendHere("a")));
    caller.start();
    Awaitility.await().until(() -> caller.getState() == Thread.State.TIMED_WAITING);
    rig.source.last().list(Lists.upTo(1));
    caller.join(10_000);

    resultOf(future.get());
    assertThat(rig.transport.here()).isEqualTo(1);
  }

  @Test
  void send_callerInterruptedWhileItWaitsForTheNodes_goesOnWithoutIt() throws Exception {
    AtomicReference<CompletableFuture<SendResult>> future = new AtomicReference<>();
    rig.context().directory().nodes(DeliveryRig.DESTINATION.groupId());
    Thread caller = new Thread(() -> future.set(rig.sendHere("a")));
    caller.start();
    Awaitility.await().until(() -> caller.getState() == Thread.State.TIMED_WAITING);
    caller.interrupt();
    caller.join(10_000);
    assertThat(future.get()).isNotDone();
    rig.source.last().list(Lists.upTo(1));

    resultOf(future.get());
    assertThat(rig.transport.here()).isZero();
  }

  @Test
  void send_batchIsCut_itsPartsGoSideBySide() {
    rig.nodes(1);
    rig.transport.then(CannedResponses.status(413));

    resultOf(rig.sendHere("a", "b"));

    assertThat(rig.asked()).hasSize(3);
    assertThat(rig.transport.here()).isEqualTo(1);
  }

  @Test
  void send_callerInterrupted_goesOnAndBlamesNoNode() {
    rig.nodes(1);
    for (int i = 0; i < 5; i++) {
      rig.transport.then(CannedResponses.interrupted());
      CompletableFuture<SendResult> future = rig.sendHere("a");
      rig.scheduler.advance(Duration.ofSeconds(10));

      assertThat(resultOf(future).possibleDuplicate()).isTrue();
    }
    NodeState node = rig.context().directory().known("group").all().get(0);
    assertThat(node.ejection().isHealthy()).isTrue();
    assertThat(node.failures()).isZero();
  }

  @Test
  void send_queueFull_goesToAnotherNodeAtOnce() {
    rig.nodes(3);
    rig.transport.then(CannedResponses.queueFull(), CannedResponses.queueFull());

    SendResult result = resultOf(rig.send("a"));

    assertThat(rig.asked()).containsExactly("n0", "n1", "n2");
    assertThat(result.node()).isEqualTo("n2:8080");
    assertThat(outcomes(result.attempts()))
        .containsExactly(Outcome.REFUSED, Outcome.REFUSED, Outcome.ACCEPTED);
    assertThat(result.possibleDuplicate()).isFalse();
  }

  @Test
  void send_noOtherNode_waitsForTheBackoff() {
    rig.nodes(1);
    rig.transport.then(CannedResponses.queueFull(), CannedResponses.queueFull());

    CompletableFuture<SendResult> future = rig.send("a");
    rig.scheduler.advance(Duration.ofMillis(50).minus(TICK));
    assertThat(rig.asked()).hasSize(1);
    rig.scheduler.advance(TICK);
    assertThat(rig.asked()).hasSize(2);
    rig.scheduler.advance(Duration.ofMillis(100).minus(TICK));
    assertThat(rig.asked()).hasSize(2);
    rig.scheduler.advance(TICK);

    assertThat(resultOf(future).attempts()).hasSize(3);
  }

  @Test
  void send_everyNodeTried_beginsAgainAfterAWait() {
    rig.nodes(2);
    rig.transport.then(CannedResponses.queueFull(), CannedResponses.queueFull());

    CompletableFuture<SendResult> future = rig.send("a");
    assertThat(rig.asked()).containsExactly("n0", "n1");
    rig.scheduler.advance(SECOND);

    assertThat(rig.asked()).containsExactly("n0", "n1", "n0");
    resultOf(future);
  }

  @Test
  void send_retryAfterOfTheOnlyNode_isWaitedFor() {
    rig.nodes(1);
    rig.transport.then(CannedResponses.retryAfter(30));

    CompletableFuture<SendResult> future = rig.send("a");
    rig.scheduler.advance(Duration.ofSeconds(30).minus(TICK));
    assertThat(rig.asked()).hasSize(1);
    rig.scheduler.advance(TICK);

    resultOf(future);
  }

  @Test
  void send_retryAfterOfOneNode_doesNotHoldUpAnother() {
    rig.nodes(2);
    rig.transport.then(CannedResponses.retryAfter(30));

    resultOf(rig.send("a"));

    assertThat(rig.asked()).containsExactly("n0", "n1");
  }

  @Test
  void send_nodeEjectedByFailures_asksForTheListEarly() {
    rig.nodes(1);
    rig.policy = RetryPolicy.none();
    rig.scheduler.advance(AWHILE);
    rig.transport.then(CannedResponses.refused());

    rig.send("a");
    rig.scheduler.advance(Duration.ZERO);

    assertThat(rig.source.count()).isEqualTo(2);
  }

  @Test
  void send_allNodesGone_keepsAskingForTheListEveryFiveSeconds() {
    rig.transport.always(request -> CannedResponses.refused());
    rig.transport.onProbe(request -> CannedResponses.refused());
    rig.nodes(2);

    for (int second = 0; second < 40; second++) {
      rig.send("a");
      rig.scheduler.advance(SECOND);
      rig.source.last().fail(Kind.UNAVAILABLE);
    }

    assertThat(rig.source.count()).isEqualTo(1 + 8);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void send_alwaysRefused_isTriedSoOftenAndNoMore(int attempts) {
    rig.policy = RetryPolicy.builder().maxAttempts(attempts).build();
    rig.transport.always(request -> CannedResponses.queueFull());
    rig.nodes(2);

    CompletableFuture<SendResult> future = rig.send("a");
    rig.scheduler.advance(Duration.ofSeconds(100));

    RejectedException error = errorOf(future, RejectedException.class);
    assertThat(rig.asked()).hasSize(attempts);
    assertThat(error.attempts()).hasSize(attempts);
    assertThat(error.retryable()).isTrue();
    assertThat(error.code()).isEqualTo("114");
    assertThat(error)
        .hasMessageContaining("node n" + (attempts - 1) % 2 + ":8080 answered 114")
        .hasMessageEndingWith(attempts == 1 ? "(1 attempt)" : "(" + attempts + " attempts)");
  }

  @Test
  void send_neverConnected_isNoNodeAvailable() {
    rig.policy = RetryPolicy.none();
    rig.transport.then(CannedResponses.refused());
    rig.nodes(1);

    NoNodeAvailableException error = errorOf(rig.send("a"), NoNodeAvailableException.class);

    assertThat(error)
        .hasMessage("1 message for group/stream: connection refused (1 attempt)")
        .hasCauseInstanceOf(ExchangeException.class);
    assertThat(error.mayHaveBeenStored()).isFalse();
    assertThat(error.retryable()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"timedOut", "lost", "unclear", "early"})
  void send_unknownOutcome_isSentAgainAndSaysSo(String how) {
    rig.transport.then(unknown(how));
    rig.nodes(2);

    SendResult result = resultOf(rig.send("a"));

    assertThat(result.possibleDuplicate()).isTrue();
    assertThat(result.attempts()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"timedOut", "lost", "unclear", "early"})
  void send_unknownOutcomeAndAtMostOnce_fails(String how) {
    rig.policy = RetryPolicy.builder().unknownOutcome(UnknownOutcome.FAIL).build();
    rig.transport.then(unknown(how));
    rig.nodes(2);

    UnknownOutcomeException error = errorOf(rig.send("a"), UnknownOutcomeException.class);

    assertThat(error.mayHaveBeenStored()).isTrue();
    assertThat(rig.asked()).hasSize(1);
  }

  @Test
  void send_atMostOnceButDefinitelyNotStored_isSentAgain() {
    rig.policy = RetryPolicy.builder().unknownOutcome(UnknownOutcome.FAIL).build();
    rig.transport.then(CannedResponses.refused(), CannedResponses.queueFull());
    rig.nodes(3);

    assertThat(resultOf(rig.send("a")).possibleDuplicate()).isFalse();
  }

  private static CompletableFuture<Response> unknown(String how) {
    return switch (how) {
      case "timedOut" -> CannedResponses.timedOut();
      case "lost" -> CannedResponses.lost();
      case "early" -> CannedResponses.early("0", "Ok");
      default -> CannedResponses.status(502);
    };
  }

  @Test
  void send_earlySuccess_isALostConnection() {
    rig.transport.then(unknown("early"));
    rig.nodes(2);

    assertThat(outcomes(resultOf(rig.send("a")).attempts()))
        .containsExactly(Outcome.CONNECTION_LOST, Outcome.ACCEPTED);
  }

  @Test
  void send_earlyRefusal_isTakenAsItIs() {
    rig.policy = RetryPolicy.builder().unknownOutcome(UnknownOutcome.FAIL).build();
    rig.transport.then(CannedResponses.early("1", "not ready"));
    rig.nodes(2);

    SendResult result = resultOf(rig.send("a"));

    assertThat(result.possibleDuplicate()).isFalse();
    assertThat(result.attempts().get(0).code()).isEqualTo("1");
  }

  @Test
  void send_refusedAfterAnUnknownOutcome_mayHaveBeenStored() {
    rig.policy = RetryPolicy.builder().maxAttempts(2).build();
    rig.transport.then(CannedResponses.lost(), CannedResponses.queueFull());
    rig.nodes(2);

    RejectedException error = errorOf(rig.send("a"), RejectedException.class);

    assertThat(error.mayHaveBeenStored()).isTrue();
  }

  @Test
  void nodes_unavailable_isTriedAgain() {
    CompletableFuture<SendResult> future = rig.send("a");
    rig.source.last().fail(Kind.UNAVAILABLE);
    rig.scheduler.advance(SECOND.multipliedBy(5));
    rig.source.last().list(Lists.upTo(1));

    resultOf(future);
    assertThat(rig.source.count()).isEqualTo(2);
  }

  @Test
  void nodes_unavailableForManyDeliveries_theBudgetOfRetriesHoldsNoneOfThem() {
    rig.policy = RetryPolicy.builder().budgetRatio(0).build();
    List<CompletableFuture<SendResult>> futures =
        IntStream.range(0, 500).mapToObj(i -> rig.send("m" + i)).toList();
    rig.source.last().fail(Kind.UNAVAILABLE);

    rig.scheduler.advance(SECOND.multipliedBy(2));
    rig.source.last().list(Lists.upTo(1));

    assertThat(futures).allMatch(CompletableFuture::isDone);
  }

  @Test
  void nodes_unavailableForFiveSeconds_attemptsAreNotSpentOnARepeatedFailure() {
    rig.policy =
        RetryPolicy.builder()
            .maxAttempts(8)
            .backoff(Duration.ofMillis(1), Duration.ofMillis(1))
            .build();
    CompletableFuture<SendResult> future = rig.send("a");
    for (int second = 0; second < 5; second++) {
      rig.source.last().fail(Kind.UNAVAILABLE);
      rig.scheduler.advance(SECOND);
    }
    rig.source.last().list(Lists.upTo(1));

    resultOf(future);
    assertThat(rig.source.count()).isEqualTo(6);
  }

  @Test
  void nodes_refused_failsAtOnceWithTheSourcesWords() {
    CompletableFuture<SendResult> future = rig.send("a");
    rig.source.last().fail(Kind.REFUSED);

    NoNodeAvailableException error = errorOf(future, NoNodeAvailableException.class);
    assertThat(error).hasMessage("1 message for group/stream: manager says REFUSED for group");
    assertThat(error.retryable()).isFalse();
  }

  @Test
  void nodes_unauthenticated_failsAtOnce() {
    CompletableFuture<SendResult> future = rig.send("a");
    rig.source.last().fail(Kind.UNAUTHENTICATED);

    errorOf(future, AuthenticationException.class);
  }

  @Test
  void nodes_unavailableForEver_failsWhenAttemptsAreUsedUp() {
    rig.policy = RetryPolicy.builder().maxAttempts(3).build();
    CompletableFuture<SendResult> future = rig.send("a");
    for (int i = 0; i < 5; i++) {
      rig.source.last().fail(Kind.UNAVAILABLE);
      rig.scheduler.advance(SECOND.multipliedBy(5));
    }

    assertThat(errorOf(future, NoNodeAvailableException.class).retryable()).isTrue();
  }

  @Test
  void budget_usedUp_delaysRetriesAndDropsNone() {
    rig.policy =
        RetryPolicy.builder().budgetRatio(0).maxAttempts(3).deadline(Duration.ofHours(1)).build();
    rig.transport.always(request -> CannedResponses.queueFull());
    rig.nodes(400);
    List<CompletableFuture<SendResult>> futures =
        IntStream.range(0, 100).mapToObj(i -> rig.send("m" + i)).toList();

    assertThat(rig.transport.reports()).as("100 first and 100 paid").hasSize(200);
    rig.scheduler.advance(SECOND);
    assertThat(rig.transport.reports()).hasSizeBetween(205, 211);
    rig.scheduler.advance(Duration.ofSeconds(15));

    assertThat(rig.transport.reports()).hasSize(300);
    futures.forEach(future -> errorOf(future, RejectedException.class));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void retry_placeIsMissingAtTheNode_isNoFailureOfTheNode(boolean nodeHealthy) {
    rig.protocol =
        new FakeProtocol() {
          @Override
          public Verdict classify(Response response) {
            return (nodeHealthy
                ? Verdict.Retry.of("x", "not yet").nodeHealthy()
                : Verdict.Retry.of("x", "not yet"));
          }
        };
    rig.policy = RetryPolicy.builder().maxAttempts(3).build();
    rig.nodes(1);

    CompletableFuture<SendResult> future = rig.send("a");
    rig.scheduler.advance(SECOND.multipliedBy(5));

    errorOf(future, RejectedException.class);
    NodeState node = rig.context().directory().known("group").all().get(0);
    assertThat(node.ejection().isHealthy()).isEqualTo(nodeHealthy);
  }

  @Test
  void send_interruptedWhileNodesAreUnknown_keepsTheFlagAndGoesOn() {
    rig.context().directory().nodes("group");

    Thread.currentThread().interrupt();
    CompletableFuture<SendResult> future = rig.sendHere("a");

    assertThat(Thread.interrupted()).isTrue();
    rig.source.last().list(Lists.upTo(1));
    resultOf(future);
  }

  @Test
  void abandoned_whileItWaitsForARetry_isNotSentAgain() {
    rig.transport.then(CannedResponses.retryAfter(5));
    rig.nodes(1);
    CompletableFuture<SendResult> future = rig.send("a");

    rig.batches.abandon(SendExceptions.closed());
    rig.scheduler.advance(Duration.ofSeconds(10));

    errorOf(future, DeliveryTimeoutException.class);
    assertThat(rig.asked()).hasSize(1);
  }

  @Test
  void inFlight_bound_isKeptAndEverybodyComesToTurn() {
    rig.maxInFlight = 2;
    List<CompletableFuture<Response>> responses = new ArrayList<>();
    rig.transport.always(
        request -> {
          responses.add(CannedResponses.pending());
          return responses.get(responses.size() - 1);
        });
    rig.nodes(1);
    List<CompletableFuture<SendResult>> futures =
        IntStream.range(0, 5).mapToObj(i -> rig.send("m" + i)).toList();

    for (int i = 0; i < 5; i++) {
      assertThat(responses).hasSize(Math.min(5, i + 2));
      responses.get(i).complete(CannedResponses.response("0", "Ok"));
    }

    futures.forEach(DeliveryRig::resultOf);
  }
}
