package io.github.httpreport.ckafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.httpreport.Attempt;
import io.github.httpreport.Attempt.Outcome;
import io.github.httpreport.Batching;
import io.github.httpreport.Destination;
import io.github.httpreport.HttpProxySender;
import io.github.httpreport.Message;
import io.github.httpreport.ProxySender;
import io.github.httpreport.RetryPolicy;
import io.github.httpreport.SendResult;
import io.github.httpreport.error.AuthenticationException;
import io.github.httpreport.error.RejectedException;
import io.github.httpreport.error.UnknownOutcomeException;
import io.github.httpreport.testkit.DataHubMessage;
import io.github.httpreport.testkit.Fault;
import io.github.httpreport.testkit.LocalDataHub;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A sender and a server that checks what it is sent. */
class CkafkaSenderTest {

  private final LocalDataHub hub = LocalDataHub.start();
  private final AtomicReference<CkafkaCredentials> credentials =
      new AtomicReference<>(CkafkaCredentials.of(hub.secretId(), hub.secretKey()));
  private final CkafkaProtocol protocol =
      CkafkaProtocol.builder()
          .dataHub("datahub-x")
          .credentials(credentials::get)
          .region("ap-guangzhou")
          .endpoint(hub.url())
          .pauseWhenRefused(Duration.ofMillis(10))
          .build();
  private final List<ProxySender> senders = new ArrayList<>();

  @AfterEach
  void close() {
    senders.forEach(sender -> sender.close(Duration.ZERO));
    hub.close();
  }

  private ProxySender sender() {
    return started(builder());
  }

  private HttpProxySender.Builder builder() {
    return HttpProxySender.builder().protocol(protocol);
  }

  private ProxySender started(HttpProxySender.Builder builder) {
    ProxySender sender = builder.build();
    senders.add(sender);
    return sender;
  }

  @Test
  void send_messages_areStoredInOrderAndNamed() {
    SendResult result = sender().send(List.of("a", "中\"\n\u2028😀", ""), "group", "stream");

    assertThat(hub.stored())
        .extracting(DataHubMessage::body)
        .containsExactly("a", "中\"\n\u2028😀", "");
    assertThat(hub.stored()).extracting(DataHubMessage::dataHubId).containsOnly("datahub-x");
    assertThat(hub.stored()).extracting(DataHubMessage::key).containsOnlyNulls();
    assertThat(result.messageIds()).isEqualTo(ids(hub.stored()));
    assertThat(result.node()).isEqualTo(hub.address());
  }

  private static List<String> ids(List<DataHubMessage> stored) {
    return stored.stream().map(DataHubMessage::messageId).toList();
  }

  @Test
  void send_moreThanOneRequestHolds_namesEveryMessageInTheOrderOfTheCall() {
    List<String> bodies = IntStream.range(0, 1203).mapToObj(Integer::toString).toList();

    SendResult result = sender().send(bodies, "group", "stream");

    assertThat(hub.requests()).isGreaterThanOrEqualTo(3);
    assertThat(result.messageIds()).hasSize(1203).doesNotHaveDuplicates();
    List<DataHubMessage> stored = hub.stored();
    for (int i = 0; i < bodies.size(); i++) {
      int at = ids(stored).indexOf(result.messageIds().get(i));
      assertThat(stored.get(at).body()).isEqualTo(bodies.get(i));
    }
  }

  @Test
  void enqueueMessage_eachMessage_getsItsOwnId() {
    ProxySender sender =
        started(
            builder()
                .batching(
                    Batching.builder()
                        .linger(Duration.ofSeconds(5))
                        .maxMessages(3)
                        .maxBytes(9999)
                        .build()));

    List<CompletableFuture<SendResult>> futures =
        IntStream.range(0, 3)
            .mapToObj(i -> Message.keyed("body " + i, "key " + i))
            .map(message -> sender.enqueue(message, new Destination("group", "stream")))
            .toList();

    for (int i = 0; i < 3; i++) {
      assertThat(futures.get(i)).succeedsWithin(Duration.ofSeconds(20));
      DataHubMessage stored = hub.stored().get(i);
      assertThat(futures.get(i).join().messageIds()).containsExactly(stored.messageId());
      assertThat(stored.body()).isEqualTo("body " + i);
      assertThat(stored.key()).isEqualTo("key " + i);
    }
    assertThat(hub.requests()).isOne();
  }

  @Test
  void send_withAndWithoutKeys_keepsThem() {
    sender()
        .send(
            List.of(Message.keyed("a", "键"), Message.of("b")), new Destination("group", "stream"));

    assertThat(hub.stored()).extracting(DataHubMessage::key).containsExactly("键", null);
  }

