package io.github.httpreport.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.httpreport.Attempt;
import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ProxySender;
import io.github.httpreport.SendResult;
import io.github.httpreport.ekuiper.EkuiperProtocol;
import io.github.httpreport.error.RejectedException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An eKuiper alone, and a sender that reports to it. */
class LocalEkuiperTest {

  private static final Duration NOT_AT_ALL = Duration.ZERO;

  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  /** The left column was sent to a real eKuiper 2.4 and the right one came back from its rule. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":100}             | {\"a\":100}",
        "[{\"a\":103}]           | {\"a\":103}",
        "[{\"a\":1}, {\"a\":2}]  | {\"a\":1}{\"a\":2}",
        "` {\"a\":109} `         | {\"a\":109}",
        "{}                      | {}",
        "[]                      | ``",
      })
  void body_ofObjects_becomesTuples(String body, String tuples) throws Exception {
    LocalEkuiper server = opened(LocalEkuiper.start("/p"));

    assertThat(post(server, "/p", body).body()).isEqualTo("ok");
    assertThat(String.join("", server.tuples().stream().map(ReceivedTuple::json).toList()))
        .isEqualTo(tuples);
    assertThat(server.lost()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{\"a\":101},3]",
        "[{\"a\":102},{\"a\":}]",
        "{\"a\":106}{\"a\":107}",
        "3",
        "\"x\"",
        "[[{\"a\":108}]]",
        "[{\"a\":110},null]",
        "\ufeff{\"a\":111}",
        "null",
        "hello",
        "",
        "[{}"
      })
  void body_ofAnythingElse_isAnsweredOkAndLostWhole(String body) throws Exception {
    LocalEkuiper server = opened(LocalEkuiper.start("/p"));

    assertThat(post(server, "/p", body).body()).isEqualTo("ok");
    assertThat(server.tuples()).isEmpty();
    assertThat(server.lost()).isEqualTo(1);
  }

  /** As the real one: what is nested too deep spoils its request, a number too large its tuple. */
  @Test
  void body_beyondWhatIsDecoded_isAnsweredOkAndLost() throws Exception {
    LocalEkuiper server = opened(LocalEkuiper.start("/p"));
    String within = "{\"a\":".repeat(298) + "1" + "}".repeat(298);

    for (String body :
        List.of(
            within,
            "[" + within + "]",
            "{\"a\":" + within + "}",
            "[{\"lost\":1},{\"a\":" + within + "}]",
            "[{\"a\":1},{\"a\":1e309}]")) {
      assertThat(post(server, "/p", body).body()).isEqualTo("ok");
    }

    assertThat(server.tuples())
        .extracting(ReceivedTuple::json)
        .containsExactly(within, within, "{\"a\":" + within + "}", "{\"a\":1}");
    assertThat(server.lost()).isEqualTo(1);
  }

  @Test
  void send_bodyThatTheServerWouldLose_isRefusedByIndexBeforeAnythingLeaves() {
    LocalEkuiper server = opened(LocalEkuiper.start("/p"));
    ProxySender sender = sender(EkuiperProtocol.post("/p"), server);
    String deep = "{\"canary\":".repeat(1_001) + "1" + "}".repeat(1_001);

    for (String body : List.of(deep, "{\"canary\":1e309}", "{\"a\":" + "7".repeat(1_001) + "}")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> sender.send(List.of("{}", body), "group", "stream"))
          .withMessageStartingWith("body 1 ")
          .withMessageNotContaining("canary");
    }
    assertThat(server.connections()).isZero();

