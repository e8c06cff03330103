package io.github.httpreport.internal.delivery;

import static io.github.httpreport.internal.delivery.DeliveryRig.DESTINATION;
import static io.github.httpreport.internal.delivery.DeliveryRig.errorOf;
import static io.github.httpreport.internal.delivery.DeliveryRig.outcomes;
import static io.github.httpreport.internal.delivery.DeliveryRig.resultOf;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.Attempt.Outcome;
import io.github.httpreport.RetryPolicy;
import io.github.httpreport.SendResult;
import io.github.httpreport.error.DeliveryTimeoutException;
import io.github.httpreport.error.MessageTooLargeException;
import io.github.httpreport.error.RejectedException;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.internal.node.Lists;
import io.github.httpreport.internal.node.NodeState;
import io.github.httpreport.internal.transport.CannedResponses;
import io.github.httpreport.node.NodeSelector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Refusals by one node, by all nodes, and by all nodes for a moment. */
class DeliveryRejectionTest {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final DeliveryRig rig = new DeliveryRig();

  @AfterEach
  void close() {
    rig.close();
  }

  private static CompletableFuture<Response> response(String refusal) {
    return refusal.startsWith("HTTP ")
        ? CannedResponses.status(Integer.parseInt(refusal.substring(5)))
        : CannedResponses.code(refusal, "no");
  }

  private static Function<Request, CompletableFuture<Response>> onlyOn(
      String node, String refusal) {
    return request ->
        request.origin().host().equals(node) ? response(refusal) : CannedResponses.ok();
  }

  /** Every node refuses from now on, for so long. */
  private void refuseFor(Duration time, String refusal) {
    long start = rig.scheduler.nanoTime();
    rig.transport.always(
        request ->
            rig.scheduler.nanoTime() - start < time.toNanos()
                ? response(refusal)
                : CannedResponses.ok());
  }

