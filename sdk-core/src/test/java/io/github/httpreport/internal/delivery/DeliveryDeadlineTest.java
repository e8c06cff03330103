package io.github.httpreport.internal.delivery;

import static io.github.httpreport.internal.delivery.DeliveryRig.errorOf;
import static io.github.httpreport.internal.delivery.DeliveryRig.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.RetryPolicy;
import io.github.httpreport.SendResult;
import io.github.httpreport.error.DeliveryTimeoutException;
import io.github.httpreport.http.Exchange;
import io.github.httpreport.http.ExchangeException;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.internal.node.GroupNodes;
import io.github.httpreport.internal.node.Lists;
import io.github.httpreport.internal.transport.CannedResponses;
import io.github.httpreport.internal.transport.FakeTransport;
import io.github.httpreport.node.Node;
import io.github.httpreport.protocol.Verdict;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a delivery waits for, it ends at its deadline. */
class DeliveryDeadlineTest {

  private static final Duration TICK = Duration.ofNanos(1);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final DeliveryRig rig = new DeliveryRig();

  @AfterEach
  void close() {
    rig.close();
  }

  private void deadline(Duration deadline) {
    rig.policy = RetryPolicy.builder().deadline(deadline).build();
  }

  @Test
  void deadline_waitingForTheNodes_isKeptExactly() {
    deadline(SECOND);
    CompletableFuture<SendResult> future = rig.send("a");

    rig.scheduler.advance(SECOND.minus(TICK));
    assertThat(future).isNotDone();
    rig.scheduler.advance(TICK);

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
    rig.places().enter(() -> {});
    CompletableFuture<SendResult> future = rig.send("a");

    rig.scheduler.advance(SECOND.minus(TICK));
    assertThat(future).isNotDone();
    rig.scheduler.advance(TICK);
    assertThat(errorOf(future, DeliveryTimeoutException.class).attempts()).isEmpty();
    rig.places().leave();

    assertThat(rig.asked()).isEmpty();
    resultOf(rig.send("b"));
  }

  @Test
  void deadline_exchange_getsOnlyTheTimeLeft() {
    deadline(Duration.ofSeconds(15));
    rig.transport.always(request -> CannedResponses.pending());
    rig.nodes(2);

    CompletableFuture<SendResult> future = rig.send("a");
    rig.scheduler.advance(Duration.ofSeconds(15).minus(TICK));
    assertThat(future).isNotDone();
    rig.scheduler.advance(TICK);

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
  void deadline_cutsOffAConnectionBeingMade_ejectsNobody() {
    deadline(SECOND);
    CompletableFuture<Response> connecting = new CompletableFuture<>();
    rig.transport.then(connecting);
    rig.nodes(1);
    rig.scheduler.schedule(
        SECOND,
        () ->
            connecting.completeExceptionally(
                new ExchangeException(ExchangeException.Kind.NOT_CONNECTED, "timed out", null)));
    CompletableFuture<SendResult> future = rig.send("a");

    rig.scheduler.advance(SECOND);

    assertThat(errorOf(future, DeliveryTimeoutException.class).mayHaveBeenStored()).isFalse();
    GroupNodes group = rig.context().directory().known(DeliveryRig.DESTINATION.groupId());
    assertThat(rig.context().table().hasUntried(group, Set.of())).as("is healthy").isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3600})
  void deadline_retryAfterBeyondIt_oneLastAttemptIsMadeBefore(int retryAfter) {
    deadline(SECOND);
    rig.transport.then(CannedResponses.retryAfter(retryAfter));
    rig.nodes(1);

    CompletableFuture<SendResult> future = rig.send("a");
    rig.scheduler.advance(Duration.ofMillis(900).minus(TICK));
    assertThat(future).isNotDone();
    rig.scheduler.advance(TICK);

    assertThat(resultOf(future).attempts()).hasSize(2);
    assertThat(rig.transport.lastReport().timeout()).isEqualTo(Duration.ofMillis(100));
  }

