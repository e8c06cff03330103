package io.github.httpreport.memphis;

import static io.github.httpreport.memphis.FakeGateway.NODE;
import static io.github.httpreport.memphis.FakeGateway.jwt;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.httpreport.Destination;
import io.github.httpreport.Message;
import io.github.httpreport.http.ExchangeException;
import io.github.httpreport.http.Request;
import io.github.httpreport.protocol.Payload;
import io.github.httpreport.protocol.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** The life of the token that all requests share, by the times of the attempts alone. */
class MemphisTokenTest {

  private static final String FAILED = "authentication of user \"app\" at gw:4444 failed: ";
  private static final Instant START = Instant.parse("2031-05-06T07:08:09Z");
  private static final Instant END = START.plus(Duration.ofMinutes(15));

  private final FakeGateway gateway = new FakeGateway();
  private final Queue<String> passwords =
      new ArrayDeque<>(List.of("hush", "hush-2", "hush-3", "hush-4"));
  private final MemphisProtocol protocol =
      MemphisProtocol.builder().station("orders").user("app", passwords::remove).build();
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

  @BeforeEach
  void capture() {
    logged.start();
    logger().addAppender(logged);
  }

  @AfterEach
  void release() {
    logger().detachAppender(logged);
    assertThat(logged.list).noneMatch(event -> event.getFormattedMessage().contains("hush"));
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger("io.github.httpreport.memphis");
  }

  private CompletableFuture<Verdict> authenticate() {
    return protocol.authenticate(NODE, Optional.empty(), gateway).toCompletableFuture();
  }

  private CompletableFuture<Verdict> authenticate(Request refused) {
    return protocol.authenticate(NODE, Optional.of(refused), gateway).toCompletableFuture();
  }

  private Request request(Instant now) {
    Payload payload = protocol.encode(new Destination("g", "s"), List.of(Message.of("body")), now);
    return protocol.request(payload, NODE, now);
  }

  private static Optional<String> authorization(Request request) {
    return Optional.ofNullable(request.headers().get("Authorization"));
  }

  /** Goes the way of a first delivery. */
  private String holdToken(Instant end) {
    assertThat(protocol.isAuthenticated(START)).isFalse();
    CompletableFuture<Verdict> verdict = authenticate();
    String jwt = jwt(end);
    gateway.respondWithToken(jwt);
    assertThat(verdict.join()).isEqualTo(Verdict.Accepted.of("HTTP 200"));
    return jwt;
  }

  @Test
  void request_afterAuthentication_carriesTheToken() {
    String jwt = holdToken(END);

    assertThat(protocol.isAuthenticated(START)).isTrue();
    assertThat(authorization(request(START))).contains("Bearer " + jwt);
    Request asked = gateway.requests().get(0);
    assertThat(asked).hasToString("POST http://gw:4444/auth/authenticate (36 bytes)");
    assertThat(asked.contentType()).isEqualTo("application/json");
    assertThat(asked.headers()).isEmpty();
    assertThat(asked.body())
        .asString(UTF_8)
        .isEqualTo("{\"username\":\"app\",\"password\":\"hush\"}");
  }

  @Test
  void authenticate_otherSettings_areInItsBody() {
    MemphisProtocol other =
        MemphisProtocol.builder()
            .station("orders")
            .connectionToken("app", () -> "a \"token\"")
            .accountId(7)
            .tokenLifetime(Duration.ofHours(2))
            .build();

    other.authenticate(NODE, Optional.empty(), gateway);

    assertThat(gateway.requests().get(0).body())
        .asString(UTF_8)
        .isEqualTo(
            "{\"username\":\"app\",\"connection_token\":\"a \\\"token\\\"\",\"account_id\":7,"
                + "\"token_expiry_in_minutes\":120}");
  }