  private NodeState node(int index) {
    return rig.context().directory().known(DESTINATION.groupId()).all().get(index);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "115",
        "10",
        "100",
        "HTTP 301",
        "HTTP 400",
        "HTTP 401",
        "HTTP 403",
        "HTTP 407",
        "104",
        "HTTP 413"
      })
  void refused_byOneNode_isTakenByAnotherAtOnce(String refusal) {
    rig.transport.always(onlyOn("n0", refusal));
    rig.nodes(3);

    SendResult result = resultOf(rig.send("a", "b"));

    assertThat(rig.asked()).containsExactly("n0", "n1");
    assertThat(rig.transport.lastReport().messages()).containsExactly("a", "b");
    assertThat(result.possibleDuplicate()).isFalse();
    assertThat(result.attempts()).hasSize(2);
    assertThat(rig.context().limits().maxBatchBytes(DESTINATION))
        .isEqualTo(rig.context().limits().maxBytes(DESTINATION));
  }

  @Test
  void rejected_byTwoNodes_failsAtOnceAndNeitherIsBlamed() {
    rig.transport.always(request -> response("115"));
    rig.nodes(3);

    for (int i = 0; i < 5; i++) {
      RejectedException error = errorOf(rig.send("a"), RejectedException.class);
      assertThat(error.attempts()).hasSize(2);
      assertThat(error.retryable()).isFalse();
    }

    for (int i = 0; i < 3; i++) {
      assertThat(node(i).failures()).isZero();
      assertThat(node(i).ejection().isHealthy()).isTrue();
    }
  }

  @Test
  void rejected_withTwoCodes_asksAThirdNode() {
    rig.transport.then(response("115"), response("HTTP 401"));
    rig.nodes(3);

    assertThat(resultOf(rig.send("a")).node()).isEqualTo("n2:8080");
  }

  @Test
  void rejected_noMoreAttemptsAllowed_isFinal() {
    rig.policy = RetryPolicy.none();
    rig.transport.then(response("115"));
    rig.nodes(2);

    assertThat(errorOf(rig.send("a"), RejectedException.class).attempts()).hasSize(1);
  }

  @Test
  void rejected_afterAnUnknownOutcome_reportsThePossibleDuplicate() {
    rig.transport.then(CannedResponses.lost(), response("115"));
    rig.nodes(3);

    SendResult result = resultOf(rig.send("a"));

    assertThat(result.possibleDuplicate()).isTrue();
    assertThat(outcomes(result.attempts()))
        .containsExactly(Outcome.CONNECTION_LOST, Outcome.REJECTED, Outcome.ACCEPTED);
  }

  @Test
  void rejected_byTheOnlyNodeThatIsUp_waitsForTheOthers() {
    long start = rig.scheduler.nanoTime();
    rig.transport.always(
        request -> {
          if (request.origin().host().equals("n0")) {
            return response("115");
          }
          boolean isDown = rig.scheduler.nanoTime() - start < 5 * SECOND.toNanos();
          return isDown ? CannedResponses.refused() : CannedResponses.ok();
        });
    rig.transport.onProbe(request -> CannedResponses.refused());
    rig.nodes(2);

    CompletableFuture<SendResult> future = rig.send("a");
    rig.scheduler.advance(SECOND.multipliedBy(4));
    assertThat(future).isNotDone();
    rig.scheduler.advance(MINUTE);

    assertThat(resultOf(future).node()).isEqualTo("n1:8080");
    assertThat(rig.asked().stream().filter("n0"::equals)).as("asked again").hasSize(1);
  }

  @Test
  void rejected_byTheOnlyNodeThatIsEverUp_failsWithItsWordsAndMayBeSentAgain() {
    rig.policy = RetryPolicy.builder().maxAttempts(4).build();
    rig.transport.always(
        request ->
            request.origin().host().equals("n0") ? response("115") : CannedResponses.refused());
    rig.transport.onProbe(request -> CannedResponses.refused());
    rig.nodes(2);

    CompletableFuture<SendResult> future = rig.send("a");
    rig.scheduler.advance(MINUTE);

    RejectedException error = errorOf(future, RejectedException.class);
    assertThat(error)
        .hasMessage(
            "1 message for group/stream: node n0:8080 answered 115 (no); since then: connection"
                + " refused (4 attempts)");
    assertThat(error.retryable()).isTrue();
  }

  @Test
  void node_thatAloneRefuses_isEjectedAndAProbeDoesNotBringItBack() {
    rig.transport.always(onlyOn("n0", "115"));
    rig.nodes(3);

    for (int i = 0; i < 3; i++) {
      resultOf(rig.send("a"));
    }
    assertThat(node(0).ejection().isHealthy()).isFalse();
    rig.scheduler.advance(SECOND);
    assertThat(rig.transport.probes()).hasSize(1);
    assertThat(node(0).ejection().isHealthy()).isFalse();
    resultOf(rig.send("trial"));
    assertThat(rig.transport.lastReport().node()).isEqualTo("n1");
    resultOf(rig.send("next"));

    assertThat(rig.asked()).containsExactly("n0", "n1", "n0", "n1", "n0", "n1", "n0", "n1", "n1");
  }

  @Test
  void node_thatRefusedAloneAndIsHealthyAgain_isBackAfterOneReport() {
    rig.transport.always(onlyOn("n0", "HTTP 401"));
    rig.nodes(2);
    for (int i = 0; i < 3; i++) {
      resultOf(rig.send("a"));
    }

    rig.transport.always(request -> CannedResponses.ok());
    rig.scheduler.advance(SECOND);
    resultOf(rig.send("a"));

    assertThat(node(0).ejection().isHealthy()).isTrue();
  }

  @Test
  void node_halfOpenAndRightToReject_isHealthyAgain() {
    rig.transport.always(onlyOn("n0", "115"));
    rig.nodes(2);
    for (int i = 0; i < 3; i++) {
      resultOf(rig.send("a"));
    }
    rig.scheduler.advance(SECOND);

    rig.transport.always(request -> response("100"));
    rig.scheduler.advance(MINUTE.plus(SECOND));
    errorOf(rig.send("a"), RejectedException.class);

    assertThat(node(0).ejection().isHealthy()).isTrue();
  }

  /** The selector prefers quick nodes, and nothing is as quick as a refusal. */
  @ParameterizedTest
  @ValueSource(strings = {"115", "HTTP 401", "HTTP 413", "104"})
  void node_thatRefusesAtOnce_attractsNoTrafficAndLosesNothing(String refusal) {
    rig.selector = NodeSelector.leastLoaded();
    rig.policy = RetryPolicy.builder().budgetRatio(10).build();
    rig.transport.always(
        request ->
            request.origin().host().equals("n0")
                ? response(refusal)
                : okAfter(Duration.ofMillis(10)));
    rig.nodes(3);
    List<CompletableFuture<SendResult>> futures = new ArrayList<>();

    for (int i = 0; i < 3_000; i++) {
      futures.add(rig.send("m" + i));
      rig.scheduler.advance(Duration.ofMillis(1));
    }
    rig.scheduler.advance(SECOND);

    futures.forEach(DeliveryRig::resultOf);
    assertThat(rig.asked().stream().filter("n0"::equals).count()).isLessThan(60);
  }

  private CompletableFuture<Response> okAfter(Duration time) {
    CompletableFuture<Response> response = new CompletableFuture<>();
    rig.scheduler.schedule(time, () -> response.complete(CannedResponses.response("0", "Ok")));
    return response;
  }

  @ParameterizedTest
  @ValueSource(strings = {"115", "10", "HTTP 301", "HTTP 400", "HTTP 401", "HTTP 403", "HTTP 413"})
  void refused_byAllForThreeSecondsAfterAnAcknowledgement_isDelivered(String refusal) {
    rig.nodes(3);
    resultOf(rig.send("a"));
    refuseFor(SECOND.multipliedBy(3), refusal);

    CompletableFuture<SendResult> future = rig.send("b");
    rig.scheduler.advance(SECOND.multipliedBy(2));
    assertThat(future).isNotDone();
    rig.scheduler.advance(MINUTE);

    assertThat(resultOf(future).possibleDuplicate()).isFalse();
    for (int i = 0; i < 3; i++) {
      assertThat(node(i).ejection().isHealthy()).as("node %s", i).isTrue();
    }
  }

  @Test
  void rejected_byAllWhileOthersAreAcknowledged_isFinalAfterOneMoreAttempt() {
    rig.nodes(2);
    resultOf(rig.send("good"));
    rig.scheduler.advance(SECOND);
    rig.transport.always(
        request ->
            new String(request.body(), UTF_8).contains("bad")
                ? response("HTTP 400")
                : CannedResponses.ok());

    CompletableFuture<SendResult> bad = rig.send("bad");
    assertThat(bad).isNotDone();
    rig.scheduler.advance(Duration.ofMillis(20));
    resultOf(rig.send("good"));
    rig.scheduler.advance(SECOND);

    assertThat(errorOf(bad, RejectedException.class).attempts()).hasSize(3);
  }

  @Test
  void rejected_lateAnswerOfABadMomentThatIsOver_isNotFinal() {
    rig.nodes(1);
    resultOf(rig.send("good"));
    rig.scheduler.advance(SECOND);
    CompletableFuture<Response> late = CannedResponses.pending();
    rig.transport.then(response("HTTP 401"), late);

    CompletableFuture<SendResult> future = rig.send("refused");
    rig.scheduler.advance(Duration.ofMillis(100));
    resultOf(rig.send("good"));
    late.complete(response("HTTP 401").join());
    assertThat(future).isNotDone();
    rig.scheduler.advance(SECOND);

    resultOf(future);
  }

  @Test
  void rejected_byAllForGoodAfterAnAcknowledgement_failsWithinAMinute() {
    rig.nodes(2);
    resultOf(rig.send("a"));
    rig.transport.always(request -> response("115"));

    CompletableFuture<SendResult> future = rig.send("b");
    rig.scheduler.advance(MINUTE.plus(Duration.ofSeconds(11)));

    errorOf(future, RejectedException.class);
    assertThat(errorOf(rig.send("c"), RejectedException.class).attempts())
        .as("later ones fail at once")
        .hasSize(2);
  }

  @Test
  void rejected_byAllForTheContentAfterAnAcknowledgement_failsAtOnce() {
    rig.nodes(2);
    resultOf(rig.send("a"));
    rig.transport.always(request -> response("111"));

    assertThat(errorOf(rig.send("b"), RejectedException.class).attempts()).hasSize(2);
  }

  @Test
  void rejected_byAllAndTheDeadlineComes_isATimeoutWithTheServersWords() {
    rig.policy = RetryPolicy.builder().deadline(SECOND.multipliedBy(5)).build();
    rig.nodes(1);
    resultOf(rig.send("a"));
    rig.transport.always(request -> response("115"));

    CompletableFuture<SendResult> future = rig.send("b");
    rig.scheduler.advance(SECOND.multipliedBy(5));

    assertThat(errorOf(future, DeliveryTimeoutException.class))
        .hasMessageContaining("node n0:8080 answered 115 (no)");
  }

  @Test
  void tooLarge_singleMessageOfAKnownSizeForTwoSeconds_isDeliveredWhole() {
    rig.nodes(2);
    resultOf(rig.send("x".repeat(1_000)));
    refuseFor(SECOND.multipliedBy(2), "HTTP 413");

    CompletableFuture<SendResult> future = rig.send("y".repeat(900));
    rig.scheduler.advance(MINUTE);

    assertThat(resultOf(future).messageCount()).isEqualTo(1);
  }

  @Test
  void tooLarge_singleMessageThatTheClusterPromisedToTake_isDeliveredLater() {
    rig.nodes(Lists.withLimit(Lists.upTo(2), 5_000));
    refuseFor(SECOND.multipliedBy(2), "HTTP 413");

    CompletableFuture<SendResult> future = rig.send("y".repeat(900));
    rig.scheduler.advance(MINUTE);

    resultOf(future);
  }

  @Test
  void tooLarge_singleMessageLargerThanAnyKnown_failsAtOnce() {
    rig.nodes(2);
    resultOf(rig.send("x"));
    rig.transport.always(request -> response("HTTP 413"));

    errorOf(rig.send("y".repeat(900)), MessageTooLargeException.class);

    assertThat(rig.asked()).containsExactly("n0", "n0", "n1");
  }

  @Test
  void tooLarge_batchOfAKnownSizeForASecond_isNotCut() {
    rig.nodes(2);
    resultOf(rig.send("aaaa", "bbbb"));
    refuseFor(Duration.ofMillis(700), "HTTP 413");

    CompletableFuture<SendResult> future = rig.send("cccc", "dddd");
    rig.scheduler.advance(MINUTE);

    resultOf(future);
    assertThat(rig.transport.reports()).allSatisfy(r -> assertThat(r.messages()).hasSize(2));
  }

  @Test
  void tooLarge_limitBecameSmallerForGood_batchIsCutAfterAWhile() {
    rig.nodes(2);
    resultOf(rig.send("a".repeat(200), "b".repeat(200)));
    rig.transport.always(
        request -> request.body().length > 300 ? response("HTTP 413") : CannedResponses.ok());

    CompletableFuture<SendResult> future = rig.send("c".repeat(200), "d".repeat(200));
    rig.scheduler.advance(SECOND.multipliedBy(4));

    resultOf(future);
    assertThat(rig.context().limits().maxBatchBytes(DESTINATION)).isLessThan(460);
  }
}
