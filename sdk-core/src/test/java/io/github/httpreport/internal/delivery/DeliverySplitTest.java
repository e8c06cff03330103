package io.github.httpreport.internal.delivery;

import static io.github.httpreport.internal.delivery.DeliveryRig.DESTINATION;
import static io.github.httpreport.internal.delivery.DeliveryRig.errorOf;
import static io.github.httpreport.internal.delivery.DeliveryRig.outcomes;
import static io.github.httpreport.internal.delivery.DeliveryRig.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.Attempt.Outcome;
import io.github.httpreport.RetryPolicy;
import io.github.httpreport.SendResult;
import io.github.httpreport.error.MessageTooLargeException;
import io.github.httpreport.error.RejectedException;
import io.github.httpreport.internal.node.Lists;
import io.github.httpreport.internal.transport.CannedResponses;
import io.github.httpreport.internal.transport.FakeTransport;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches that are too large for the server. */
class DeliverySplitTest {

  private final DeliveryRig rig = new DeliveryRig();

  @AfterEach
  void close() {
    rig.close();
  }

  private static String text(char letter, int length) {
    return Character.toString(letter).repeat(length);
  }

  /** Takes requests up to so many bytes. */
  private void nodesTake(int bytes, boolean by413) {
    rig.transport.always(
        request -> {
          if (request.body().length <= bytes) {
            return CannedResponses.ok();
          }
          return by413
              ? CannedResponses.status(413)
              : CannedResponses.code("104", "body length over limit");
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void send_tooLargeForTheServer_isHalvedUntilItFitsAndCompletesOnce(boolean by413) {
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
  void send_oneMessageTooLargeForTheServer_failsAsOneAndNamesWhatWasStored() {
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
    assertThat(rig.context().limits().maxBatchBytes(DESTINATION)).isLessThan(240);

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
        CannedResponses.status(413),
        CannedResponses.code("115", "Topic not configured"),
        CannedResponses.lost());
    rig.nodes(1);

    RejectedException error = errorOf(rig.send("a", "b"), RejectedException.class);

    assertThat(error.mayHaveBeenStored()).isTrue();
    assertThat(outcomes(error.attempts()))
        .containsExactly(Outcome.TOO_LARGE, Outcome.REJECTED, Outcome.CONNECTION_LOST);
    assertThat(error).hasMessageEndingWith("; 0 of its 2 messages were acknowledged");
  }
}
