package io.github.httpreport.memphis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.httpreport.Attempt;
import io.github.httpreport.Batching;
import io.github.httpreport.HttpProxySender;
import io.github.httpreport.RetryPolicy;
import io.github.httpreport.SendResult;
import io.github.httpreport.error.AuthenticationException;
import io.github.httpreport.error.MessageTooLargeException;
import io.github.httpreport.error.RejectedException;
import io.github.httpreport.error.SendException;
import io.github.httpreport.error.UnknownOutcomeException;
import io.github.httpreport.testkit.Fault;
import io.github.httpreport.testkit.LocalMemphis;
import io.github.httpreport.testkit.MemphisMessage;
import io.github.httpreport.testsupport.ScriptedServer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A whole sender against the stand-in. */
class MemphisSenderTest {

  private static final String SECRET = "hush-hush";

  private final AtomicReference<String> password = new AtomicReference<>(SECRET);
  private final MemphisProtocol single = orders().build();
  private final MemphisProtocol batch = orders().batch().build();
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final Level level = logger().getLevel();
  private LocalMemphis memphis = started(LocalMemphis.builder());

  private static LocalMemphis started(LocalMemphis.Builder builder) {
    LocalMemphis memphis = builder.start();
    memphis.user("app", SECRET);
    return memphis;
  }

  @BeforeEach
  void capture() {
    logged.start();
    logger().setLevel(Level.TRACE);
    logger().addAppender(logged);
  }

  @AfterEach
  void close() {
    memphis.close();
    logger().detachAppender(logged);
    logger().setLevel(level);
    assertThat(logged.list).noneMatch(event -> leaks(event.getFormattedMessage()));
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger("io.github.httpreport");
  }

  private static boolean leaks(String text) {
    return text.contains(SECRET) || text.contains("eyJ") || text.contains("Bearer");
  }

  private MemphisProtocol.Builder orders() {
    return MemphisProtocol.builder().station("orders").user("app", password::get);
  }

  private HttpProxySender.Builder builder(MemphisProtocol protocol) {
    return HttpProxySender.builder()
        .protocol(protocol)
        .nodes(memphis.url())
        .retry(
            RetryPolicy.builder()
                .maxAttempts(3)
                .backoff(Duration.ofMillis(1), Duration.ofMillis(5))
                .build());
  }

  private SendResult send(MemphisProtocol protocol, String... bodies) {
    try (HttpProxySender sender = builder(protocol).build()) {
      return sender.send(List.of(bodies), "group", "stream");
    }
  }

  private <E extends SendException> E failure(
      Class<E> type, MemphisProtocol protocol, String... bodies) {
    E error = catchThrowableOfType(type, () -> send(protocol, bodies));
    for (Throwable each = error; each != null; each = each.getCause()) {
      assertThat(each.toString()).matches(text -> !leaks(text), "tells no secret");
    }
    return error;
  }

  private List<String> bodies() {
    return memphis.stored().stream().map(MemphisMessage::body).toList();
  }

  @Test
  void send_single_storesEachMessageByteForByte() {
    SendResult result = send(single, " a\r\n", "", "{\"b\": 1}", "漢字 😀");

    assertThat(bodies()).containsExactlyInAnyOrder(" a\r\n", "", "{\"b\": 1}", "漢字 😀");
    assertThat(result.messageCount()).isEqualTo(4);
    assertThat(result.possibleDuplicate()).isFalse();
    assertThat(memphis.stored()).extracting(MemphisMessage::station).containsOnly("orders");
    assertThat(memphis.stored()).extracting(MemphisMessage::user).containsOnly("app");
    assertThat(memphis.requests()).isEqualTo(4);
    assertThat(memphis.authentications()).isOne();
  }

