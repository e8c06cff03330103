package io.github.httpreport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.github.httpreport.RetryPolicy.UnknownOutcome;
import io.github.httpreport.error.DeliveryTimeoutException;
import io.github.httpreport.error.MessageTooLargeException;
import io.github.httpreport.error.NoNodeAvailableException;
import io.github.httpreport.error.RejectedException;
import io.github.httpreport.error.SendException;
import io.github.httpreport.error.UnknownOutcomeException;
import io.github.httpreport.inlong.InLongProtocol;
import io.github.httpreport.testkit.Fault;
import io.github.httpreport.testkit.LocalCluster;
import io.github.httpreport.testkit.StoredRecord;
import io.github.httpreport.testsupport.Summaries;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an application sees when nodes fail, refuse or say nothing. */
class HttpProxySenderFaultTest {

  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
  private static final Duration SHORT = Duration.ofMillis(300);

  private final LocalCluster cluster = LocalCluster.start(1);
  private final List<ProxySender> senders = new ArrayList<>();

  @AfterEach
  void close() {
    senders.forEach(sender -> sender.close(Duration.ZERO));
    cluster.close();
  }

  @Test
  void send_topicUnknown_isRejectedWithCodeAndWords() {
    cluster.node(0).script(Fault.code("115", "Topic not configured for groupId(g),streamId(,s)"));

    RejectedException error =
        catchThrowableOfType(
            RejectedException.class, () -> sender().send(List.of("a"), "group", "stream"));

    assertThat(error.code()).isEqualTo("115");
    assertThat(error.retryable()).isFalse();
    assertThat(error.mayHaveBeenStored()).isFalse();
    assertThat(error.attempts()).hasSize(1);
    assertThat(error)
        .hasMessageContaining("group/stream")
        .hasMessageContaining(cluster.node(0).address())
        .hasMessageContaining("115")
        .hasMessageContaining("Topic not configured");
  }

  @Test
  void send_topicUnknownForAMoment_isRetriedWhenAsked() {
    cluster.node(0).script(Fault.code("115"), Fault.code("115"));
    ProxySender sender =
        started(builder().protocol(InLongProtocol.builder().retryUnknownTopic(true).build()));

    assertThat(sender.send(List.of("a"), "group", "stream").attempts()).hasSize(3);
  }

  @Test
  void send_serverBusyForAMoment_isRetried() {
    cluster.node(0).script(Fault.sinkNotReady(), Fault.queueFull(), Fault.status(503, ""));

    SendResult result = sender().send(List.of("a"), "group", "stream");

    assertThat(result.attempts())
        .extracting(Attempt::code)
        .containsExactly("1", "114", "HTTP 503", "0");
    assertThat(result.possibleDuplicate()).isFalse();
    assertThat(cluster.storedCount()).isEqualTo(1);
  }

  @Test
  void send_serverBusyForEver_isRejectedAsRetryable() {
    cluster.node(0).always(Fault.queueFull());

    RejectedException error =
        catchThrowableOfType(
            RejectedException.class,
            () -> started(builder().retry(attempts(3))).send(List.of("a"), "group", "stream"));

    assertThat(error.code()).isEqualTo("114");
    assertThat(error.retryable()).isTrue();
    assertThat(error.attempts()).hasSize(3);
  }

  @Test
  void send_alreadyStored_isASuccess() {
    cluster.node(0).script(Fault.code("120", "duplicated message"));

    assertThat(sender().send(List.of("a"), "group", "stream").attempts().get(0).code())
        .isEqualTo("120");
  }

  @Test
  void send_nobodyThere_failsWhenAttemptsAreUsedUp() {
    cluster.node(0).stop();

    NoNodeAvailableException error =
        catchThrowableOfType(
            NoNodeAvailableException.class,
            () -> started(builder().retry(attempts(2))).send(List.of("a"), "group", "stream"));

    assertThat(error.retryable()).isTrue();
    assertThat(error.mayHaveBeenStored()).isFalse();
    assertThat(error.attempts())
        .extracting(Attempt::outcome)
        .containsOnly(Attempt.Outcome.NOT_CONNECTED);
    assertThat(error).hasMessageContaining(cluster.node(0).address());
  }

  @Test
  void send_storedButAnswerLost_isSentAgainAndSaysSo() {
    cluster.node(0).script(Fault.storeThenReset());

    SendResult result = sender().send(List.of("a"), "group", "stream");

    assertThat(result.possibleDuplicate()).isTrue();
    assertThat(result.attempts().get(0).outcome()).isEqualTo(Attempt.Outcome.CONNECTION_LOST);
    assertThat(cluster.storedCount()).isEqualTo(2);
  }