    sender.send(List.of("{\"" + "n".repeat(50_001) + "\":1}"), "group", "stream");
    assertThat(server.tuples()).hasSize(1);
  }

  @Test
  void version1_arrayOrBadBody_isRefused() throws Exception {
    LocalEkuiper server = opened(LocalEkuiper.builder().version1(true).post("/p").start());

    assertThat(post(server, "/p", "{\"a\":1}").body()).isEqualTo("ok");
    for (String body : List.of("[{\"a\":1}]", "hello")) {
      HttpResponse<String> response = post(server, "/p", body);
      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(response.body()).startsWith("Fail to decode data: ").endsWith("\n");
    }
    assertThat(server.tuples()).hasSize(1);
  }

  @Test
  void rule_notStartedThenStartedThenStopped_decidesWhatBecomesOfTuples() throws Exception {
    LocalEkuiper server = opened(LocalEkuiper.builder().start());

    assertThat(post(server, "/p", "{}").statusCode()).isEqualTo(404);
    server.startRule("/p");
    assertThat(post(server, "/p", "{}").statusCode()).isEqualTo(200);
    server.stopRule("/p");
    assertThat(post(server, "/p", "{}").body()).isEqualTo("ok");
    assertThat(server.tuples()).hasSize(1);
    assertThat(server.lost()).isEqualTo(1);

    server.clear();
    server.startRule("/p");
    post(server, "/p", "{}");
    assertThat(server.tuples()).extracting(ReceivedTuple::path).containsExactly("/p");
    assertThat(server.lost()).isZero();
    assertThat(server.requests()).isEqualTo(4);
  }

  @Test
  void send_ruleStartedLater_isTriedUntilItIs() {
    LocalEkuiper server = opened(LocalEkuiper.builder().start());
    EkuiperProtocol protocol =
        EkuiperProtocol.builder().path("/p").unknownPathDelay(Duration.ofMillis(20)).build();
    ProxySender sender = sender(protocol, server);

    var future = sender.sendAsync(List.of("{\"a\":1}"), "group", "stream");
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> server.requests() > 1);
    server.startRule("/p");

    SendResult result = future.join();
    assertThat(result.possibleDuplicate()).isFalse();
    assertThat(result.attempts().get(0).code()).isEqualTo("HTTP 404");
    assertThat(server.tuples()).hasSize(1);
  }

  @Test
  void send_byStream_goesToItsPath() {
    LocalEkuiper server = opened(LocalEkuiper.builder().start());
    server.startPutRule("/a b\u6570");
    server.startPutRule("/other");

    sender(EkuiperProtocol.builder().put().build(), server)
        .send(List.of("{\"a\":1}"), "group", "a b\u6570");

    assertThat(server.tuples()).containsExactly(new ReceivedTuple("/a b\u6570", "{\"a\":1}"));
  }

  @Test
  void send_singleMode_makesOneRequestForEachObjectAndSuitsVersion1() {
    LocalEkuiper server = opened(LocalEkuiper.builder().version1(true).post("/p").start());
    List<String> bodies = IntStream.range(0, 20).mapToObj(i -> "{\"a\":" + i + "}").toList();

    sender(EkuiperProtocol.builder().path("/p").single().build(), server)
        .send(bodies, "group", "stream");

    assertThat(server.requests()).isEqualTo(20);
    assertThat(server.tuples())
        .extracting(ReceivedTuple::json)
        .containsExactlyInAnyOrderElementsOf(bodies);
  }

  @Test
  void send_arrayToVersion1_isRejected() {
    LocalEkuiper server = opened(LocalEkuiper.builder().version1(true).post("/p").start());

    RejectedException error =
        catchThrowableOfType(
            RejectedException.class,
            () -> sender(EkuiperProtocol.post("/p"), server).send(List.of("{}", "{}"), "g", "s"));

    assertThat(error.code()).isEqualTo("HTTP 400");
    assertThat(error.mayHaveBeenStored()).isFalse();
  }

  @Test
  void send_wrongMethod_isRejectedAndSaysWhy() {
    LocalEkuiper server = opened(LocalEkuiper.start("/p"));

    RejectedException error =
        catchThrowableOfType(
            RejectedException.class,
            () ->
                sender(EkuiperProtocol.builder().put().path("/p").build(), server)
                    .send(List.of("{}"), "g", "s"));

    assertThat(error.code()).isEqualTo("HTTP 405");
    assertThat(error).hasMessageContaining("another method");
  }

  @Test
  void send_bodyThatIsNoObject_isRefusedWithItsIndexBeforeAnythingIsSent() {
    LocalEkuiper server = opened(LocalEkuiper.start("/p"));
    ProxySender sender = sender(EkuiperProtocol.post("/p"), server);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> sender.send(List.of("{}", "[1]"), "g", "s"))
        .withMessage("body 1 must be a JSON object");
    assertThat(server.connections()).isZero();
  }

  @Test
  void send_tupleTakenButAnswerLost_isThereTwice() {
    LocalEkuiper server = opened(LocalEkuiper.start("/p"));
    server.script(Fault.storeThenReset());

    SendResult result =
        sender(EkuiperProtocol.post("/p"), server).send(List.of("{\"a\":1}"), "g", "s");

    assertThat(result.possibleDuplicate()).isTrue();
    assertThat(server.tuples()).hasSize(2);
  }

  @Test
  void faults_alwaysThenCleared_end() throws Exception {
    LocalEkuiper server = opened(LocalEkuiper.start("/p"));
    server.always(Fault.status(503, ""));
    assertThat(post(server, "/p", "{}").statusCode()).isEqualTo(503);
    assertThat(post(server, "/p", "{}").statusCode()).isEqualTo(503);

    server.clearFaults();
    assertThat(post(server, "/p", "{}").statusCode()).isEqualTo(200);
    assertThat(server.tuples()).hasSize(1);
  }

  @Test
  void stop_thenStart_keepsPortAndRules() {
    LocalEkuiper server = opened(LocalEkuiper.start("/p"));
    ProxySender sender = sender(EkuiperProtocol.post("/p"), server);
    String address = server.address();

    server.stop();
    assertThat(server.running()).isFalse();
    assertThat(server).hasToString("LocalEkuiper[" + address + ", stopped]");
    var future = sender.sendAsync(List.of("{}"), "g", "s");
    server.start();

    assertThat(future).succeedsWithin(Duration.ofSeconds(20));
    assertThat(future.join().attempts())
        .extracting(Attempt::outcome)
        .endsWith(Attempt.Outcome.ACCEPTED);
    assertThat(server.address()).isEqualTo(address);
    assertThat(server.openConnections()).isEqualTo(1);
    server.slow(NOT_AT_ALL);
  }

  @Test
  void settings_outOfRange_areRefusedByName() {
    LocalEkuiper.Builder builder = LocalEkuiper.builder();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.post("p"))
        .withMessageContaining("path");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.put("p"))
        .withMessageContaining("path");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.name(" "))
        .withMessageContaining("name");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.port(65_536))
        .withMessageContaining("port");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.idleTimeout(Duration.ZERO))
        .withMessageContaining("idleTimeout");
  }

  @Test
  void tuple_toString_showsNoContent() {
    assertThat(new ReceivedTuple("/p", "{\"canary\":1}").toString())
        .contains("/p", "12")
        .doesNotContain("canary");
  }

  private ProxySender sender(EkuiperProtocol protocol, LocalEkuiper server) {
    return opened(HttpProxySender.builder().protocol(protocol).nodes(server.address()).build());
  }

  private static HttpResponse<String> post(LocalEkuiper server, String path, String body)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://" + server.address() + path);
    HttpRequest request = HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString(body)).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
  }

  private <T extends AutoCloseable> T opened(T resource) {
    open.add(0, resource);
    return resource;
  }
}