  @Test
  void authenticate_severalAtOnce_asksOnce() throws Exception {
    int callers = 16;
    assertThat(protocol.isAuthenticated(START)).isFalse();
    CountDownLatch ready = new CountDownLatch(callers);
    List<Future<CompletableFuture<Verdict>>> calls = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(callers);
    try {
      for (int i = 0; i < callers; i++) {
        calls.add(
            threads.submit(
                () -> {
                  ready.countDown();
                  assertThat(ready.await(10, TimeUnit.SECONDS)).isTrue();
                  return authenticate();
                }));
      }
      List<CompletableFuture<Verdict>> waiting = new ArrayList<>();
      for (Future<CompletableFuture<Verdict>> call : calls) {
        waiting.add(call.get(10, TimeUnit.SECONDS));
      }
      assertThat(gateway.requests()).hasSize(1);
      assertThat(waiting).noneMatch(CompletableFuture::isDone);

      gateway.respondWithToken(jwt(END));

      assertThat(waiting)
          .allSatisfy(each -> assertThat(each.join()).isInstanceOf(Verdict.Accepted.class));
      assertThat(gateway.requests()).hasSize(1);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void authenticate_tokenCameBetweenQuestionAndCall_asksNobody() {
    assertThat(protocol.isAuthenticated(START)).isFalse();
    holdToken(END);

    assertThat(authenticate().join()).isInstanceOf(Verdict.Accepted.class);
    assertThat(gateway.requests()).hasSize(1);
  }

  @Test
  void isAuthenticated_nearTheEnd_renewsWhileTheOldTokenIsUsed() {
    String old = holdToken(END);
    Instant soon = END.minusSeconds(30);
    assertThat(protocol.isAuthenticated(soon.minusMillis(1))).isTrue();

    assertThat(protocol.isAuthenticated(soon)).isFalse();
    assertThat(authenticate()).isDone();
    assertThat(gateway.requests()).hasSize(2);
    assertThat(protocol.isAuthenticated(soon)).as("while it is renewed").isTrue();
    assertThat(authorization(request(soon))).contains("Bearer " + old);

    String fresh = jwt(END.plusSeconds(900));
    gateway.respondWithToken(fresh);

    assertThat(authorization(request(soon))).contains("Bearer " + fresh);
    assertThat(protocol.isAuthenticated(END)).isTrue();
  }

  @Test
  void isAuthenticated_renewalFails_holdsUpNobodyUntilTheEnd() {
    String old = holdToken(END);
    Instant soon = END.minusSeconds(30);
    assertThat(protocol.isAuthenticated(soon)).isFalse();
    assertThat(authenticate().join()).isInstanceOf(Verdict.Accepted.class);
    gateway.respond(500, "{\"message\":\"Server error\"}");

    assertThat(protocol.isAuthenticated(soon.plusSeconds(9))).as("not again at once").isTrue();
    assertThat(authorization(request(soon))).contains("Bearer " + old);
    assertThat(protocol.isAuthenticated(soon.plusSeconds(19))).as("but later").isFalse();
    assertThat(authenticate().join()).isInstanceOf(Verdict.Accepted.class);
    gateway.fail(
        new ExchangeException(ExchangeException.Kind.NOT_CONNECTED, "no connection to gw", null));
    assertThat(protocol.isAuthenticated(END.minusMillis(1001))).isTrue();

    assertThat(protocol.isAuthenticated(END)).isFalse();
    CompletableFuture<Verdict> last = authenticate();
    assertThat(last).isNotDone();
    gateway.respondWithToken(jwt(END.plusSeconds(900)));
    assertThat(last.join()).isInstanceOf(Verdict.Accepted.class);
    assertThat(logged.list)
        .extracting(ILoggingEvent::getLevel, ILoggingEvent::getFormattedMessage)
        .containsExactly(
            tuple(
                Level.WARN,
                "The Memphis gateway gives no token: authentication of user \"app\" at gw:4444"
                    + " failed: HTTP 500, application/json, 26 bytes"),
            tuple(Level.INFO, "The Memphis gateway gives tokens again"));
  }

  @Test
  void authenticate_refusedToken_isReplacedWithTheCurrentPassword() {
    holdToken(END);
    Request refused = request(START);

    CompletableFuture<Verdict> verdict = authenticate(refused);
    assertThat(protocol.isAuthenticated(START)).isFalse();
    gateway.respondWithToken(jwt(END.plusSeconds(1)));

    assertThat(verdict.join()).isInstanceOf(Verdict.Accepted.class);
    assertThat(protocol.isAuthenticated(START)).isTrue();
    assertThat(gateway.requests().get(1).body()).asString(UTF_8).contains("\"hush-2\"");
  }

  @Test
  void authenticate_lateRefusalOfAReplacedToken_asksNobody() {
    holdToken(END);
    Request late = request(START);
    authenticate(request(START));
    String fresh = jwt(END.plusSeconds(1));
    gateway.respondWithToken(fresh);

    assertThat(authenticate(late)).isCompletedWithValueMatching(Verdict.Accepted.class::isInstance);

    assertThat(gateway.requests()).hasSize(2);
    assertThat(protocol.isAuthenticated(START)).isTrue();
    assertThat(authorization(request(START))).contains("Bearer " + fresh);
  }

  @Test
  void authenticate_refusedWhileItIsRenewed_waitsForThatOne() {
    holdToken(END);
    Instant soon = END.minusSeconds(10);
    Request refused = request(soon);
    assertThat(protocol.isAuthenticated(soon)).isFalse();
    authenticate();

    CompletableFuture<Verdict> verdict = authenticate(refused);

    assertThat(verdict).isNotDone();
    assertThat(gateway.requests()).hasSize(2);
    gateway.respondWithToken(jwt(END.plusSeconds(900)));
    assertThat(verdict.join()).isInstanceOf(Verdict.Accepted.class);
  }

  @Test
  void isCurrent_isOfTheNewestTokenOnly() {
    holdToken(END);
    Request old = request(START);
    assertThat(protocol.isCurrent(old)).isTrue();

    authenticate(old);
    gateway.respondWithToken(jwt(END.plusSeconds(1)));

    assertThat(protocol.isCurrent(old)).isFalse();
    assertThat(protocol.isCurrent(request(START))).isTrue();
  }

  /** Its connection to the broker may hang: its own messages wait for another, others do not. */
  @Test
  void renewsCredentialsAfter_aTimeout_whileOthersUseTheOldToken() {
    String old = holdToken(END);
    Request hanging = request(START);
    assertThat(protocol.renewsCredentialsAfter(hanging)).isTrue();
    assertThat(protocol.renewsCredentialsAfter(hanging)).as("of another request").isTrue();

    CompletableFuture<Verdict> itsOwn = authenticate(hanging);
    assertThat(itsOwn).isNotDone();
    assertThat(protocol.isAuthenticated(START)).as("for others").isTrue();
    assertThat(authenticate()).isDone();
    assertThat(authorization(request(START))).contains("Bearer " + old);
    assertThat(gateway.requests()).hasSize(2);

    gateway.respondWithToken(jwt(END.plusSeconds(1)));

    assertThat(itsOwn.join()).isInstanceOf(Verdict.Accepted.class);
    assertThat(protocol.renewsCredentialsAfter(hanging)).as("with the token of before").isFalse();
    assertThat(protocol.isAuthenticated(START)).isTrue();
    assertThat(gateway.requests()).hasSize(2);
  }

  @Test
  void renewsCredentialsAfter_noNewTokenToBeHad_waitsWithItsOwnOnly() {
    holdToken(END);
    Request hanging = request(START);
    protocol.renewsCredentialsAfter(hanging);
    CompletableFuture<Verdict> itsOwn = authenticate(hanging);
    gateway.respond(500, "{\"message\":\"nats: connection closed\"}");

    assertThat(itsOwn.join()).isInstanceOf(Verdict.Retry.class);
    assertThat(protocol.isAuthenticated(START.plusSeconds(1))).isTrue();
    CompletableFuture<Verdict> again = authenticate(hanging);
    assertThat(again).isNotDone();
    gateway.respondWithToken(jwt(END.plusSeconds(1)));
    assertThat(again.join()).isInstanceOf(Verdict.Accepted.class);
  }

  @Test
  void isAuthenticated_refusedTokenAndNoNewOne_staysFalse() {
    holdToken(END);
    CompletableFuture<Verdict> verdict = authenticate(request(START));
    gateway.respond(401, "{\"message\":\"Unauthorized\"}");

    assertThat(verdict.join())
        .isEqualTo(
            Verdict.Rejected.of("HTTP 401", FAILED + "HTTP 401, application/json, 26 bytes"));
    assertThat(protocol.isAuthenticated(START.plusSeconds(1))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"exp\":\"soon\"}",
        "{\"exp\":-5}",
        "{\"exp\":1e300}",
        "{\"exp\":9223372036854775807}",
        "{\"exp\":1}",
        "not json"
      })
  void isAuthenticated_tokenWithoutAnEndToBelieve_isGoodUntilRefused(String payload) {
    assertThat(protocol.isAuthenticated(START)).isFalse();
    authenticate();
    gateway.respondWithToken(jwt(payload));

    assertThat(protocol.isAuthenticated(START.plus(Duration.ofDays(10_000)))).isTrue();

    authenticate(request(START));
    assertThat(protocol.isAuthenticated(START)).isFalse();
    assertThat(gateway.requests()).hasSize(2);
  }

  @Test
  void isAuthenticated_clockAheadOfTheGateways_doesNotAskForEachRequest() {
    holdToken(START.minusSeconds(3));

    assertThat(protocol.isAuthenticated(START.plusSeconds(1))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "{\"jwt\":null}",
        "{\"jwt\":7}",
        "{\"jwt\":\"\"}",
        "{\"jwt\":\"one.two\"}",
        "{\"jwt\":\"a.b.c\\r\\nX: y\"}",
        "{\"jwt\":\"a.b.c",
        "<html>"
      })
  void authenticate_answerWithoutAToken_isWorthAnotherTry(String body) {
    CompletableFuture<Verdict> verdict = authenticate();

    gateway.respond(200, body);

    assertThat(verdict.join()).isInstanceOf(Verdict.Retry.class);
    assertThat(protocol.isAuthenticated(START)).isFalse();
  }

  @Test
  void authenticate_responsesOfAllKinds_failWithoutTheirText() {
    for (int status : new int[] {301, 400, 401, 403, 413, 431}) {
      CompletableFuture<Verdict> verdict = ask();
      gateway.respond(status, "{\"message\":\"hush is wrong\"}");
      assertThat(verdict.join())
          .isEqualTo(
              Verdict.Rejected.of(
                  "HTTP " + status, FAILED + "HTTP " + status + ", application/json, 27 bytes"));
    }
    for (int status : new int[] {404, 429, 500, 502, 503}) {
      CompletableFuture<Verdict> verdict = ask();
      gateway.respond(status, "{\"message\":\"hush is wrong\"}");
      assertThat(verdict.join())
          .isInstanceOfSatisfying(
              Verdict.Retry.class,
              retry -> assertThat(retry.reason()).startsWith(FAILED).doesNotContain("hush"));
    }
  }

  private CompletableFuture<Verdict> ask() {
    return MemphisProtocol.builder()
        .user("app", () -> "hush")
        .build()
        .authenticate(NODE, Optional.empty(), gateway)
        .toCompletableFuture();
  }

  @Test
  void authenticate_noAnswer_failsSoAndTheNextAsksAgain() {
    ExchangeException error =
        new ExchangeException(ExchangeException.Kind.TIMED_OUT, "no answer from gw", null);
    CompletableFuture<Verdict> verdict = authenticate();
    gateway.fail(error);

    assertThat(verdict).isCompletedExceptionally();
    assertThat(verdict.handle((any, e) -> e).join())
        .hasRootCause(error)
        .cause()
        .hasMessage(FAILED + "no answer from gw")
        .isInstanceOfSatisfying(
            ExchangeException.class,
            e -> assertThat(e.kind()).isEqualTo(ExchangeException.Kind.TIMED_OUT));
    authenticate();
    assertThat(gateway.requests()).hasSize(2);
  }

  @Test
  void authenticate_supplierFails_saysSoWithoutItsWords() {
    MemphisProtocol throwing =
        MemphisProtocol.builder()
            .station("orders")
            .user(
                "app",
                () -> {
                  throw new IllegalStateException("hush");
                })
            .build();

    for (int i = 0; i < 2; i++) {
      assertThat(throwing.authenticate(NODE, Optional.empty(), gateway))
          .isCompletedWithValue(
              Verdict.Rejected.of(
                  "", "no credentials: the supplier of the password threw IllegalStateException"));
    }
    assertThat(gateway.requests()).isEmpty();
  }

  @Test
  void authenticate_supplierGivesNothing_saysSo() {
    MemphisProtocol empty = MemphisProtocol.builder().connectionToken("app", () -> "").build();

    assertThat(empty.authenticate(NODE, Optional.empty(), gateway))
        .isCompletedWithValue(
            Verdict.Rejected.of(
                "", "no credentials: the supplier of the connection token gave none"));
  }

  @Test
  void request_beforeAnyToken_carriesNone() {
    assertThat(authorization(request(START))).isEmpty();
  }

  /** It holds the password. */
  @Test
  void toString_token_showsItsEndOnly() {
    assertThat(Token.read(jwt(END), END.minusSeconds(60)))
        .hasValueSatisfying(token -> assertThat(token).hasToString("Token[until " + END + ']'));
  }

  @Test
  void copies_haveTokensOfTheirOwn() {
    holdToken(END);

    assertThat(MemphisProtocol.builder().user("app", () -> "hush").build().isAuthenticated(START))
        .isFalse();
    assertThat(protocol.isAuthenticated(START)).isTrue();
  }
}