  @Test
  void send_batch_storesWhatTheGatewayMakesOfIt() {
    send(batch, "{\"b\": 1.0, \"a\": \"<\"}", "{}");

    assertThat(bodies()).containsExactly("{\"a\":\"\\u003c\",\"b\":1}", "{}");
    assertThat(memphis.requests()).isOne();
  }

  @Test
  void send_batch_ofNoObject_isRefusedByIndexBeforeAnythingLeaves() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> send(batch, "{}", "[]"))
        .withMessageStartingWith("body 1 must be a JSON object");
    assertThat(memphis.connections()).isZero();
  }

  @Test
  void requests_carryNoHeaderThatTheyNeedNot() {
    send(single, "a");
    send(batch, "{}");

    for (MemphisMessage message : memphis.stored()) {
      assertThat(message.headers())
          .containsOnlyKeys("host", "content-length", "content-type", "authorization");
    }
    assertThat(memphis.stored())
        .extracting(message -> message.headers().get("content-type"))
        .containsExactly("text/plain", "application/json");
  }

  @Test
  void requests_byteForByte() {
    String jwt = FakeGateway.jwt(Instant.now().plusSeconds(900));
    try (ScriptedServer server =
            ScriptedServer.start(
                ScriptedServer.responding(
                    request ->
                        ScriptedServer.ok(
                            request.startsWith("POST /auth/")
                                ? "{\"expires_in\":900000,\"jwt\":\"" + jwt + "\"}"
                                : "{\"error\":null,\"success\":true}")));
        HttpProxySender sender =
            HttpProxySender.builder().protocol(batch).nodes("127.0.0.1:" + server.port()).build()) {
      sender.send(List.of("{\"a\":1}", "{}"), "group", "stream");

      String host = "Host: 127.0.0.1:" + server.port() + "\r\n";
      assertThat(server.requests())
          .containsExactly(
              "POST /auth/authenticate HTTP/1.1\r\n"
                  + host
                  + "Content-Length: 41\r\nContent-Type: application/json\r\n\r\n"
                  + "{\"username\":\"app\",\"password\":\"hush-hush\"}",
              "POST /stations/orders/produce/batch HTTP/1.1\r\n"
                  + host
                  + "Content-Length: 12\r\nContent-Type: application/json\r\n"
                  + ("Authorization: Bearer " + jwt + "\r\n\r\n")
                  + "[{\"a\":1},{}]");
    }
  }

  @Test
  void enqueue_manyAtOnce_authenticatesOnce() {
    int count = 300;
    try (HttpProxySender sender =
        builder(batch).batching(Batching.builder().maxMessages(10).build()).build()) {
      List<CompletableFuture<SendResult>> futures = new ArrayList<>();
      IntStream.range(0, count)
          .forEach(i -> futures.add(sender.enqueue("{\"n\":" + i + "}", "group", "stream")));
      sender.flush().join();

      assertThat(futures).allSatisfy(each -> assertThat(each).isCompleted());
    }
    assertThat(bodies()).hasSize(count).doesNotHaveDuplicates();
    assertThat(memphis.authentications()).isOne();
  }

  @Test
  void send_revokedToken_authenticatesOnceMoreWithTheCurrentPassword() {
    try (HttpProxySender sender = builder(single).build()) {
      sender.send(List.of("a"), "group", "stream");
      memphis.revokeTokens();
      memphis.user("app", "another");
      password.set("another");

      SendResult result = sender.send(List.of("b"), "group", "stream");

      assertThat(result.attempts())
          .extracting(Attempt::outcome)
          .containsExactly(Attempt.Outcome.UNAUTHENTICATED, Attempt.Outcome.ACCEPTED);
    }
    assertThat(bodies()).containsExactly("a", "b");
    assertThat(memphis.authentications()).isEqualTo(2);
  }

  @Test
  void send_tokenRefusedTwice_failsAsUnauthenticated() {
    memphis.always(Fault.status(401, "{\"message\":\"Unauthorized\"}"));

    AuthenticationException error = failure(AuthenticationException.class, single, "a");

    assertThat(error.retryable()).isFalse();
    assertThat(error.mayHaveBeenStored()).isFalse();
    assertThat(memphis.authentications()).isEqualTo(2);
    assertThat(memphis.requests()).isEqualTo(2);
  }

  @Test
  void send_wrongPassword_failsAsUnauthenticated() {
    password.set(SECRET + "?");

    AuthenticationException error = failure(AuthenticationException.class, single, "a");

    assertThat(error)
        .hasMessageContaining("HTTP 401")
        .hasMessageContaining("authentication of user \"app\" at " + memphis.address() + " failed");
    assertThat(memphis.requests()).isZero();
    assertThat(memphis.authentications()).isOne();
  }

  @Test
  void send_brokerDownAtAuthentication_triesAgain() {
    memphis.scriptAuthentication(
        Fault.status(500, "{\"message\":\"Server error\"}"), Fault.resetAfterRead());

    SendResult result = send(single, "a");

    assertThat(result.possibleDuplicate()).isFalse();
    assertThat(bodies()).containsExactly("a");
  }

  @Test
  void send_tokenOverByTheClockOfTheGateway_getsAnother() {
    MovableClock clock = new MovableClock();
    memphis.close();
    memphis = started(LocalMemphis.builder().clock(clock).tokenLifetime(Duration.ofSeconds(60)));
    try (HttpProxySender sender = builder(single).build()) {
      sender.send(List.of("a"), "group", "stream");
      clock.offset = Duration.ofSeconds(61);
      SendResult result = sender.send(List.of("b"), "group", "stream");

      assertThat(result.attempts()).hasSize(2);
    }
    assertThat(bodies()).containsExactly("a", "b");
    assertThat(memphis.authentications()).isEqualTo(2);
  }

  /** The gateway's clock, which need not agree with that of the sender. */
  private static final class MovableClock extends Clock {

    private volatile Duration offset = Duration.ZERO;

    @Override
    public Instant instant() {
      return Instant.now().plus(offset);
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @Test
  void send_schemaViolation_isRejectedWithoutTheMessage() {
    memphis.schema("orders", body -> !body.contains("bad"));

    RejectedException error = failure(RejectedException.class, single, "bad");

    assertThat(error.code()).isEqualTo("HTTP 400");
    assertThat(error).hasMessageContaining("schema validation").hasMessageNotContaining("bad");
    assertThat(error.mayHaveBeenStored()).isFalse();
    assertThat(memphis.requests()).isOne();
  }

  @Test
  void send_batchWithABadMessage_mayHaveBeenStoredInPart() {
    memphis.schema("orders", body -> !body.contains("bad"));

    RejectedException error =
        failure(RejectedException.class, batch, "{\"n\":1}", "{\"n\":\"bad\"}", "{\"n\":3}");

    assertThat(error.mayHaveBeenStored()).isTrue();
    assertThat(bodies()).containsExactly("{\"n\":1}");
  }

  @Test
  void send_batchThatFailsHalfWay_isRepeatedWholeAndSaysSo() {
    memphis.failAfter(1, "nats: stalled with 256 messages");

    SendResult result = send(batch, "{\"n\":1}", "{\"n\":2}");

    assertThat(bodies()).containsExactly("{\"n\":1}", "{\"n\":1}", "{\"n\":2}");
    assertThat(result.possibleDuplicate()).isTrue();
  }

  @Test
  void send_batchThatFailsHalfWay_atMostOnce_fails() {
    memphis.failAfter(1, "nats: stalled with 256 messages");
    RetryPolicy atMostOnce =
        RetryPolicy.builder().unknownOutcome(RetryPolicy.UnknownOutcome.FAIL).build();

    UnknownOutcomeException error;
    try (HttpProxySender sender = builder(batch).retry(atMostOnce).build()) {
      error =
          catchThrowableOfType(
              UnknownOutcomeException.class,
              () -> sender.send(List.of("{\"n\":1}", "{\"n\":2}"), "group", "stream"));
    }

    assertThat(error.mayHaveBeenStored()).isTrue();
    assertThat(bodies()).containsExactly("{\"n\":1}");
  }

  @Test
  void send_singleThatStalls_isRepeatedWithoutADuplicate() {
    memphis.failAfter(0, "nats: stalled with 256 messages");

    SendResult result = send(single, "a");

    assertThat(result.possibleDuplicate()).isFalse();
    assertThat(bodies()).containsExactly("a");
  }

  @Test
  void send_toTheOldVersion_worksAndItsCountsAreUnderstood() {
    memphis.close();
    memphis = started(LocalMemphis.builder().version(LocalMemphis.Version.V0_1));
    memphis.schema("orders", body -> !body.contains("bad"));

    send(batch, "{\"n\":1}");
    RejectedException some = failure(RejectedException.class, batch, "{\"n\":\"bad\"}", "{}");
    RejectedException none = failure(RejectedException.class, batch, "{\"n\":\"bad\"}");

    assertThat(some).hasMessageContaining("1 sent");
    assertThat(some.mayHaveBeenStored()).isTrue();
    assertThat(none.mayHaveBeenStored()).isFalse();
    assertThat(bodies()).containsExactly("{\"n\":1}", "{}");
  }

  @Test
  void send_batchOverTheLimitOfTheGateway_isSplit() {
    memphis.close();
    memphis = started(LocalMemphis.builder().maxRequestBytes(50));

    send(batch, "{\"n\":1000000}", "{\"n\":2000000}", "{\"n\":3000000}", "{\"n\":4000000}");

    assertThat(bodies())
        .containsExactlyInAnyOrder(
            "{\"n\":1000000}", "{\"n\":2000000}", "{\"n\":3000000}", "{\"n\":4000000}");
  }

  @Test
  void send_messageOverTheLimit_isRefusedBeforeAnythingLeaves() {
    int limit = 1_040_384;
    failure(MessageTooLargeException.class, single, "x".repeat(limit + 1));
    failure(MessageTooLargeException.class, batch, "{\"x\":\"" + "x".repeat(limit) + "\"}");
    assertThat(memphis.connections()).isZero();

    send(single, "x".repeat(limit));
    assertThat(memphis.storedCount()).isOne();
  }

  @Test
  void send_largestMessageWithTheLargestHeaders_isTaken() {
    String longOne = SECRET.repeat(280);
    password.set(longOne);
    memphis.user("app", longOne);

    send(single, "x".repeat(1_040_384));

    assertThat(memphis.stored().get(0).headers().get("authorization")).hasSizeGreaterThan(3_000);
  }

  @Test
  void send_messageThatTheBrokerFindsTooLarge_isTooLarge() {
    MemphisProtocol larger = orders().maxRequestBytes(4 * 1024 * 1024).build();
    for (int size : new int[] {1_048_400, 1_048_576, 1_048_577, 4_194_304}) {
      MessageTooLargeException error =
          failure(MessageTooLargeException.class, larger, "x".repeat(size));
      assertThat(error).hasMessageContaining("HTTP 500");
      assertThat(error.mayHaveBeenStored()).isFalse();
      assertThat(error.attempts()).hasSize(1);
    }
  }

  @Test
  void send_stationBeingMade_isTriedAgainWithoutBlame() {
    memphis.script(
        Fault.status(
            500,
            "{\"error\":\"Stationorders already exists\",\"success\":false}",
            "Content-Type: application/json"));
    RetryPolicy atMostOnce =
        RetryPolicy.builder().unknownOutcome(RetryPolicy.UnknownOutcome.FAIL).build();
    try (HttpProxySender sender = builder(single).retry(atMostOnce).build()) {
      SendResult result = sender.send(List.of("a"), "group", "stream");

      assertThat(result.possibleDuplicate()).isFalse();
      assertThat(result.attempts())
          .extracting(Attempt::outcome)
          .startsWith(Attempt.Outcome.REFUSED);
    }
    assertThat(bodies()).containsExactly("a");
  }

  /** Side by side, all but one would be refused: the station is made with the first. */
  @Test
  void sendAsync_manyFirstMessagesAtOnce_areAllTakenAtTheFirstAttempt() {
    memphis.close();
    memphis = started(LocalMemphis.builder().stationSetUp(Duration.ofMillis(20)));
    MemphisProtocol stations = MemphisProtocol.builder().user("app", password::get).build();
    try (HttpProxySender sender = builder(stations).build()) {
      List<CompletableFuture<SendResult>> futures =
          IntStream.range(0, 60)
              .mapToObj(i -> sender.sendAsync(List.of("m" + i), "group", "station" + i % 3))
              .toList();
      sender.flush().join();

      assertThat(futures).allSatisfy(each -> assertThat(each.join().attempts()).hasSize(1));
    }
    assertThat(bodies()).hasSize(60).doesNotHaveDuplicates();
    assertThat(memphis.requests()).isEqualTo(60);
  }

  @Test
  void send_unansweredRequest_getsANewTokenForTheNextAttempt() {
    memphis.script(Fault.noResponse());
    try (HttpProxySender sender = builder(single).requestTimeout(Duration.ofSeconds(1)).build()) {
      SendResult result = sender.send(List.of("a"), "group", "stream");

      assertThat(result.attempts())
          .extracting(Attempt::outcome)
          .startsWith(Attempt.Outcome.TIMED_OUT)
          .endsWith(Attempt.Outcome.ACCEPTED);
    }
    assertThat(memphis.authentications()).isGreaterThan(1);
  }

  @Test
  void requestTimeout_isAsLongAsAStallTakes() {
    assertThat(single.requestTimeout()).isEqualTo(Duration.ofSeconds(20));
  }

  @Test
  void send_passwordTooLongForTheHeaders_isRejected() {
    String longOne = SECRET.repeat(400);
    password.set(longOne);
    memphis.user("app", longOne);

    RejectedException error = failure(RejectedException.class, single, "a");

    assertThat(error.code()).isEqualTo("HTTP 431");
    assertThat(memphis.requests()).isLessThanOrEqualTo(1);
  }

  @Test
  void send_gatewayDown_goesToAnotherWithTheSameToken() {
    try (LocalMemphis other = LocalMemphis.start();
        HttpProxySender sender = builder(single).nodes(memphis.url(), other.url()).build()) {
      other.user("app", SECRET);
      sender.send(List.of("a"), "group", "stream");
      long authentications = memphis.authentications() + other.authentications();
      memphis.stop();

      for (int i = 0; i < 10; i++) {
        sender.send(List.of("b" + i), "group", "stream");
      }

      assertThat(memphis.storedCount() + other.storedCount()).isEqualTo(11);
      assertThat(other.storedCount()).isGreaterThanOrEqualTo(10);
      assertThat(memphis.authentications() + other.authentications()).isEqualTo(authentications);
    }
  }

  @Test
  void send_storedAndNoResponse_isAPossibleDuplicate() {
    memphis.script(Fault.storeThenReset());

    assertThat(send(single, "a").possibleDuplicate()).isTrue();
    assertThat(bodies()).containsExactly("a", "a");
  }

  @Test
  void token_holdsThePassword_whichIsWhyNothingShowsIt() {
    send(single, "a");

    String token = memphis.stored().get(0).headers().get("authorization");
    String payload = token.substring(token.indexOf('.') + 1, token.lastIndexOf('.'));
    assertThat(new String(Base64.getUrlDecoder().decode(payload), UTF_8)).contains(SECRET);
    assertThat(memphis.stored().get(0).toString()).matches(text -> !leaks(text));
  }
}