  @Test
  void send_clockOfTheServerIsFarAway_signsAgainOnceAndRemembers() {
    for (Duration ahead : List.of(Duration.ofHours(3), Duration.ofDays(-40))) {
      hub.clockOffset(ahead);
      ProxySender sender = sender();

      assertThat(outcomes(sender.send(List.of("a"), "group", "stream")))
          .containsExactly(Outcome.UNAUTHENTICATED, Outcome.ACCEPTED);
      assertThat(outcomes(sender.send(List.of("b"), "group", "stream")))
          .containsExactly(Outcome.ACCEPTED);
    }
  }

  private static List<Outcome> outcomes(SendResult result) {
    return result.attempts().stream().map(Attempt::outcome).toList();
  }

  @Test
  void send_sessionTokenIsReplaced_asksTheSupplierAgain() {
    hub.credentials("id", "key", "token-2");
    List<CkafkaCredentials> given = new ArrayList<>();
    CkafkaCredentials old = CkafkaCredentials.temporary("id", "key", "token-1");
    CkafkaCredentials renewed = CkafkaCredentials.temporary("id", "key", "token-2");
    ProxySender sender =
        started(
            HttpProxySender.builder()
                .protocol(
                    CkafkaProtocol.builder()
                        .dataHub("datahub-x")
                        .credentials(
                            () -> {
                              given.add(hub.requests() == 0 ? old : renewed);
                              return given.get(given.size() - 1);
                            })
                        .endpoint(hub.url())
                        .build()));

    SendResult result = sender.send(List.of("a"), "group", "stream");

    assertThat(outcomes(result)).containsExactly(Outcome.UNAUTHENTICATED, Outcome.ACCEPTED);
    assertThat(result.attempts().get(0).code()).isEqualTo("AuthFailure.TokenFailure");
    assertThat(given).contains(old, renewed);
  }

  @Test
  void send_sessionTokenStaysWrong_failsAfterOneMoreTry() {
    hub.credentials(hub.secretId(), hub.secretKey(), "another");

    AuthenticationException error =
        catchThrowableOfType(
            AuthenticationException.class, () -> sender().send(List.of("a"), "group", "stream"));

    assertThat(error).hasMessageContaining("AuthFailure.TokenFailure");
    assertThat(error.attempts()).hasSize(2);
    assertThat(error.mayHaveBeenStored()).isFalse();
  }

  @Test
  void send_supplierGivesNothing_failsAtOnceAndSendsNothing() {
    credentials.set(null);

    AuthenticationException error =
        catchThrowableOfType(
            AuthenticationException.class, () -> sender().send(List.of("a"), "group", "stream"));

    assertThat(error).hasMessageContaining("the supplier of the credentials gave none");
    assertThat(hub.requests()).isZero();
  }

  @Test
  void send_wrongKey_isRejectedWithoutARetry() {
    credentials.set(CkafkaCredentials.of(hub.secretId(), "WRONGKEY"));

    RejectedException error =
        catchThrowableOfType(
            RejectedException.class, () -> sender().send(List.of("TOPSECRET"), "group", "stream"));

    assertThat(error.code()).isEqualTo("AuthFailure.SignatureFailure");
    assertThat(error.attempts()).hasSize(1);
    assertThat(error.toString()).doesNotContain("WRONGKEY", "TOPSECRET", hub.secretId());
  }

  @Test
  void send_pausedTaskAndBusyServer_areTriedAgain() {
    hub.script(
        LocalDataHub.error("FailedOperation", "The task is paused."),
        LocalDataHub.error("RequestLimitExceeded", "slow down"),
        LocalDataHub.error("InternalError", "sorry"),
        Fault.status(503, ""));

    SendResult result = sender().send(List.of("a"), "group", "stream");

    assertThat(outcomes(result))
        .containsExactly(
            Outcome.REFUSED, Outcome.REFUSED, Outcome.UNCLEAR, Outcome.UNCLEAR, Outcome.ACCEPTED);
    assertThat(result.possibleDuplicate()).isTrue();
    assertThat(hub.stored()).hasSize(1);
  }

  @Test
  void send_answerSaysNothing_isAnUnknownOutcome() {
    hub.always(Fault.status(200, "{}"));
    ProxySender once = started(builder().retry(RetryPolicy.none()));

    UnknownOutcomeException error =
        catchThrowableOfType(
            UnknownOutcomeException.class, () -> once.send(List.of("a"), "group", "stream"));

    assertThat(error.mayHaveBeenStored()).isTrue();
  }
}
