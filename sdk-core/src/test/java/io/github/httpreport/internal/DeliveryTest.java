package io.github.httpreport.internal;

import static io.github.httpreport.internal.DeliveryRig.DESTINATION;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.Attempt;
import io.github.httpreport.Attempt.Outcome;
import io.github.httpreport.RetryPolicy;
import io.github.httpreport.RetryPolicy.UnknownOutcome;
import io.github.httpreport.SendResult;
import io.github.httpreport.error.AuthenticationException;
import io.github.httpreport.error.DeliveryTimeoutException;
import io.github.httpreport.error.MessageTooLargeException;
import io.github.httpreport.error.NoNodeAvailableException;
import io.github.httpreport.error.RejectedException;
import io.github.httpreport.error.SendException;
import io.github.httpreport.error.UnknownOutcomeException;
import io.github.httpreport.http.Exchange;
import io.github.httpreport.http.ExchangeException;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.node.Node;
import io.github.httpreport.node.NodeSourceException.Kind;
import io.github.httpreport.protocol.Payload;
import io.github.httpreport.protocol.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeliveryTest {

  private static final Duration TICK = Duration.ofNanos(1);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration AWHILE = Duration.ofSeconds(20);

  private final DeliveryRig rig = new DeliveryRig();

  @AfterEach
  void close() {
    rig.close();
  }

  private static SendResult resultOf(CompletableFuture<SendResult> future) {
    assertThat(future).succeedsWithin(AWHILE);
    return future.join();
  }

  private static <T extends SendException> T errorOf(
      CompletableFuture<SendResult> future, Class<T> type) {
    return assertThat(future)
        .failsWithin(AWHILE)
        .withThrowableThat()
        .havingCause()
        .asInstanceOf(InstanceOfAssertFactories.type(type))
        .actual();
  }

  private static List<Outcome> outcomes(List<Attempt> attempts) {
    return attempts.stream().map(Attempt::outcome).toList();
  }

  // Verdicts.

  @Test
  void send_accepted_tellsNodeAndCount() {
    rig.nodes(1);
    CompletableFuture<Response> answer = Answers.pending();
    rig.transport.then(answer);

    CompletableFuture<SendResult> future = rig.send("a", "b");
    rig.timer.advance(Duration.ofMillis(7));
    assertThat(future).isNotDone();
    answer.complete(Answers.response("0", "Ok"));

    assertThat(resultOf(future))
        .isEqualTo(
            new SendResult(
                "n0:8080",
                2,
                List.of(new Attempt("n0:8080", Duration.ofMillis(7), Outcome.ACCEPTED, "0")),
                false,
                false));
    assertThat(rig.transport.lastReport().messages()).containsExactly("a", "b");
    assertThat(rig.attempted).hasSize(1);
    assertThat(rig.timer.pending()).as("tasks besides the poll").isEqualTo(1);
  }

  @Test
  void send_rejected_failsAtOnceWithEverythingWorthKnowing() {
    rig.nodes(2);
    rig.transport.then(Answers.code("115", "Topic not configured for groupId(group)"));

    RejectedException error = errorOf(rig.send("secret", "secret"), RejectedException.class);

    assertThat(error)
        .hasMessage(
            "2 messages for group/stream: node n0:8080 answered 115 (Topic not configured for"
                + " groupId(group)) (1 attempt)");
    assertThat(error.code()).isEqualTo("115");
    assertThat(error.retryable()).isFalse();
    assertThat(error.mayHaveBeenStored()).isFalse();
    assertThat(outcomes(error.attempts())).containsExactly(Outcome.REJECTED);
    assertThat(rig.asked()).containsExactly("n0");
  }

  @Test
  void send_rejected_isNoFaultOfTheNode() {
    rig.nodes(1);
    for (int i = 0; i < 5; i++) {
      rig.transport.then(Answers.code("100", "Field groupId must exist"));
      errorOf(rig.send("a"), RejectedException.class);
    }

    rig.send("a");

    assertThat(rig.line().directory().known("group").all().get(0).ejection().isHealthy()).isTrue();
    assertThat(rig.line().directory().known("group").all().get(0).failures()).isZero();
  }

  @Test
  void send_queueFull_goesToAnotherNodeAtOnce() {
    rig.nodes(3);
    rig.transport.then(Answers.queueFull(), Answers.queueFull());

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
    rig.transport.then(Answers.queueFull(), Answers.queueFull());

    CompletableFuture<SendResult> future = rig.send("a");
    rig.timer.advance(Duration.ofMillis(50).minus(TICK));
    assertThat(rig.asked()).hasSize(1);
    rig.timer.advance(TICK);
    assertThat(rig.asked()).hasSize(2);
    rig.timer.advance(Duration.ofMillis(100).minus(TICK));
    assertThat(rig.asked()).hasSize(2);
    rig.timer.advance(TICK);

    assertThat(resultOf(future).attempts()).hasSize(3);
  }

  @Test
  void send_everyNodeTried_beginsAgainAfterAWait() {
    rig.nodes(2);
    rig.transport.then(Answers.queueFull(), Answers.queueFull());

    CompletableFuture<SendResult> future = rig.send("a");
    assertThat(rig.asked()).containsExactly("n0", "n1");
    rig.timer.advance(SECOND);

    assertThat(rig.asked()).containsExactly("n0", "n1", "n0");
    resultOf(future);
  }

  @Test
  void send_retryAfterOfTheOnlyNode_isWaitedFor() {
    rig.nodes(1);
    rig.transport.then(Answers.retryAfter(30));

    CompletableFuture<SendResult> future = rig.send("a");
    rig.timer.advance(Duration.ofSeconds(30).minus(TICK));
    assertThat(rig.asked()).hasSize(1);
    rig.timer.advance(TICK);

    resultOf(future);
  }

  @Test
  void send_retryAfterOfOneNode_doesNotHoldUpAnother() {
    rig.nodes(2);
    rig.transport.then(Answers.retryAfter(30));

    resultOf(rig.send("a"));

    assertThat(rig.asked()).containsExactly("n0", "n1");
  }

  @Test
  void send_nodeEjectedByFailures_asksForTheListEarly() {
    rig.nodes(1);
    rig.policy = RetryPolicy.none();
    rig.timer.advance(AWHILE);
    rig.transport.then(Answers.refused());

    rig.send("a");
    rig.timer.advance(Duration.ZERO);

    assertThat(rig.source.count()).isEqualTo(2);
  }

  @Test
  void send_allNodesGone_keepsAskingForTheListEveryFiveSeconds() {
    rig.transport.always(request -> Answers.refused());
    rig.transport.onProbe(request -> Answers.refused());
    rig.nodes(2);

    for (int second = 0; second < 40; second++) {
      rig.send("a");
      rig.timer.advance(SECOND);
      rig.source.last().fail(Kind.UNAVAILABLE);
    }

    assertThat(rig.source.count()).isEqualTo(1 + 8);
  }

  // Attempts.

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void send_alwaysRefused_isTriedSoOftenAndNoMore(int attempts) {
    rig.policy = RetryPolicy.builder().maxAttempts(attempts).build();
    rig.transport.always(request -> Answers.queueFull());
    rig.nodes(2);

    CompletableFuture<SendResult> future = rig.send("a");
    rig.timer.advance(Duration.ofSeconds(100));

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
    rig.transport.then(Answers.refused());
    rig.nodes(1);

    NoNodeAvailableException error = errorOf(rig.send("a"), NoNodeAvailableException.class);

    assertThat(error)
        .hasMessage("1 message for group/stream: connection refused (1 attempt)")
        .hasCauseInstanceOf(ExchangeException.class);
    assertThat(error.mayHaveBeenStored()).isFalse();
    assertThat(error.retryable()).isTrue();
  }

  // Unknown outcomes.

  @ParameterizedTest
  @ValueSource(strings = {"timedOut", "lost", "unclear"})
  void send_unknownOutcome_isSentAgainAndSaysSo(String how) {
    rig.transport.then(unknown(how));
    rig.nodes(2);

    SendResult result = resultOf(rig.send("a"));

    assertThat(result.possibleDuplicate()).isTrue();
    assertThat(result.attempts()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"timedOut", "lost", "unclear"})
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
    rig.transport.then(Answers.refused(), Answers.queueFull());
    rig.nodes(3);

    assertThat(resultOf(rig.send("a")).possibleDuplicate()).isFalse();
  }

  private static CompletableFuture<Response> unknown(String how) {
    return switch (how) {
      case "timedOut" -> Answers.timedOut();
      case "lost" -> Answers.lost();
      default -> Answers.status(502);
    };
  }

  @Test
  void send_refusedAfterAnUnknownOutcome_mayHaveBeenStored() {
    rig.policy = RetryPolicy.builder().maxAttempts(2).build();
    rig.transport.then(Answers.lost(), Answers.queueFull());
    rig.nodes(2);

    RejectedException error = errorOf(rig.send("a"), RejectedException.class);

    assertThat(error.mayHaveBeenStored()).isTrue();
  }

  // The deadline.

  private void deadline(Duration deadline) {
    rig.policy = RetryPolicy.builder().deadline(deadline).build();
  }

  @Test
  void deadline_waitingForTheNodes_isKeptExactly() {
    deadline(SECOND);
    CompletableFuture<SendResult> future = rig.send("a");

    rig.timer.advance(SECOND.minus(TICK));
    assertThat(future).isNotDone();
    rig.timer.advance(TICK);

    assertThat(errorOf(future, DeliveryTimeoutException.class))
        .hasMessage("1 message for group/stream: not acknowledged within 1000 ms");
    rig.source.last().list(Lists.upTo(1));
    assertThat(rig.asked()).isEmpty();
  }

  @Test
  void deadline_waitingForATurn_isKeptExactlyAndNothingIsSent() {
    deadline(SECOND);
    rig.maxInFlight = 1;
    rig.nodes(1);
    rig.line().inFlight().enter(() -> {});
    CompletableFuture<SendResult> future = rig.send("a");

    rig.timer.advance(SECOND.minus(TICK));
    assertThat(future).isNotDone();
    rig.timer.advance(TICK);
    assertThat(errorOf(future, DeliveryTimeoutException.class).attempts()).isEmpty();
    rig.line().inFlight().leave();

    assertThat(rig.asked()).isEmpty();
    resultOf(rig.send("b"));
  }

  @Test
  void deadline_exchange_getsOnlyTheTimeLeft() {
    deadline(Duration.ofSeconds(15));
    rig.transport.always(request -> Answers.pending());
    rig.nodes(2);

    CompletableFuture<SendResult> future = rig.send("a");
    rig.timer.advance(Duration.ofSeconds(15).minus(TICK));
    assertThat(future).isNotDone();
    rig.timer.advance(TICK);

    DeliveryTimeoutException error = errorOf(future, DeliveryTimeoutException.class);
    assertThat(rig.transport.reports())
        .extracting(FakeTransport.Call::timeout)
        .containsExactly(Duration.ofSeconds(10), Duration.ofSeconds(5));
    assertThat(error.mayHaveBeenStored()).isTrue();
    assertThat(error)
        .hasMessage(
            "1 message for group/stream: not acknowledged within 15000 ms: no answer in time"
                + " (2 attempts)");
  }

  @Test
  void deadline_waitForARetryWouldEndLater_failsByThenWithTheLastReason() {
    deadline(SECOND);
    rig.transport.then(Answers.retryAfter(1));
    rig.nodes(1);

    CompletableFuture<SendResult> future = rig.send("a");
    rig.timer.advance(SECOND);

    assertThat(errorOf(future, DeliveryTimeoutException.class))
        .hasMessageContaining("not acknowledged within 1000 ms: HTTP 503");
    assertThat(rig.asked()).hasSize(1);
  }

  @Test
  void deadline_waitForARetryEndsInTime_sendsWithTheTimeLeft() {
    deadline(SECOND.plusMillis(1));
    rig.transport.then(Answers.retryAfter(1));
    rig.nodes(1);

    CompletableFuture<SendResult> future = rig.send("a");
    rig.timer.advance(SECOND);

    resultOf(future);
    assertThat(rig.transport.lastReport().timeout()).isEqualTo(Duration.ofMillis(1));
  }

  @Test
  void deadline_credentialsNeverCome_isKeptExactly() {
    deadline(SECOND);
    rig.protocol =
        new Reauthenticating() {
          @Override
          public CompletionStage<Void> authenticate(Node node, Exchange exchange) {
            return new CompletableFuture<>();
          }
        };
    rig.transport.then(Answers.status(401));
    rig.nodes(1);

    CompletableFuture<SendResult> future = rig.send("a");
    rig.timer.advance(SECOND.minus(TICK));
    assertThat(future).isNotDone();
    rig.timer.advance(TICK);

    assertThat(errorOf(future, DeliveryTimeoutException.class)).hasMessageContaining("HTTP 401");
  }

  @Test
  void deadline_nodesComeAtTheVeryDeadline_nothingIsSent() {
    deadline(SECOND);
    CompletableFuture<SendResult> future = rig.send("a");
    rig.timer.schedule(SECOND, () -> rig.source.last().list(Lists.upTo(1)));

    rig.timer.advance(SECOND);

    errorOf(future, DeliveryTimeoutException.class);
    assertThat(rig.asked()).isEmpty();
  }

  @Test
  void deadline_wasNotNeeded_leavesNoTaskBehind() {
    rig.nodes(1);
    rig.maxInFlight = 1;
    for (int i = 0; i < 10; i++) {
      rig.send("a");
    }

    assertThat(rig.timer.pending()).as("tasks besides the poll").isEqualTo(1);
  }

  // The node source.

  @Test
  void nodes_unavailable_isTriedAgain() {
    CompletableFuture<SendResult> future = rig.send("a");
    rig.source.last().fail(Kind.UNAVAILABLE);
    rig.timer.advance(SECOND.multipliedBy(5));
    rig.source.last().list(Lists.upTo(1));

    resultOf(future);
    assertThat(rig.source.count()).isEqualTo(2);
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
      rig.timer.advance(SECOND.multipliedBy(5));
    }

    assertThat(errorOf(future, NoNodeAvailableException.class).retryable()).isTrue();
  }

  // The budget.

  @Test
  void budget_usedUp_delaysRetriesAndDropsNone() {
    rig.policy =
        RetryPolicy.builder().budgetRatio(0).maxAttempts(3).deadline(Duration.ofHours(1)).build();
    rig.transport.always(request -> Answers.queueFull());
    rig.nodes(400);
    List<CompletableFuture<SendResult>> futures =
        IntStream.range(0, 100).mapToObj(i -> rig.send("m" + i)).toList();

    assertThat(rig.transport.reports()).as("100 first and 100 paid").hasSize(200);
    rig.timer.advance(SECOND);
    assertThat(rig.transport.reports()).hasSizeBetween(205, 211);
    rig.timer.advance(Duration.ofSeconds(15));

    assertThat(rig.transport.reports()).hasSize(300);
    futures.forEach(future -> errorOf(future, RejectedException.class));
  }

  // Splitting.

  private static String text(char letter, int length) {
    return Character.toString(letter).repeat(length);
  }

  /** Takes requests up to so many bytes. */
  private void nodesTake(int bytes, boolean by413) {
    rig.transport.always(
        request -> {
          if (request.body().length <= bytes) {
            return Answers.ok();
          }
          return by413 ? Answers.status(413) : Answers.code("104", "body length over limit");
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void send_tooLargeForTheServer_isHalvedUntilItFitsAndTellsOnce(boolean by413) {
    nodesTake(300, by413);
    rig.nodes(1);

    SendResult result =
        resultOf(rig.send(text('a', 100), text('b', 100), text('c', 100), text('d', 100)));

    assertThat(rig.transport.reports())
        .extracting(call -> call.messages().size())
        .containsExactly(4, 2, 2);
    assertThat(result.messageCount()).isEqualTo(4);
    assertThat(outcomes(result.attempts()))
        .containsExactly(Outcome.TOO_LARGE, Outcome.ACCEPTED, Outcome.ACCEPTED);
    assertThat(result.possibleDuplicate()).isFalse();
  }

  @Test
  void send_twoMessagesTooLargeTogether_eachIsSentAlone() {
    nodesTake(300, true);
    rig.nodes(1);

    assertThat(resultOf(rig.send(text('a', 200), text('b', 200))).messageCount()).isEqualTo(2);
  }

  @Test
  void send_oneMessageTooLargeForTheServer_failsAsOneAndTellsWhatWasStored() {
    nodesTake(300, true);
    rig.nodes(1);

    MessageTooLargeException error =
        errorOf(
            rig.send(text('a', 400), text('b', 100), text('c', 100)),
            MessageTooLargeException.class);

    assertThat(error)
        .hasMessageMatching(
            "1 message for group/stream: the message alone is too large, \\d+ bytes encoded: node"
                + " n0:8080 answered HTTP 413 \\(2 attempts\\);"
                + " 2 of its 3 messages were acknowledged");
    assertThat(error.mayHaveBeenStored()).isTrue();
    assertThat(error.retryable()).isFalse();
    assertThat(outcomes(error.attempts()))
        .containsExactlyInAnyOrder(Outcome.TOO_LARGE, Outcome.TOO_LARGE, Outcome.ACCEPTED);
  }

  @Test
  void enqueue_oneMessageTooLargeForTheServer_failsAloneAndTheOthersAreDelivered() {
    nodesTake(300, true);
    rig.nodes(1);

    List<CompletableFuture<SendResult>> futures =
        rig.enqueue(text('a', 100), text('b', 400), text('c', 100), text('d', 100));

    MessageTooLargeException error = errorOf(futures.get(1), MessageTooLargeException.class);
    assertThat(error.mayHaveBeenStored()).isFalse();
    assertThat(error.getMessage()).doesNotContain("bbb");
    for (int other : new int[] {0, 2, 3}) {
      resultOf(futures.get(other));
    }
  }

  @Test
  void split_afterARefusal_isRememberedForTheNextBatch() {
    nodesTake(300, true);
    rig.nodes(1);
    String[] four = {text('a', 100), text('b', 100), text('c', 100), text('d', 100)};
    resultOf(rig.send(four));
    int before = rig.asked().size();

    resultOf(rig.send(four));

    assertThat(rig.asked()).as("no third refusal").hasSize(before + 2);
  }

  @Test
  void split_singleMessageOverWhatWasLearned_isTriedAllTheSame() {
    nodesTake(300, true);
    rig.nodes(1);
    resultOf(rig.send(text('a', 120), text('b', 120)));
    assertThat(rig.line().limits().maxBatchBytes(DESTINATION)).isLessThan(240);

    resultOf(rig.send(text('c', 220)));
  }

  @Test
  void split_beforeSending_obeysTheLimitOfTheCluster() {
    rig.nodes(Lists.withLimit(Lists.upTo(1), 300));

    resultOf(rig.send(text('a', 100), text('b', 100), text('c', 100), text('d', 100)));

    assertThat(rig.transport.reports())
        .extracting(call -> call.messages().size())
        .containsExactly(2, 2);
    assertThat(rig.transport.reports())
        .allSatisfy(call -> assertThat(call.size()).isLessThanOrEqualTo(300));
  }

  @Test
  void split_oneBodyAloneOverTheClustersLimit_sendsNothing() {
    rig.nodes(Lists.withLimit(Lists.upTo(1), 300));

    MessageTooLargeException error =
        errorOf(
            rig.send(text('a', 100), text('b', 100), text('c', 300)),
            MessageTooLargeException.class);

    assertThat(error)
        .hasMessage(
            "3 messages for group/stream: body 2 alone is larger than the 300 bytes that the server"
                + " takes, encoded");
    assertThat(rig.asked()).isEmpty();
  }

  @Test
  void split_oneBodyAloneOverTheClustersLimitButEnqueued_failsAlone() {
    rig.nodes(Lists.withLimit(Lists.upTo(1), 300));

    List<CompletableFuture<SendResult>> futures =
        rig.enqueue(text('a', 100), text('b', 300), text('c', 100));

    resultOf(futures.get(0));
    errorOf(futures.get(1), MessageTooLargeException.class);
    resultOf(futures.get(2));
  }

  @Test
  void split_bodyOfExactlyTheLimit_isSent() {
    int frame = "groupId=group&streamId=stream&dt=1700000000000&body=&cnt=1".length();
    rig.nodes(Lists.withLimit(Lists.upTo(1), frame + 200));

    resultOf(rig.send(text('a', 200)));
    assertThat(rig.transport.lastReport().size()).isEqualTo(frame + 200);
    errorOf(rig.send(text('a', 201)), MessageTooLargeException.class);
    SendResult both = resultOf(rig.send(text('a', 200), text('b', 200)));

    assertThat(both.messageCount()).isEqualTo(2);
  }

  @Test
  void split_moreMessagesThanTheProtocolAllows_isCut() {
    rig.protocol =
        new FakeProtocol() {
          @Override
          public int maxBatchMessages() {
            return 3;
          }
        };
    rig.nodes(1);

    resultOf(rig.send("a", "b", "c", "d", "e", "f", "g"));

    assertThat(rig.transport.reports())
        .flatExtracting(FakeTransport.Call::messages)
        .containsExactly("a", "b", "c", "d", "e", "f", "g");
    assertThat(rig.transport.reports())
        .allSatisfy(call -> assertThat(call.messages()).hasSizeLessThanOrEqualTo(3));
  }

  @Test
  void split_onePartUnknownAndTheFirstRefused_mayHaveBeenStored() {
    rig.policy = RetryPolicy.none();
    rig.transport.then(
        Answers.status(413), Answers.code("115", "Topic not configured"), Answers.lost());
    rig.nodes(1);

    RejectedException error = errorOf(rig.send("a", "b"), RejectedException.class);

    assertThat(error.mayHaveBeenStored()).isTrue();
    assertThat(outcomes(error.attempts()))
        .containsExactly(Outcome.TOO_LARGE, Outcome.REJECTED, Outcome.CONNECTION_LOST);
    assertThat(error).hasMessageEndingWith("; 0 of its 2 messages were acknowledged");
  }

  // Credentials.

  /** A server whose HTTP 401 asks for new credentials. */
  private static class Reauthenticating extends FakeProtocol {
    @Override
    public Verdict classify(Response response) {
      return response.status() == 401
          ? new Verdict.Reauthenticate("HTTP 401", "token expired")
          : super.classify(response);
    }
  }

  @Test
  void reauthenticate_newCredentials_sendsAgain() {
    List<Node> authenticated = new ArrayList<>();
    CompletableFuture<Void> credentials = new CompletableFuture<>();
    rig.protocol =
        new Reauthenticating() {
          @Override
          public CompletionStage<Void> authenticate(Node node, Exchange exchange) {
            authenticated.add(node);
            return credentials;
          }
        };
    rig.transport.then(Answers.status(401));
    rig.nodes(1);

    CompletableFuture<SendResult> future = rig.send("a");
    assertThat(rig.asked()).hasSize(1);
    credentials.complete(null);

    assertThat(outcomes(resultOf(future).attempts()))
        .containsExactly(Outcome.UNAUTHENTICATED, Outcome.ACCEPTED);
    assertThat(authenticated).containsExactly(Lists.node(0));
  }

  @Test
  void reauthenticate_refusedAgain_fails() {
    rig.protocol = new Reauthenticating();
    rig.transport.always(request -> Answers.status(401));
    rig.nodes(3);

    AuthenticationException error = errorOf(rig.send("a"), AuthenticationException.class);

    assertThat(error)
        .hasMessage(
            "1 message for group/stream: node n0:8080 answered HTTP 401 (token expired) (2"
                + " attempts)");
    assertThat(error.retryable()).isFalse();
  }

  @Test
  void reauthenticate_noCredentialsToBeHad_failsWithTheCause() {
    IllegalStateException cause = new IllegalStateException("key vault is down");
    rig.protocol =
        new Reauthenticating() {
          @Override
          public CompletionStage<Void> authenticate(Node node, Exchange exchange) {
            return CompletableFuture.failedFuture(cause);
          }
        };
    rig.transport.then(Answers.status(401));
    rig.nodes(1);

    assertThat(errorOf(rig.send("a"), AuthenticationException.class)).hasCause(cause);
  }

  // Code of the application that throws.

  private enum Place {
    SELECT,
    REQUEST,
    CLASSIFY,
    SLICE,
    AUTHENTICATE,
    LIMIT
  }

  /** Throws at one place. */
  private static final class Throwing extends Reauthenticating {
    private final Place place;

    Throwing(Place place) {
      this.place = place;
    }

    private void at(Place here) {
      if (here == place) {
        throw new IllegalStateException("broken at " + here);
      }
    }

    @Override
    public Request request(Payload payload, Node node, Instant now) {
      at(Place.REQUEST);
      return super.request(payload, node, now);
    }

    @Override
    public Verdict classify(Response response) {
      at(Place.CLASSIFY);
      return super.classify(response);
    }

    @Override
    public Payload slice(Payload payload, int from, int to) {
      at(Place.SLICE);
      return super.slice(payload, from, to);
    }

    @Override
    public CompletionStage<Void> authenticate(Node node, Exchange exchange) {
      at(Place.AUTHENTICATE);
      return super.authenticate(node, exchange);
    }

    @Override
    public long maxBatchBytes(OptionalLong reported) {
      at(Place.LIMIT);
      return super.maxBatchBytes(reported);
    }
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void brokenProtocolOrSelector_failsEveryDeliveryAndHangsNone(Place place) {
    rig.protocol = new Throwing(place);
    rig.maxInFlight = 1;
    rig.policy = RetryPolicy.builder().maxAttempts(2).build();
    if (place == Place.SELECT) {
      rig.selector =
          (candidates, destination) -> {
            throw new IllegalStateException("broken at SELECT");
          };
    }
    int status = place == Place.SLICE ? 413 : place == Place.AUTHENTICATE ? 401 : 200;
    rig.transport.always(request -> Answers.status(status));

    CompletableFuture<SendResult> early = rig.send("a", "b");
    rig.nodes(1);
    CompletableFuture<SendResult> later = rig.send("a", "b");
    rig.timer.advance(SECOND);

    assertThat(errorOf(early, SendException.class)).hasMessageContaining("broken at " + place);
    assertThat(errorOf(later, SendException.class)).hasMessageContaining("group/stream");
  }

  @Test
  void brokenRequest_onTrial_leavesTheTrialToTheNext() {
    boolean[] broken = {false};
    rig.protocol =
        new FakeProtocol() {
          @Override
          public Request request(Payload payload, Node node, Instant now) {
            if (broken[0]) {
              throw new IllegalStateException("no signature");
            }
            return super.request(payload, node, now);
          }

          @Override
          public Optional<Request> probe(Node node) {
            return Optional.empty();
          }
        };
    rig.transport.then(Answers.refused());
    rig.nodes(2);
    rig.send("a");
    rig.timer.advance(SECOND);
    broken[0] = true;
    rig.send("b");
    broken[0] = false;

    rig.send("c");

    assertThat(rig.asked()).containsExactly("n0", "n1", "n0");
  }

  @ParameterizedTest
  @CsvSource({"114, true", "115, false", "2147483647, true"})
  void error_ofAnyKind_neverHoldsABody(String code, boolean retryable) {
    rig.policy = RetryPolicy.none();
    rig.nodes(1);
    rig.transport.then(Answers.code(code, "Process message failure: body=TOPSECRET"));

    SendException error = errorOf(rig.send("TOPSECRET"), SendException.class);

    assertThat(error.retryable()).isEqualTo(retryable);
    assertThat(error.toString()).doesNotContain("TOPSECRET").contains("group/stream", code);
  }

  // Life.

  @Test
  void abandoned_whileItWaitsForARetry_isNotSentAgain() {
    rig.transport.then(Answers.retryAfter(5));
    rig.nodes(1);
    CompletableFuture<SendResult> future = rig.send("a");

    rig.ledger.abandon(Failures.closed());
    rig.timer.advance(Duration.ofSeconds(10));

    errorOf(future, DeliveryTimeoutException.class);
    assertThat(rig.asked()).hasSize(1);
  }

  @Test
  void inFlight_bound_isKeptAndEverybodyComesToTurn() {
    rig.maxInFlight = 2;
    List<CompletableFuture<Response>> answers = new ArrayList<>();
    rig.transport.always(
        request -> {
          answers.add(Answers.pending());
          return answers.get(answers.size() - 1);
        });
    rig.nodes(1);
    List<CompletableFuture<SendResult>> futures =
        IntStream.range(0, 5).mapToObj(i -> rig.send("m" + i)).toList();

    for (int i = 0; i < 5; i++) {
      assertThat(answers).hasSize(Math.min(5, i + 2));
      answers.get(i).complete(Answers.response("0", "Ok"));
    }

    futures.forEach(DeliveryTest::resultOf);
  }
}