  @Test
  void send_storedButAnswerLostAndAtMostOnce_failsAndSaysSo() {
    cluster.node(0).script(Fault.storeThenReset());
    ProxySender sender =
        started(builder().retry(RetryPolicy.builder().unknownOutcome(UnknownOutcome.FAIL).build()));

    SendException error =
        catchThrowableOfType(
            UnknownOutcomeException.class, () -> sender.send(List.of("a"), "group", "stream"));

    assertThat(error.mayHaveBeenStored()).isTrue();
    assertThat(cluster.storedCount()).isEqualTo(1);
  }

  @Test
  void send_noAnswer_timesOutAndIsSentAgain() {
    cluster.node(0).script(Fault.noResponse());

    SendResult result =
        started(builder().requestTimeout(SHORT)).send(List.of("a"), "group", "stream");

    assertThat(result.attempts().get(0).outcome()).isEqualTo(Attempt.Outcome.TIMED_OUT);
    assertThat(result.possibleDuplicate()).isTrue();
  }

  @Test
  void sendAsync_neverAnAnswer_endsAtTheDeadline() {
    cluster.node(0).always(Fault.noResponse());
    RetryPolicy policy = RetryPolicy.builder().deadline(Duration.ofSeconds(1)).build();

    assertThat(
            started(builder().requestTimeout(SHORT).retry(policy))
                .sendAsync(List.of("a"), "group", "stream"))
        .failsWithin(TEN_SECONDS)
        .withThrowableOfType(ExecutionException.class)
        .havingCause()
        .asInstanceOf(type(DeliveryTimeoutException.class))
        .satisfies(
            error -> {
              assertThat(error.mayHaveBeenStored()).isTrue();
              assertThat(error.attempts()).isNotEmpty();
            });
  }

  static Stream<Arguments> responsesThatAreNone() {
    return Stream.of(
        Arguments.of(Fault.halfResponse(), true),
        Arguments.of(Fault.status(200, "<html>hello</html>"), false),
        Arguments.of(Fault.status(200, ""), false),
        Arguments.of(Fault.resetAfterRead(), false),
        Arguments.of(Fault.closeAfterAccept(), false),
        Arguments.of(Fault.status(502, "bad gateway"), false));
  }

  @ParameterizedTest
  @MethodSource("responsesThatAreNone")
  void send_answerThatIsNone_isRetriedAsPossiblyStored(Fault fault, boolean stored) {
    cluster.node(0).script(fault);

    SendResult result = sender().send(List.of("a"), "group", "stream");

    assertThat(result.attempts()).hasSize(2);
    assertThat(result.possibleDuplicate()).isTrue();
    assertThat(cluster.storedCount()).isEqualTo(stored ? 2 : 1);
  }

  @Test
  void send_goodAnswerOfAMegabyte_isNoSuccessAndClosesTheConnection() {
    cluster.node(0).script(Fault.oversizedResponse(1 << 20));

    ProxySender sender = sender();
    SendResult result = sender.send(List.of("a"), "group", "stream");
    assertThat(result.attempts()).as("a DataProxy writes no more than it means").hasSize(2);
    assertThat(result.possibleDuplicate()).isTrue();
    sender.send(List.of("b"), "group", "stream");

    // The retry comes on the I/O thread, and the next send on its own: neither reuses the first.
    assertThat(cluster.node(0).connections()).isEqualTo(3);
  }

  @Test
  void send_anyAnswerButSuccess_closesTheConnection() {
    cluster.node(0).script(Fault.code("114"), Fault.status(413, ""), Fault.code("118"));

    ProxySender sender = sender();
    sender.send(List.of("a", "b"), "group", "stream");

    // One for each bad answer, and one that the good ones share.
    assertThat(cluster.node(0).connections()).isGreaterThanOrEqualTo(4);
    assertThat(cluster.node(0).openConnections()).isLessThanOrEqualTo(2);
  }

  @Test
  void send_entityTooLargeForTheServer_isHalvedUntilItFits() {
    try (LocalCluster small = LocalCluster.builder().maxRequestBytes(500).start();
        ProxySender sender = HttpProxySender.builder().manager(small.managerUrl()).build()) {
      List<String> bodies = IntStream.range(0, 64).mapToObj(i -> "message number " + i).toList();
      SendResult result = sender.send(bodies, "group", "stream");

      assertThat(result.messageCount()).isEqualTo(64);
      assertThat(small.stored().stream().map(StoredRecord::messages).flatMap(List::stream))
          .containsExactlyInAnyOrderElementsOf(bodies);
      assertThat(result.possibleDuplicate()).isFalse();

      long requests = small.node(0).requests();
      sender.send(bodies, "group", "stream");
      // The limit was learned: nothing is refused for its size any more.
      assertThat(small.node(0).requests() - requests).isEqualTo(small.stored().size() / 2);
    }
  }