  @Test
  void deadline_lastAttemptFails_textNamesTheTimeThatPassed() {
    deadline(Duration.ofSeconds(6));
    rig.transport.always(request -> CannedResponses.retryAfter(60));
    rig.nodes(1);

    CompletableFuture<SendResult> future = rig.send("a");
    rig.scheduler.advance(Duration.ofSeconds(6));

    assertThat(errorOf(future, DeliveryTimeoutException.class))
        .hasMessageStartingWith(
            "1 message for group/stream: not acknowledged within 5400 of the 6000 ms it had: HTTP"
                + " 503")
        .hasMessageEndingWith("(2 attempts)");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.3, 0.5, 0.7, 0.999})
  void deadline_nodeIsBackAfterTwoThirdsOfIt_isNeverMissed(double random) {
    deadline(Duration.ofSeconds(6));
    rig.random = random;
    long start = rig.scheduler.nanoTime();
    rig.transport.always(
        request ->
            rig.scheduler.nanoTime() - start < SECOND.multipliedBy(4).toNanos()
                ? CannedResponses.refused()
                : CannedResponses.ok());
    rig.transport.onProbe(request -> CannedResponses.refused());
    rig.policy = RetryPolicy.builder().deadline(Duration.ofSeconds(6)).maxAttempts(1_000).build();
    rig.nodes(1);

    CompletableFuture<SendResult> future = rig.send("a");
    rig.scheduler.advance(Duration.ofSeconds(6));

    resultOf(future);
  }

  @Test
  void deadline_everyAttemptFails_endsInItsLastTenthAfterFewOfThem() {
    deadline(Duration.ofSeconds(30));
    rig.random = 0.999;
    rig.transport.always(request -> CannedResponses.queueFull());
    rig.nodes(1);

    CompletableFuture<SendResult> future = rig.send("a");
    rig.scheduler.advance(Duration.ofSeconds(29).minus(TICK));
    assertThat(future).isNotDone();
    rig.scheduler.advance(SECOND);

    errorOf(future, DeliveryTimeoutException.class);
    assertThat(rig.asked()).hasSizeLessThan(15);
  }

  @Test
  void deadline_waitForARetryEndsInTime_sendsWithTheTimeLeft() {
    deadline(SECOND.plusMillis(1));
    rig.transport.then(CannedResponses.retryAfter(1));
    rig.nodes(1);

    CompletableFuture<SendResult> future = rig.send("a");
    rig.scheduler.advance(SECOND);

    resultOf(future);
    assertThat(rig.transport.lastReport().timeout()).isEqualTo(Duration.ofMillis(1));
  }

  @Test
  void deadline_credentialsNeverCome_isKeptExactly() {
    deadline(SECOND);
    rig.protocol =
        new ReauthenticatingProtocol() {
          @Override
          public CompletionStage<Verdict> authenticate(
              Node node, Optional<Request> refused, Exchange exchange) {
            return new CompletableFuture<>();
          }
        };
    rig.transport.then(CannedResponses.status(401));
    rig.nodes(1);

    CompletableFuture<SendResult> future = rig.send("a");
    rig.scheduler.advance(SECOND.minus(TICK));
    assertThat(future).isNotDone();
    rig.scheduler.advance(TICK);

    assertThat(errorOf(future, DeliveryTimeoutException.class)).hasMessageContaining("HTTP 401");
  }

  @Test
  void deadline_nodesComeAtTheVeryDeadline_nothingIsSent() {
    deadline(SECOND);
    rig.scheduler.schedule(SECOND, () -> rig.source.last().list(Lists.upTo(1)));
    CompletableFuture<SendResult> future = rig.send("a");

    rig.scheduler.advance(SECOND);

    errorOf(future, DeliveryTimeoutException.class);
    assertThat(rig.asked()).isEmpty();
  }

  @Test
  void deadline_wasNotNeeded_leavesNoTaskBehind() {
    rig.maxInFlight = 1;
    CompletableFuture<SendResult> waitedForNodes = rig.send("a");
    rig.nodes(1);
    resultOf(waitedForNodes);
    rig.places().enter(() -> {});
    CompletableFuture<SendResult> waitedForATurn = rig.send("b");
    assertThat(rig.scheduler.pending()).as("the poll and the deadline").isEqualTo(2);
    rig.places().leave();
    resultOf(waitedForATurn);

    assertThat(rig.scheduler.pending()).as("the poll").isEqualTo(1);
  }
}
