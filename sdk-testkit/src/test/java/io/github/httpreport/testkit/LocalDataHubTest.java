package io.github.httpreport.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the stand-in says to requests that Tencent's own client made. */
class LocalDataHubTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A request as recorded, to be tampered with. */
  private static final class Recorded {
    final Map<String, String> headers = new TreeMap<>();
    String line = "POST / HTTP/1.1";
    String body;
    JsonNode vector;

    static Recorded named(String name) {
      try (InputStream in =
          LocalDataHubTest.class.getResourceAsStream("../ckafka/tc3-sendmessage.json")) {
        for (JsonNode vector : JSON.readTree(in).get("cases")) {
          if (vector.get("name").asText().equals(name)) {
            return new Recorded(vector);
          }
        }
        throw new IllegalArgumentException(name);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private Recorded(JsonNode vector) {
      this.vector = vector;
      body = vector.get("bodyUtf8").asText();
      headers.put("Host", vector.get("host").asText());
      headers.put("Content-Type", vector.get("contentType").asText());
      headers.put("X-TC-Action", "SendMessage");
      headers.put("X-TC-Version", "2019-08-19");
      headers.put("X-TC-Timestamp", vector.get("timestamp").asText());
      headers.put("Authorization", vector.at("/derived/authorization").asText());
      if (token() != null) {
        headers.put("X-TC-Token", token());
      }
    }

    String token() {
      String token = vector.at("/input/token").asText("");
      return token.isEmpty() ? null : token;
    }

    Instant time() {
      return Instant.ofEpochSecond(vector.get("timestamp").asLong());
    }

    byte[] bytes() {
      StringBuilder head = new StringBuilder(line + "\r\n");
      headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
      byte[] entity = body.getBytes(UTF_8);
      head.append("Content-Length: " + entity.length + "\r\n\r\n");
      return Reply.concat(head.toString().getBytes(UTF_8), entity);
    }

    LocalDataHub.Builder server() {
      return LocalDataHub.builder()
          .credentials(
              vector.at("/input/secretId").asText(),
              vector.at("/input/secretKey").asText(),
              token())
          .clock(Clock.fixed(time(), ZoneOffset.UTC));
    }
  }

  private static String ask(LocalDataHub hub, Recorded request) {
    try (RawConnection connection =
        RawConnection.to(Integer.parseInt(hub.address().replaceAll(".*:", "")))) {
      return connection.write(request.bytes()).read();
    }
  }

  private static JsonNode response(LocalDataHub hub, Recorded request) {
    try {
      String whole = ask(hub, request);
      assertThat(whole).startsWith("HTTP/1.1 200 OK\r\n");
      return JSON.readTree(whole.substring(whole.indexOf("\r\n\r\n"))).get("Response");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"base", "unicode", "token", "fixed-2023"})
  void request_thatTencentsClientSigned_isStored(String name) throws IOException {
    Recorded request = Recorded.named(name);
    try (LocalDataHub hub = request.server().dataHub("datahub-lzxexample").start()) {
      JsonNode response = response(hub, request);

      assertThat(response.get("RequestId").asText()).isNotEmpty();
      JsonNode sent = JSON.readTree(request.body).get("Message");
      assertThat(response.get("MessageId")).hasSize(sent.size());
      for (int i = 0; i < sent.size(); i++) {
        DataHubMessage stored = hub.stored().get(i);
        assertThat(stored.dataHubId()).isEqualTo("datahub-lzxexample");
        assertThat(stored.body()).isEqualTo(sent.get(i).get("Body").asText());
        assertThat(stored.key()).isEqualTo(sent.get(i).path("Key").textValue());
        assertThat(stored.messageId()).isEqualTo(response.get("MessageId").get(i).asText());
      }
    }
  }

  static Stream<Arguments> tampered() {
    return Stream.of(
        tampered("AuthFailure.SignatureFailure", r -> r.body = r.body.replace("hello", "hallo")),
        tampered("AuthFailure.SignatureFailure", r -> r.headers.put("Host", "other")),
        tampered("AuthFailure.SignatureFailure", r -> r.headers.put("Content-Type", "text/plain")),
        tampered("AuthFailure.SignatureFailure", r -> put(r, "2026-11-20", "2026-11-21")),
        tampered("AuthFailure.SignatureFailure", r -> put(r, "/ckafka/", "/cvm/")),
        tampered("AuthFailure.SignatureFailure", r -> put(r, "content-type;host", "host")),
        tampered("AuthFailure.SignatureFailure", r -> r.line = "POST /?a=b HTTP/1.1"),
        tampered(
            "AuthFailure.SignatureFailure", r -> r.headers.put("X-TC-Timestamp", "1795211205")),
        tampered("AuthFailure.SignatureExpire", r -> r.headers.put("X-TC-Timestamp", "1795210000")),
        tampered("AuthFailure.SignatureExpire", r -> r.headers.remove("X-TC-Timestamp")),
        tampered("AuthFailure.SecretIdNotFound", r -> put(r, "Credential=AKID", "Credential=BKID")),
        tampered("AuthFailure.InvalidAuthorization", r -> r.headers.remove("Authorization")),
        tampered("AuthFailure.InvalidAuthorization", r -> put(r, "TC3-", "TC2-")),
        tampered("AuthFailure.TokenFailure", r -> r.headers.put("X-TC-Token", "any")),
        tampered("InvalidAction", r -> r.headers.put("X-TC-Action", "DescribeInstances")),
        tampered("NoSuchVersion", r -> r.headers.remove("X-TC-Version")));
  }

  private static Arguments tampered(String code, Consumer<Recorded> change) {
    return Arguments.of(code, change);
  }

  private static void put(Recorded request, String part, String other) {
    request.headers.compute("Authorization", (name, value) -> value.replace(part, other));
  }

  @ParameterizedTest
  @MethodSource("tampered")
  void request_thatWasTamperedWith_isRefusedAndNotStored(String code, Consumer<Recorded> change) {
    Recorded request = Recorded.named("base");
    change.accept(request);
    try (LocalDataHub hub = Recorded.named("base").server().start()) {
      assertThat(response(hub, request).at("/Error/Code").asText()).isEqualTo(code);
      assertThat(hub.stored()).isEmpty();
      assertThat(hub.requests()).isOne();
    }
  }

  @Test
  void token_missing_isRefused() {
    Recorded request = Recorded.named("token");
    request.headers.remove("X-TC-Token");
    try (LocalDataHub hub = request.server().start()) {
      assertThat(response(hub, request).at("/Error/Code").asText())
          .isEqualTo("AuthFailure.TokenFailure");
    }
  }

  @ParameterizedTest
  @CsvSource({"300, true", "-300, true", "301, false", "-301, false"})
  void clock_withinFiveMinutes_isTaken(long ahead, boolean taken) {
    Recorded request = Recorded.named("base");
    try (LocalDataHub hub = request.server().start()) {
      hub.clockOffset(Duration.ofSeconds(ahead));
      assertThat(response(hub, request).has("MessageId")).isEqualTo(taken);
    }
  }

  @Test
  void responses_nameTheTimeOfTheServer() {
    Recorded request = Recorded.named("base");
    try (LocalDataHub hub = request.server().start()) {
      hub.clockOffset(Duration.ofDays(20));
      assertThat(ask(hub, request)).contains("\r\nDate: Thu, 10 Dec 2026 21:46:44 GMT\r\n");
    }
  }

  @Test
  void credentials_thatWereReplaced_areRefused() {
    Recorded request = Recorded.named("base");
    try (LocalDataHub hub = request.server().start()) {
      hub.credentials(hub.secretId(), "another", null);
      assertThat(response(hub, request).at("/Error/Code").asText())
          .isEqualTo("AuthFailure.SignatureFailure");
    }
  }

  @Test
  void limits_ofARequestAndOfASecond_areKept() {
    Recorded request = Recorded.named("base");
    try (LocalDataHub hub = request.server().maxMessages(1).start()) {
      assertThat(response(hub, request).at("/Error/Code").asText())
          .isEqualTo("InvalidParameterValue");
    }
    try (LocalDataHub hub = request.server().maxRequestBytes(request.body.length() - 1).start()) {
      assertThat(response(hub, request).at("/Error/Code").asText())
          .isEqualTo("RequestSizeLimitExceeded");
    }
    try (LocalDataHub hub = request.server().maxRequestsPerSecond(2).start()) {
      response(hub, request);
      response(hub, request);
      assertThat(response(hub, request).at("/Error/Code").asText())
          .isEqualTo("RequestLimitExceeded");
      hub.clockOffset(Duration.ofSeconds(1));
      assertThat(response(hub, request).has("MessageId")).isTrue();
      assertThat(hub.storedCount()).isEqualTo(6);
    }
    try (LocalDataHub hub = request.server().dataHub("datahub-other").start()) {
      assertThat(response(hub, request).at("/Error/Code").asText()).isEqualTo("ResourceNotFound");
    }
  }

  @Test
  void messageIds_haveOneOfTwoShapes() {
    Recorded request = Recorded.named("base");
    try (LocalDataHub hub = request.server().plainMessageIds(true).start()) {
      assertThat(response(hub, request).at("/MessageId/1").asText())
          .isEqualTo("datahub-lzxexample:topic:0:1");
    }
    try (LocalDataHub hub = request.server().start()) {
      assertThat(response(hub, request).at("/MessageId/1").asText()).matches("([0-9a-f]{2})+");
    }
  }

  @Test
  void otherPathsAndMethods_areNotFound() {
    Recorded request = Recorded.named("base");
    try (LocalDataHub hub = request.server().start()) {
      request.line = "POST /other HTTP/1.1";
      assertThat(ask(hub, request)).startsWith("HTTP/1.1 404 ");
      request.line = "PUT / HTTP/1.1";
      assertThat(ask(hub, request)).startsWith("HTTP/1.1 404 ");
    }
  }

  @Test
  void onStored_throws_isAnInternalError() {
    Recorded request = Recorded.named("base");
    try (LocalDataHub hub =
        request
            .server()
            .onStored(
                message -> {
                  throw new IllegalStateException("disk full");
                })
            .start()) {
      assertThat(response(hub, request).at("/Error/Code").asText()).isEqualTo("InternalError");
      assertThat(hub.storedCount()).isZero();
    }
  }

  @Test
  void script_thenCleared_servesAsUsual() {
    Recorded request = Recorded.named("base");
    try (LocalDataHub hub = request.server().start()) {
      hub.script(LocalDataHub.error("FailedOperation", "paused"), Fault.storeThenReset());
      assertThat(ask(hub, request)).contains("\"Code\":\"FailedOperation\"");
      assertThat(hub.stored()).isEmpty();
      assertThatThrownBy(() -> ask(hub, request)).isInstanceOf(UncheckedIOException.class);
      assertThat(hub.stored()).hasSize(2);
      assertThat(response(hub, request).has("MessageId")).isTrue();
      hub.clear();
      assertThat(hub.stored()).isEmpty();
    }
  }

  @Test
  void restart_afterAStop_listensOnTheSamePort() {
    Recorded request = Recorded.named("base");
    try (LocalDataHub hub = request.server().start()) {
      String before = hub.url();
      hub.stop();
      assertThat(hub.running()).isFalse();
      hub.restart();
      assertThat(hub.url()).isEqualTo(before);
      assertThat(response(hub, request).has("MessageId")).isTrue();
    }
  }

  @Test
  void toString_ofAStoredMessage_hidesItsBody() {
    assertThat(new DataHubMessage("hub", "TOPSECRET", "k", "id").toString())
        .doesNotContain("TOPSECRET");
  }
}
