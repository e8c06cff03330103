package io.github.httpreport.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the stand-in answers, byte for byte where a client could notice. */
class LocalMemphisTest {

  private static final Instant NOW = Instant.parse("2031-05-06T07:08:09Z");
  private static final String SUCCESS = "{\"error\":null,\"success\":true}";
  private static final String LOGIN = "{\"username\":\"root\",\"password\":\"memphis\"}";
  private static final String SINGLE = "/stations/orders/produce/single";
  private static final String BATCH = "/stations/orders/produce/batch";
  private static final Pattern DATE = Pattern.compile("Date: [^\r]+GMT\r\n");

  private LocalMemphis memphis = LocalMemphis.start();

  @AfterEach
  void close() {
    memphis.close();
  }

  private void restart(LocalMemphis.Builder builder) {
    memphis.close();
    memphis = builder.start();
  }

  /** The answer without its date, which is checked. */
  private String exchange(String request) {
    try (RawConnection connection = RawConnection.to(memphis.port())) {
      String response = connection.write(request).read();
      Matcher date = DATE.matcher(response);
      assertThat(date.find()).as(response).isTrue();
      return date.replaceFirst("");
    }
  }

  private static String post(String path, String body, String... headers) {
    StringBuilder request = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: h\r\n");
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    int length = body.getBytes(UTF_8).length;
    return request.append("Content-Length: " + length + "\r\n\r\n").append(body).toString();
  }

  private static String response(String status, String type, String body) {
    return "HTTP/1.1 "
        + status
        + "\r\nContent-Type: "
        + type
        + "\r\nContent-Length: "
        + body.length()
        + "\r\nVary: Origin\r\nAccess-Control-Allow-Origin: *\r\n"
        + (status.startsWith("405") ? "Allow: POST\r\n\r\n" : "\r\n")
        + body;
  }

  private static String json(String status, String body) {
    return response(status, "application/json", body);
  }

  private static String text(String status, String body) {
    return response(status, "text/plain; charset=utf-8", body);
  }

  private JsonNode tokens(String login) {
    String response = exchange(post("/auth/authenticate", login, "Content-Type: application/json"));
    assertThat(response).startsWith("HTTP/1.1 200 OK\r\n");
    return parse(response.substring(response.indexOf("\r\n\r\n")));
  }

  private static JsonNode parse(String json) {
    try {
      return new ObjectMapper().readTree(json);
    } catch (IOException e) {
      throw new AssertionError(json, e);
    }
  }

  private String produce(String path, String type, String body) {
    String token = tokens(LOGIN).path("jwt").textValue();
    return exchange(post(path, body, "Authorization: Bearer " + token, "Content-Type: " + type));
  }

  private List<String> bodies() {
    return memphis.stored().stream().map(MemphisMessage::body).toList();
  }