  @Test
  void send_oneMessageTooLargeForTheServer_failsAndNamesWhatWasStored() {
    try (LocalCluster small = LocalCluster.builder().maxRequestBytes(500).start();
        ProxySender sender = HttpProxySender.builder().manager(small.managerUrl()).build()) {
      MessageTooLargeException error =
          catchThrowableOfType(
              MessageTooLargeException.class,
              () -> sender.send(List.of("small", "x".repeat(600)), "group", "stream"));

      assertThat(error.mayHaveBeenStored()).isTrue();
      assertThat(error).hasMessageContaining("1 of its 2 messages were acknowledged");
      assertThat(small.storedCount()).isEqualTo(1);
    }
  }

  @Test
  void send_oneMessageOverTheKnownLimit_failsBeforeAnythingIsSent() {
    try (LocalCluster small =
            LocalCluster.builder().maxRequestBytes(500).reportLimit(true).start();
        ProxySender sender = HttpProxySender.builder().manager(small.managerUrl()).build()) {
      MessageTooLargeException error =
          catchThrowableOfType(
              MessageTooLargeException.class,
              () -> sender.send(List.of("small", "x".repeat(600)), "group", "stream"));

      assertThat(error).hasMessageContaining("body 1");
      assertThat(error.mayHaveBeenStored()).isFalse();
      assertThat(small.node(0).requests()).isZero();
    }
  }

  @Test
  void enqueue_oneMessageTooLarge_failsAloneAndTheOthersAreStored() {
    try (LocalCluster small = LocalCluster.builder().maxRequestBytes(500).start();
        ProxySender sender = HttpProxySender.builder().manager(small.managerUrl()).build()) {
      List<CompletableFuture<SendResult>> good = new ArrayList<>();
      IntStream.range(0, 7).forEach(i -> good.add(sender.enqueue("m" + i, "group", "stream")));
      CompletableFuture<SendResult> large = sender.enqueue("x".repeat(600), "group", "stream");
      IntStream.range(7, 16).forEach(i -> good.add(sender.enqueue("m" + i, "group", "stream")));
      sender.flush().join();

      assertThat(large)
          .failsWithin(TEN_SECONDS)
          .withThrowableOfType(ExecutionException.class)
          .withCauseInstanceOf(MessageTooLargeException.class);
      assertThat(good).allMatch(future -> future.isDone() && !future.isCompletedExceptionally());
      assertThat(small.storedCount()).isEqualTo(16);
      assertThat(sender.close(TEN_SECONDS)).isEqualTo(Summaries.of(16, 1, 0, 0));
    }
  }

  @Test
  void send_bodyEchoedInTheAnswer_isNotInTheException() {
    cluster
        .node(0)
        .always(
            Fault.code("2147483647", "Process message failure: groupId=g&body=canary-body&cnt=1"));

    SendException error =
        catchThrowableOfType(
            SendException.class,
            () ->
                started(builder().retry(attempts(2)))
                    .send(List.of("canary-body"), "group", "stream"));

    assertThat(error).hasMessageContaining("2147483647");
    assertThat(error).hasMessageNotContaining("canary");
    assertThat(error.attempts().toString()).doesNotContain("canary");
  }

  @Test
  void send_selectorThatThrows_failsAndNamesIt() {
    ProxySender sender =
        started(
            builder()
                .selector(
                    (candidates, destination) -> {
                      throw new IllegalStateException("no idea");
                    }));

    assertThat(sender.sendAsync(List.of("a"), "group", "stream"))
        .failsWithin(TEN_SECONDS)
        .withThrowableOfType(ExecutionException.class)
        .withMessageContaining("no idea");
  }

  @Test
  void metrics_thatThrow_doNotStopADelivery() {
    SenderMetrics broken =
        new SenderMetrics() {
          @Override
          public void attempted(Destination destination, Attempt attempt) {
            throw new IllegalStateException("broken");
          }
        };

    assertThat(started(builder().metrics(broken)).sendAsync(List.of("a"), "group", "stream"))
        .succeedsWithin(TEN_SECONDS);
  }

  private HttpProxySender.Builder builder() {
    return HttpProxySender.builder().manager(cluster.managerUrl());
  }

  private ProxySender sender() {
    return started(builder());
  }

  private ProxySender started(HttpProxySender.Builder builder) {
    ProxySender sender = builder.build();
    senders.add(sender);
    return sender;
  }

  private static RetryPolicy attempts(int count) {
    return RetryPolicy.builder()
        .maxAttempts(count)
        .backoff(Duration.ofMillis(1), Duration.ofMillis(2))
        .build();
  }
}
