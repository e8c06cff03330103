package io.github.httpreport.contract;

import static io.github.httpreport.contract.RespondingServer.respondAndClose;
import static io.github.httpreport.contract.RespondingServer.response;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.github.httpreport.Attempt;
import io.github.httpreport.CloseSummary;
import io.github.httpreport.Destination;
import io.github.httpreport.HttpProxySender;
import io.github.httpreport.Message;
import io.github.httpreport.ProxySender;
import io.github.httpreport.RetryPolicy;
import io.github.httpreport.RetryPolicy.UnknownOutcome;
import io.github.httpreport.SendResult;
import io.github.httpreport.contract.ErrorResponse.Meaning;
import io.github.httpreport.contract.RespondingServer.Reaction;
import io.github.httpreport.error.DeliveryTimeoutException;
import io.github.httpreport.error.MessageTooLargeException;
import io.github.httpreport.error.RejectedException;
import io.github.httpreport.error.SendException;
import io.github.httpreport.error.UnknownOutcomeException;
import io.github.httpreport.http.Exchange;
import io.github.httpreport.http.Response;
import io.github.httpreport.node.Node;
import io.github.httpreport.node.NodeList;
import io.github.httpreport.node.NodeSource;
import io.github.httpreport.node.Seed;
import io.github.httpreport.protocol.Payload;
import io.github.httpreport.protocol.Verdict;
import io.github.httpreport.protocol.WireProtocol;
import io.github.httpreport.testsupport.ScriptedServer;
import io.github.httpreport.testsupport.Summaries;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every protocol does, whatever its server: a subclass brings the protocol, the test kit's
 * server, and the bytes of its answers.
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract class ProtocolContract {

  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final String GROUP = "group";
  private static final String STREAM = "stream";
  private static final Destination DESTINATION = new Destination(GROUP, STREAM);
  private static final Node NODE = Node.of("127.0.0.1", 4711);
  private static final String CANARY = "canary-4711";
  private static final int FUZZ_ROUNDS = 3_000;

  private final List<AutoCloseable> open = new ArrayList<>();

  // What a subclass brings.

  /** The protocol with credentials, ready for any server; waits of its own as short as can be. */
  abstract WireProtocol protocol();

  /** The test kit's server, which takes {@link #protocol()} to group "group", stream "stream". */
  abstract StandIn standIn();

  /** A message that the server takes and keeps as it is, with a text that needs no escaping. */
  abstract String body(String text);

  /** The whole answer of a well server to a request, one char for a byte. */
  abstract String success(String request);

  /** Answers that are no success; each class of them at least once. */
  abstract Stream<ErrorResponse> errorResponses();

  /** Whether a request is a report, and not one for credentials. */
  boolean isReport(String request) {
    return true;
  }

  /** What must never be seen besides bodies. */
  List<String> secrets() {
    return List.of();
  }

  /** Whether messages may have keys. */
  boolean takesKeys() {
    return false;
  }

  @AfterEach
  void closeAll() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
    open.clear();
  }

  // Round trip.

  @Test
  void send_goodBodies_arriveOnceAndWhole() {
    StandIn server = opened(standIn());
    List<String> bodies = bodies(3);

    SendResult result = sender(server.address()).send(bodies, GROUP, STREAM);

    assertSame(server.bodies(), bodies);
    assertThat(result.node()).isEqualTo(server.address());
    assertThat(result.messageCount()).isEqualTo(3);
    assertThat(result.possibleDuplicate()).isFalse();
  }

  @Test
  void name_isOneThatAStoredBatchCanKeep() {
    assertThat(protocol().payloadFormat())
        .matches("[A-Za-z-]{1,40}")
        .isEqualTo(protocol().payloadFormat());
  }

  @Test
  void send_textsOfAllKinds_arriveAsTheyAre() {
    StandIn server = opened(standIn());
    List<String> bodies =
        Stream.of(
                "a+b & c=d; 100% #1", "\u6570\u636e", "\uD83D\uDE00", "\u00e9\u0101", "~{[<>]}|^`")
            .map(this::body)
            .toList();

    sender(server.address()).send(bodies, GROUP, STREAM);

    assertSame(server.bodies(), bodies);
  }

  @Test
  void enqueue_manyBodies_arriveOnceEach() {
    StandIn server = opened(standIn());
    ProxySender sender = sender(server.address());
    List<String> bodies = bodies(1_200);

    List<CompletableFuture<SendResult>> futures =
        bodies.stream().map(body -> sender.enqueue(body, GROUP, STREAM)).toList();

    assertThat(sender.flush()).succeedsWithin(TEN_SECONDS);
    assertThat(futures).allSatisfy(future -> assertThat(future).isCompleted());
    assertSame(server.bodies(), bodies);
    assertThat(sender.close(TEN_SECONDS)).isEqualTo(Summaries.of(1_200, 0, 0, 0));
  }

  // Error classes.

  @ParameterizedTest
  @MethodSource("errorResponses")
  void send_errorAnswerOnce_isActedOnByItsClass(ErrorResponse error) {
    RespondingServer server = responding(response(error.response()));
    List<String> bodies = bodies(error.meaning() == Meaning.SPLIT ? 2 : 1);

    switch (error.meaning()) {
      case REJECTED, REJECTED_UNCLEAR -> {
        RejectedException e =
            catchThrowableOfType(
                RejectedException.class,
                () -> sender(server.address()).send(bodies, GROUP, STREAM));
        assertThat(e.code()).isEqualTo(error.code());
        assertThat(e.retryable()).isFalse();
        assertThat(e.mayHaveBeenStored()).isEqualTo(error.meaning() == Meaning.REJECTED_UNCLEAR);
        assertThat(e).hasMessageContaining(error.code()).hasMessageContaining(server.address());
        assertThat(server.reports()).hasSize(1);
      }
      default -> {
        SendResult result = sender(server.address()).send(bodies, GROUP, STREAM);
        assertThat(result.messageCount()).isEqualTo(bodies.size());
        assertThat(result.attempts().get(0).code()).isEqualTo(error.code());
        assertThat(result.possibleDuplicate())
            .isEqualTo(error.meaning() == Meaning.RETRIED_UNCLEAR);
        assertThat(server.reports()).hasSize(1 + bodies.size());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("errorResponses")
  void send_errorResponseAlways_failsAndNamesTheCode(ErrorResponse error) {
    RespondingServer server = respondingAlways(response(error.response()));

    SendException e =
        catchThrowableOfType(
            SendException.class,
            () ->
                opened(builder(server.address()).retry(attempts(2)).build())
                    .send(bodies(1), GROUP, STREAM));

    boolean again = error.meaning() == Meaning.RETRIED || isUnclearRetry(error);
    assertThat(e.retryable()).isEqualTo(again);
    assertThat(e.mayHaveBeenStored())
        .isEqualTo(isUnclearRetry(error) || error.meaning() == Meaning.REJECTED_UNCLEAR);
    assertThat(e.attempts()).extracting(Attempt::code).containsOnly(error.code());
    assertThat(e).hasMessageContaining(error.code());
  }

  private static boolean isUnclearRetry(ErrorResponse error) {
    return error.meaning() == Meaning.RETRIED_UNCLEAR;
  }

  @ParameterizedTest
  @MethodSource("errorResponses")
  void send_atMostOnce_triesAgainOnlyWhatWasNotStored(ErrorResponse error) {
    RespondingServer server = responding(response(error.response()));
    ProxySender sender = opened(builder(server.address()).retry(atMostOnce()).build());
    List<String> bodies = bodies(error.meaning() == Meaning.SPLIT ? 2 : 1);

    switch (error.meaning()) {
      case RETRIED_UNCLEAR -> {
        assertThatThrownBy(() -> sender.send(bodies, GROUP, STREAM))
            .isInstanceOf(UnknownOutcomeException.class);
        assertThat(server.reports()).hasSize(1);
      }
      case REJECTED, REJECTED_UNCLEAR ->
          assertThatThrownBy(() -> sender.send(bodies, GROUP, STREAM))
              .isInstanceOf(RejectedException.class);
      default ->
          assertThat(sender.send(bodies, GROUP, STREAM).messageCount()).isEqualTo(bodies.size());
    }
  }

  // Another node.

  @Test
  void send_firstNodeAbsent_goesToTheOther() {
    String absent = responding().address();
    closeLast();
    RespondingServer well = responding();

    SendResult result = firstListed(absent, well.address()).send(bodies(1), GROUP, STREAM);

    assertThat(result.node()).isEqualTo(well.address());
    assertThat(result.attempts())
        .extracting(Attempt::outcome)
        .containsExactly(Attempt.Outcome.NOT_CONNECTED, Attempt.Outcome.ACCEPTED);
    assertThat(result.possibleDuplicate()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(
      value = Meaning.class,
      names = {"RETRIED", "RETRIED_UNCLEAR"})
  void send_firstNodeUnhealthy_goesToTheOther(Meaning meaning) {
    ErrorResponse error =
        errorResponses().filter(each -> each.meaning() == meaning).findFirst().orElseThrow();
    RespondingServer unwell = respondingAlways(response(error.response()));
    RespondingServer well = responding();

    SendResult result =
        firstListed(unwell.address(), well.address()).send(bodies(1), GROUP, STREAM);

    assertThat(result.node()).isEqualTo(well.address());
    assertThat(unwell.reports()).hasSize(1);
    assertThat(well.reports()).hasSize(1);
  }

  // Unknown outcome.

  @Test
  void send_connectionLostAfterTheRequest_isSentAgainAndSaysSo() {
    RespondingServer server = responding(RespondingServer.reset());

    SendResult result = sender(server.address()).send(bodies(1), GROUP, STREAM);

    assertThat(result.attempts())
        .extracting(Attempt::outcome)
        .containsExactly(Attempt.Outcome.CONNECTION_LOST, Attempt.Outcome.ACCEPTED);
    assertThat(result.possibleDuplicate()).isTrue();
  }

  @Test
  void send_noAnswerInTime_isSentAgainAndSaysSo() {
    RespondingServer server = responding(RespondingServer.silence());

    SendResult result =
        opened(builder(server.address()).requestTimeout(SHORT).build())
            .send(bodies(1), GROUP, STREAM);

    assertThat(result.attempts().get(0).outcome()).isEqualTo(Attempt.Outcome.TIMED_OUT);
    assertThat(result.possibleDuplicate()).isTrue();
  }

  @Test
  void send_outcomeUnknownAndAtMostOnce_failsAfterOneReport() {
    RespondingServer server = responding(RespondingServer.reset());

    UnknownOutcomeException error =
        catchThrowableOfType(
            UnknownOutcomeException.class,
            () ->
                opened(builder(server.address()).retry(atMostOnce()).build())
                    .send(bodies(1), GROUP, STREAM));

    assertThat(error.mayHaveBeenStored()).isTrue();
    assertThat(server.reports()).hasSize(1);
  }

  // Cancellation and closing.

  @Test
  void sendAsync_futureCancelled_isAccountedForAndTheSenderGoesOn() {
    RespondingServer server = responding(RespondingServer.silence());
    // A protocol may hold the second message back until the first has its response or its time-out.
    ProxySender sender =
        opened(builder(server.address()).requestTimeout(Duration.ofSeconds(1)).build());

    CompletableFuture<SendResult> future = sender.sendAsync(bodies(1), GROUP, STREAM);
    Awaitility.await().atMost(TEN_SECONDS).until(() -> !server.reports().isEmpty());
    assertThat(future.cancel(true)).isTrue();

    sender.send(bodies(2), GROUP, STREAM);
    CloseSummary summary = sender.close(Duration.ofMillis(200));
    assertThat(summary.sent() + summary.failed() + summary.abandoned()).isEqualTo(3);
    assertThat(summary.sent()).isGreaterThanOrEqualTo(2);
  }

  @Test
  void close_serverSilent_failsTheFutureAsPossiblyStored() {
    RespondingServer server = respondingAlways(RespondingServer.silence());
    ProxySender sender = sender(server.address());
    CompletableFuture<SendResult> future = sender.sendAsync(bodies(2), GROUP, STREAM);
    Awaitility.await().atMost(TEN_SECONDS).until(() -> !server.reports().isEmpty());

    assertThat(sender.close(Duration.ZERO)).isEqualTo(Summaries.of(0, 0, 0, 2));
    assertThat(future)
        .failsWithin(TEN_SECONDS)
        .withThrowableOfType(ExecutionException.class)
        .havingCause()
        .asInstanceOf(type(DeliveryTimeoutException.class))
        .satisfies(error -> assertThat(error.mayHaveBeenStored()).isTrue());
  }

  // Limits.

  @Test
  void send_moreMessagesThanARequestHolds_arriveOnceInSeveral() {
    StandIn server = opened(standIn());
    List<String> bodies = bodies(protocol().maxBatchMessages() + 1);

    SendResult result = sender(server.address()).send(bodies, GROUP, STREAM);

    assertThat(result.messageCount()).isEqualTo(bodies.size());
    assertSame(server.bodies(), bodies);
  }

  @Test
  void send_moreBytesThanTheNodesTake_arriveOnceInSeveralRequestsOfThatSize() {
    StandIn server = opened(standIn());
    List<String> bodies = bodies(40);
    long limit = sizeOf(bodies.subList(0, 7)) + 1;
    ProxySender sender = limited(server.address(), limit);
    sender.send(bodies(1), GROUP, STREAM);

    sender.send(bodies, GROUP, STREAM);

    List<String> expected = new ArrayList<>(bodies);
    expected.addAll(bodies(1));
    assertSame(server.bodies(), expected);
  }

  @Test
  void send_overTheLimitOfTheNodes_makesNoRequestLargerThanIt() {
    RespondingServer server = responding();
    List<String> bodies = bodies(40);
    long limit = sizeOf(bodies.subList(0, 7)) + 1;

    limited(server.address(), limit).send(bodies, GROUP, STREAM);

    int fewest = Math.max(6, 40 / protocol().maxBatchMessages());
    assertThat(server.reports())
        .hasSizeGreaterThanOrEqualTo(fewest)
        .allSatisfy(
            report -> assertThat((long) entity(report).length()).isLessThanOrEqualTo(limit));
  }

  @Test
  void send_oneMessageOverTheLimit_failsBeforeAnythingIsSent() {
    RespondingServer server = responding();
    String large = body("x".repeat(5_000));

    MessageTooLargeException error =
        catchThrowableOfType(
            MessageTooLargeException.class,
            () ->
                limited(server.address(), sizeOf(bodies(2)))
                    .send(List.of(bodies(1).get(0), large), GROUP, STREAM));

    assertThat(error).hasMessageContaining("body 1");
    assertThat(error.mayHaveBeenStored()).isFalse();
    assertThat(server.reports()).isEmpty();
  }

  @Test
  void sizeOf_messages_isWhatTheyTakeInTheRequestAtLeast() {
    WireProtocol protocol = protocol();
    List<Message> messages =
        Stream.of("a", "\u6570\u636e", "\uD83D\uDE00", "a+b & c=d; 100%")
            .map(text -> Message.of(body(text)))
            .limit(protocol.maxBatchMessages())
            .toList();
    long expected = protocol.overheadOf(DESTINATION);
    for (Message message : messages) {
      expected += protocol.sizeOf(message);
    }

    Payload payload = protocol.encode(DESTINATION, messages, Instant.EPOCH);

    assertThat((long) payload.size()).isLessThanOrEqualTo(expected).isGreaterThan(expected - 200);
    assertThat(payload.messageCount()).isEqualTo(messages.size());
  }

  @Test
  void slice_partOfABatch_isWhatEncodingThatPartGives() {
    WireProtocol protocol = protocol();
    int count = Math.min(5, protocol.maxBatchMessages());
    List<Message> messages = bodies(count).stream().map(Message::of).toList();
    Payload whole = protocol.encode(DESTINATION, messages, Instant.EPOCH);

    for (int from = 0; from < count; from++) {
      for (int to = from + 1; to <= count; to++) {
        Payload part = protocol.encode(DESTINATION, messages.subList(from, to), Instant.EPOCH);
        assertThat(protocol.slice(whole, from, to).bytes())
            .as("messages %s to %s", from, to)
            .isEqualTo(part.bytes());
      }
    }
  }

  // Hostile answers.

  static Stream<Arguments> hostileResponses() {
    String html = "<html><body>hello</body></html>";
    return Stream.of(
        Arguments.of("empty", response(ScriptedServer.ok(""))),
        Arguments.of("not JSON", response(ScriptedServer.ok(html))),
        Arguments.of("JSON of another shape", response(ScriptedServer.ok("[1,\"ok\",null]"))),
        Arguments.of("an empty object", response(ScriptedServer.ok("{}"))),
        Arguments.of("null", response(ScriptedServer.ok("null"))),
        Arguments.of("deeply nested", response(ScriptedServer.ok("[".repeat(50_000)))),
        Arguments.of("deep objects", response(ScriptedServer.ok("{\"a\":".repeat(10_000)))),
        Arguments.of("a huge number", response(ScriptedServer.ok("9".repeat(60_000)))),
        Arguments.of("half of an object", response(ScriptedServer.ok("{\"code\":\"0"))),
        Arguments.of("not UTF-8", response(ScriptedServer.ok("\u00ff\u00fe\u0000\u0080{\""))),
        Arguments.of("a megabyte", response(ScriptedServer.ok("x".repeat(1 << 20)))),
        Arguments.of("a type that is none", response(typed("image/png", "\u0089PNG"))),
        Arguments.of(
            "half of what was announced",
            respondAndClose("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"")),
        Arguments.of("half of a head", respondAndClose("HTTP/1.1 200 OK\r\nContent-Le")),
        Arguments.of("not HTTP", respondAndClose("SSH-2.0-OpenSSH_9.6\r\n\r\n")),
        Arguments.of(
            "a chunk that is none",
            respondAndClose("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")),
        Arguments.of("another 2xx", response(ScriptedServer.response("204 No Content", ""))),
        Arguments.of("a bad gateway", response(ScriptedServer.response("502 Bad Gateway", html))));
  }

  private static String typed(String contentType, String body) {
    return "HTTP/1.1 200 OK\r\nContent-Type: "
        + (contentType + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("hostileResponses")
  void send_answerThatIsNone_isNoSuccessAndMayHaveBeenStored(String name, Reaction hostile) {
    RespondingServer server = responding(hostile);

    SendResult result = sender(server.address()).send(bodies(1), GROUP, STREAM);

    assertThat(result.attempts()).as(name).hasSize(2);
    assertThat(result.possibleDuplicate()).as(name).isTrue();
    assertThat(server.reports()).hasSize(2);
  }

  @Test
  void send_answerWithoutEnd_isNoSuccess() {
    String chunk = "2000\r\n" + "x".repeat(0x2000) + "\r\n";
    RespondingServer server =
        responding(
            (request, connection) -> {
              connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
              connection.writeUntilBroken(chunk, 1L << 30);
            });

    SendResult result = sender(server.address()).send(bodies(1), GROUP, STREAM);

    assertThat(result.possibleDuplicate()).isTrue();
  }

  @Test
  void classify_anything_neverThrowsAndTakesNoGarbageForSuccess() {
    long seed = Seed.next();
    Random random = new Random(seed);
    WireProtocol protocol = protocol();
    for (int i = 0; i < FUZZ_ROUNDS; i++) {
      byte[] body = new byte[random.nextInt(60)];
      random.nextBytes(body);
      Response response =
          Response.status(100 + random.nextInt(500))
              .headers(Map.of("content-type", "application/json", "retry-after", "soon"))
              .body(body)
              .truncated(random.nextBoolean())
              .reusedConnection(random.nextBoolean())
              .build();

      assertThat(protocol.classify(response))
          .as("seed %s, round %s", seed, i)
          .isNotNull()
          .isNotInstanceOf(Verdict.Accepted.class);
    }
  }

  // What must not be seen.

  static Stream<Arguments> echoes() {
    return Stream.of("200 OK", "400 Bad Request", "500 Internal Server Error", "503 No")
        .map(Arguments::of);
  }

  @ParameterizedTest
  @MethodSource("echoes")
  void send_answerEchoesTheRequest_nothingSecretIsSeen(String status) {
    try (AllLogs logs = AllLogs.capture()) {
      RespondingServer server =
          respondingAlways(
              (request, connection) -> connection.write(ScriptedServer.response(status, request)));
      ProxySender sender =
          opened(builder(server.address()).retry(attempts(2)).requestTimeout(TEN_SECONDS).build());

      Throwable error = catchThrowable(() -> sender.send(List.of(body(CANARY)), GROUP, STREAM));
      sender.close(Duration.ZERO);

      assertThat(error).isInstanceOf(SendException.class);
      assertNothingSecret(trace(error));
      assertNothingSecret(((SendException) error).attempts().toString());
      assertThat(logs.lines()).isNotEmpty().allSatisfy(this::assertNothingSecret);
    }
  }

  @Test
  void send_success_logsNothingSecret() {
    try (AllLogs logs = AllLogs.capture()) {
      StandIn server = opened(standIn());
      ProxySender sender = sender(server.address());

      SendResult result = sender.send(List.of(body(CANARY)), GROUP, STREAM);
      sender.close(TEN_SECONDS);

      assertThat(logs.lines()).allSatisfy(this::assertNothingSecret);
      assertNothingSecret(result.toString());
      assertNothingSecret(sender.toString());
    }
  }

  @Test
  void toString_ofEverything_showsNothingSecret() {
    WireProtocol protocol = protocol();
    Message message = Message.of(body(CANARY));
    Payload payload = protocol.encode(DESTINATION, List.of(message), Instant.EPOCH);

    assertNothingSecret(protocol.toString());
    assertNothingSecret(message.toString());
    assertNothingSecret(payload.toString());
    if (protocol.isAuthenticated(Instant.now())) {
      assertNothingSecret(protocol.request(payload, NODE, Instant.now()).toString());
    }
  }

  private void assertNothingSecret(String text) {
    assertThat(text).doesNotContain(CANARY);
    assertThat(secrets()).allSatisfy(secret -> assertThat(text).doesNotContain(secret));
  }

  private static String trace(Throwable error) {
    StringWriter text = new StringWriter();
    error.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  // What a server cannot take.

  @Test
  void check_halfASurrogatePair_isRefusedWithoutTheBody() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> protocol().validate(Message.of(body(CANARY + '\ud83d'))))
        .withMessageNotContaining(CANARY);
  }

  @Test
  void check_key_isRefusedWhereTheServerHasNone() {
    Throwable refusal = catchThrowable(() -> protocol().validate(Message.keyed(body("a"), CANARY)));

    if (takesKeys()) {
      assertThat(refusal).isNull();
    } else {
      assertThat(refusal)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("key")
          .hasMessageNotContaining(CANARY);
    }
  }

  // Helpers.

  List<String> bodies(int count) {
    return IntStream.range(0, count).mapToObj(i -> body("message number " + (10_000 + i))).toList();
  }

  private HttpProxySender.Builder builder(String... nodes) {
    return HttpProxySender.builder()
        .protocol(protocol())
        .nodes(nodes)
        .retry(attempts(10))
        .requestTimeout(Duration.ofSeconds(20));
  }

  private ProxySender sender(String... nodes) {
    return opened(builder(nodes).build());
  }

  /** A sender that prefers nodes in the order given. */
  private ProxySender firstListed(String... nodes) {
    List<String> order = List.of(nodes);
    return opened(
        builder(nodes)
            .selector(
                (candidates, destination) ->
                    candidates.stream()
                        .min(
                            (a, b) ->
                                Integer.compare(
                                    order.indexOf(a.node().address()),
                                    order.indexOf(b.node().address())))
                        .orElseThrow())
            .build());
  }

  /** A sender whose node source tells how large a request may be. */
  private ProxySender limited(String node, long maxBytes) {
    NodeList list =
        new NodeList(Map.of(Node.parse(node), NodeList.UNKNOWN_LOAD), OptionalLong.of(maxBytes));
    NodeSource source =
        new NodeSource() {
          @Override
          public CompletionStage<NodeList> fetch(String groupId, Exchange exchange) {
            return CompletableFuture.completedFuture(list);
          }
        };
    return opened(
        HttpProxySender.builder()
            .protocol(protocol())
            .nodeSource(source)
            .retry(attempts(10))
            .build());
  }

  private long sizeOf(List<String> bodies) {
    WireProtocol protocol = protocol();
    long size = protocol.overheadOf(DESTINATION);
    for (String body : bodies) {
      size += protocol.sizeOf(Message.of(body));
    }
    return size;
  }

  /** In any order; sorted, because comparing each with each takes half a minute for many. */
  private static void assertSame(List<String> actual, List<String> expected) {
    assertThat(actual.stream().sorted().toList()).isEqualTo(expected.stream().sorted().toList());
  }

  private static String entity(String request) {
    return request.substring(request.indexOf("\r\n\r\n") + 4);
  }

  RespondingServer responding(Reaction... reactions) {
    return opened(RespondingServer.first(this::isReport, this::success, reactions));
  }

  RespondingServer respondingAlways(Reaction reaction) {
    return opened(RespondingServer.always(this::isReport, this::success, reaction));
  }

  private <T extends AutoCloseable> T opened(T resource) {
    open.add(resource);
    return resource;
  }

  private void closeLast() {
    try {
      open.remove(open.size() - 1).close();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static RetryPolicy attempts(int count) {
    return quick().maxAttempts(count).build();
  }

  private static RetryPolicy atMostOnce() {
    return quick().unknownOutcome(UnknownOutcome.FAIL).build();
  }

  private static RetryPolicy.Builder quick() {
    return RetryPolicy.builder().backoff(Duration.ofMillis(1), Duration.ofMillis(2));
  }
}