  @Test
  void authenticate_user_getsATokenThatHoldsItsEndAndThePassword() {
    restart(LocalMemphis.builder().clock(Clock.fixed(NOW, ZoneOffset.UTC)));
    JsonNode response = tokens(LOGIN);

    long end = NOW.plus(Duration.ofMinutes(15)).getEpochSecond();
    assertThat(response.path("expires_in").longValue()).isEqualTo(end * 60_000);
    assertThat(response.path("refresh_token_expires_in").longValue()).isEqualTo(end * 60_000);
    String[] parts = response.path("jwt").textValue().split("\\.", -1);
    assertThat(parts).hasSize(3);
    assertThat(new String(Base64.getUrlDecoder().decode(parts[0]), UTF_8))
        .isEqualTo("{\"alg\":\"HS256\",\"typ\":\"JWT\"}");
    JsonNode claims = parse(new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8));
    assertThat(claims.path("exp").longValue()).isEqualTo(end);
    assertThat(claims.path("username").textValue()).isEqualTo("root");
    assertThat(claims.path("password").textValue()).isEqualTo("memphis");
    assertThat(claims.path("account_id").intValue()).isOne();
  }

  @Test
  void authenticate_askedForALifetimeAndAnAccount_givesThem() {
    restart(LocalMemphis.builder().clock(Clock.fixed(NOW, ZoneOffset.UTC)));
    JsonNode response =
        tokens(
            "{\"username\":\"root\",\"password\":\"memphis\",\"account_id\":7,"
                + "\"token_expiry_in_minutes\":2}");

    String claims = response.path("jwt").textValue().split("\\.", -1)[1];
    assertThat(new String(Base64.getUrlDecoder().decode(claims), UTF_8))
        .contains("\"account_id\":7")
        .contains("\"exp\":" + NOW.plusSeconds(120).getEpochSecond());
  }

  @Test
  void authenticate_oldVersion_givesTheLifetimeInMilliseconds() {
    restart(LocalMemphis.builder().version(LocalMemphis.Version.V0_1));

    assertThat(tokens(LOGIN).path("expires_in").intValue()).isEqualTo(900_000);
  }

  @Test
  void authenticate_connectionToken_isKnownOnceSet() {
    String login = "{\"username\":\"root\",\"connection_token\":\"ct\"}";
    String refused = json("401 Unauthorized", "{\"message\":\"Unauthorized\"}");
    assertThat(exchange(post("/auth/authenticate", login, "Content-Type: application/json")))
        .isEqualTo(refused);

    memphis.connectionToken("root", "ct");

    assertThat(tokens(login).path("jwt").isTextual()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "application/json | {\"username\":\"root\",\"password\":\"no\"}"
            + " | 401 Unauthorized | Unauthorized",
        "application/json | {\"username\":\"root\"} | 401 Unauthorized | Unauthorized",
        "application/json | {\"username\":\"who\",\"password\":\"memphis\"}"
            + " | 401 Unauthorized | Unauthorized",
      })
  void authenticate_anythingElse_isRefused(
      String type, String body, String status, String message) {
    assertThat(exchange(post("/auth/authenticate", body, "Content-Type: " + type)))
        .isEqualTo(json(status, "{\"message\":\"" + message + "\"}"));
    assertThat(memphis.authentications()).isOne();
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "text/x; charset=utf-8", "application/json; charset=utf-8"})
  void single_text_isStoredAsItIsWithTheHeaders(String type) {
    assertThat(produce(SINGLE, type, " {\"b\": 1}\n")).isEqualTo(json("200 OK", SUCCESS));

    MemphisMessage stored = memphis.stored().get(0);
    assertThat(stored.body()).isEqualTo(" {\"b\": 1}\n");
    assertThat(stored.station()).isEqualTo("orders");
    assertThat(stored.user()).isEqualTo("root");
    assertThat(stored.headers())
        .containsEntry("content-type", type)
        .containsEntry("content-length", "10")
        .containsEntry("host", "h")
        .containsKey("authorization")
        .hasSize(4);
    assertThat(stored.toString()).doesNotContain("Bearer", "{\"b\"");
  }

  @Test
  void batch_ofObjects_isStoredAnew() {
    assertThat(produce(BATCH, "application/json", "[{\"b\":1.0,\"a\":2},{}]"))
        .isEqualTo(json("200 OK", SUCCESS));
    assertThat(bodies()).containsExactly("{\"a\":2,\"b\":1}", "{}");
  }

  @Test
  void contentType_ofAnotherKind_isNotSupported() {
    String unsupported = text("500 Internal Server Error", "unsupported content type");

    assertThat(produce(SINGLE, "application/xml", "<a/>")).isEqualTo(unsupported);
    assertThat(produce(BATCH, "application/json; charset=utf-8", "[{}]")).isEqualTo(unsupported);
    assertThat(produce(BATCH, "text/plain", "[{}]")).isEqualTo(unsupported);
    assertThat(produce(BATCH, "application/json", "[1]"))
        .isEqualTo(text("500 Internal Server Error", "unsupported request"));
    assertThat(memphis.storedCount()).isZero();
  }

  @Test
  void produce_withoutAGoodToken_isUnauthorized() {
    String refused = json("401 Unauthorized", "{\"message\":\"Unauthorized\"}");
    String good = tokens(LOGIN).path("jwt").textValue();
    String[] tokens = {
      "", "Bearer", "Bearer ", "Bearer a.b", "Bearer a.b.c", "Bearer " + good + "x", good,
    };

    for (String token : tokens) {
      assertThat(exchange(post(SINGLE, "a", "Authorization: " + token, "Content-Type: text/plain")))
          .as(token)
          .isEqualTo(refused);
    }
    assertThat(exchange(post(SINGLE, "a"))).isEqualTo(refused);
    assertThat(exchange(post("/nowhere", "a"))).isEqualTo(refused);
  }

  @Test
  void token_revokedOrOver_isUnauthorizedThere() {
    String[] authorization = {"Authorization: Bearer " + tokens(LOGIN).path("jwt").textValue()};
    String request = post(SINGLE, "a", authorization[0], "Content-Type: text/plain");
    assertThat(exchange(request)).startsWith("HTTP/1.1 200");

    Clock later = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(16));
    try (LocalMemphis other = LocalMemphis.builder().clock(later).start();
        RawConnection connection = RawConnection.to(other.port())) {
      assertThat(connection.write(request).read()).startsWith("HTTP/1.1 401");
    }
    memphis.revokeTokens();

    assertThat(exchange(request)).startsWith("HTTP/1.1 401");
  }

  @Test
  void paths_thatAreNone() {
    assertThat(produce("/stations/orders/produce", "text/plain", "a"))
        .isEqualTo(text("404 Not Found", "Cannot POST /stations/orders/produce"));
    String token = tokens(LOGIN).path("jwt").textValue();
    assertThat(
            exchange("GET " + SINGLE + " HTTP/1.1\r\nAuthorization: Bearer " + token + "\r\n\r\n"))
        .isEqualTo(text("405 Method Not Allowed", "Method Not Allowed"));
  }

  @Test
  void station_isMadeInLowerCase_andOnlyOfALegalName() {
    produce("/stations/ORDERS/produce/single", "text/plain", "a");

    assertThat(memphis.stored().get(0).station()).isEqualTo("orders");
    assertThat(produce("/stations/a%20b/produce/single", "text/plain", "a"))
        .startsWith("HTTP/1.1 500")
        .contains("Only alphanumeric");
  }

  @Test
  void schema_violation_isA400ThatQuotes() {
    memphis.schema("orders", body -> !body.contains("bad"));

    assertThat(produce(SINGLE, "text/plain", "bad"))
        .isEqualTo(
            json(
                "400 Bad Request",
                "{\"error\":\"Schema validation has failed: not valid: bad\",\"success\":false}"));
    assertThat(produce(BATCH, "application/json", "[{},{\"a\":\"bad\"},{}]"))
        .startsWith("HTTP/1.1 400")
        .contains("{\"error\":[\"Schema validation has failed:")
        .endsWith("],\"success\":false}");
    assertThat(bodies()).containsExactly("{}");
  }

  @Test
  void failAfter_stopsABatchThere_andIsOverThen() {
    memphis.failAfter(2, "nats: timeout");

    assertThat(produce(BATCH, "application/json", "[{\"n\":1},{\"n\":2},{\"n\":3}]"))
        .isEqualTo(
            json("500 Internal Server Error", "{\"error\":[\"nats: timeout\"],\"success\":false}"));
    assertThat(produce(SINGLE, "text/plain", "well")).isEqualTo(json("200 OK", SUCCESS));
    assertThat(bodies()).containsExactly("{\"n\":1}", "{\"n\":2}", "well");
  }

  @Test
  void oldVersion_goesOnAndCounts() {
    restart(LocalMemphis.builder().version(LocalMemphis.Version.V0_1));
    memphis.failAfter(0, "one");

    assertThat(produce(BATCH, "application/json", "[{\"n\":1},{\"n\":2},{\"n\":3}]"))
        .isEqualTo(
            json(
                "400 Bad Request",
                "{\"errors\":[\"one\"],\"fail\":1,\"sent\":2,\"success\":false}"));
    memphis.failAfter(0, "two");
    assertThat(produce(SINGLE, "text/plain", "a"))
        .isEqualTo(json("400 Bad Request", "{\"error\":\"two\",\"success\":false}"));
    assertThat(bodies()).containsExactly("{\"n\":2}", "{\"n\":3}");
  }

  @Test
  void limits_ofBodyHeadAndMessage() {
    restart(LocalMemphis.builder().maxRequestBytes(600).maxMessageBytes(350));
    produce(SINGLE, "text/plain", "xx");
    Map<String, String> headers = memphis.stored().get(0).headers();
    int frame = "NATS/1.0\r\n\r\n".length();
    int left =
        350 - frame - headers.entrySet().stream().mapToInt(LocalMemphisTest::headerLength).sum();
    assertThat(left).isBetween(10, 99);

    assertThat(produce(SINGLE, "text/plain", "x".repeat(left))).isEqualTo(json("200 OK", SUCCESS));
    assertThat(produce(SINGLE, "text/plain", "x".repeat(left + 1)))
        .isEqualTo(
            json(
                "500 Internal Server Error",
                "{\"error\":\"memphis: maximum payload exceeded\",\"success\":false}"));
    try (RawConnection connection = RawConnection.to(memphis.port())) {
      assertThat(connection.write(post(SINGLE, "x".repeat(601))).read())
          .startsWith("HTTP/1.1 413 ");
    }
  }

  private static int headerLength(Map.Entry<String, String> header) {
    // One digit less in the length of the first message.
    int digit = header.getKey().equals("content-length") ? 1 : 0;
    return header.getKey().length() + header.getValue().length() + ": \r\n".length() + digit;
  }

  @Test
  void station_madeByTwoAtOnce_isRefusedToTheSecond() {
    restart(LocalMemphis.builder().stationSetUp(Duration.ofSeconds(2)));
    String token = "Authorization: Bearer " + tokens(LOGIN).path("jwt").textValue();
    try (RawConnection first = RawConnection.to(memphis.port())) {
      first.write(post(SINGLE, "a", token, "Content-Type: text/plain"));
      Awaitility.await().until(() -> memphis.requests() == 1);

      assertThat(exchange(post(SINGLE, "b", token, "Content-Type: text/plain")))
          .isEqualTo(
              json(
                  "500 Internal Server Error",
                  "{\"error\":\"Stationorders already exists\",\"success\":false}"));
      assertThat(first.read()).endsWith(SUCCESS);
    }
    assertThat(produce(SINGLE, "text/plain", "c")).isEqualTo(json("200 OK", SUCCESS));
    assertThat(bodies()).containsExactly("a", "c");
  }

  @ParameterizedTest
  @ValueSource(ints = {4096, 5000, 9000})
  void head_overItsLimit_isA431(int length) {
    try (RawConnection connection = RawConnection.to(memphis.port())) {
      String response = connection.write(post(SINGLE, "a", "X: " + "x".repeat(length))).read();
      assertThat(response)
          .startsWith("HTTP/1.1 431 Request Header Fields Too Large\r\n")
          .endsWith("\r\n\r\nRequest Header Fields Too Large");
      assertThat(connection.ended()).isTrue();
    }
  }

  @Test
  void head_withinItsLimit_isRead() {
    assertThat(exchange(post(SINGLE, "a", "X: " + "x".repeat(3900)))).startsWith("HTTP/1.1 401");
  }

  @Test
  void noHttp_isA400() {
    assertThat(exchange("what?\r\n\r\n")).startsWith("HTTP/1.1 400 Bad Request");
  }

  @Test
  void faults_ofRequestsAndAuthentications_areApart() {
    memphis.script(Fault.status(500, "one"));
    memphis.scriptAuthentication(Fault.status(503, "two"));

    String login = post("/auth/authenticate", LOGIN, "Content-Type: application/json");
    try (RawConnection connection = RawConnection.to(memphis.port())) {
      assertThat(connection.write(login).read()).startsWith("HTTP/1.1 503");
      assertThat(connection.write(login).read()).startsWith("HTTP/1.1 200");
      assertThat(connection.write(post(SINGLE, "a")).read()).startsWith("HTTP/1.1 500");
      assertThat(connection.write(post(SINGLE, "a")).read()).startsWith("HTTP/1.1 401");
    }
    assertThat(memphis.requests()).isEqualTo(2);
    assertThat(memphis.authentications()).isOne();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> memphis.scriptAuthentication(Fault.closeAfterAccept()));
  }

  @Test
  void clearFaults_forgetsAllFaults() {
    memphis.always(Fault.status(500, "one"));
    memphis.scriptAuthentication(Fault.status(503, "two"));
    memphis.clearFaults();

    assertThat(produce(SINGLE, "text/plain", "a")).isEqualTo(json("200 OK", SUCCESS));
  }

  @Test
  void onStored_takesTheMessages_andMayRefuseThem() {
    List<String> taken = Collections.synchronizedList(new ArrayList<>());
    restart(
        LocalMemphis.builder()
            .onStored(
                message -> {
                  if (message.body().equals("no")) {
                    throw new IllegalStateException("full");
                  }
                  taken.add(message.body());
                }));

    produce(SINGLE, "text/plain", "yes");
    assertThat(produce(SINGLE, "text/plain", "no")).contains("no responders available");

    assertThat(taken).containsExactly("yes");
    assertThat(memphis.stored()).isEmpty();
    assertThat(memphis.storedCount()).isOne();
    memphis.clear();
    assertThat(memphis.storedCount()).isZero();
  }

  @Test
  void stop_andRestart_keepPortAndMessages() {
    produce(SINGLE, "text/plain", "a");
    memphis.stop();
    assertThat(memphis.running()).isFalse();
    assertThat(memphis).hasToString("LocalMemphis[" + memphis.address() + ", stopped]");
    assertThatThrownBy(() -> RawConnection.to(memphis.port()))
        .hasCauseInstanceOf(ConnectException.class);

    memphis.restart();

    produce(SINGLE, "text/plain", "b");
    assertThat(bodies()).containsExactly("a", "b");
    assertThat(memphis.connections()).isEqualTo(4);
  }

  @Test
  void builder_outOfRange_isRefusedByName() {
    LocalMemphis.Builder builder = LocalMemphis.builder();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.port(-1))
        .withMessage("port must be from 0 to 65535, but is -1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.port(65_536))
        .withMessage("port must be from 0 to 65535, but is 65536");
    assertThatIllegalArgumentException().isThrownBy(() -> builder.maxHeadBytes(0));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.maxMessageBytes(0));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.maxRequestBytes(0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.tokenLifetime(Duration.ofMillis(999)));
    assertThatIllegalArgumentException().isThrownBy(() -> memphis.failAfter(-1, "x"));
  }
}
