package io.github.httpreport.ckafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.httpreport.Destination;
import io.github.httpreport.Message;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.node.Node;
import io.github.httpreport.protocol.Payload;
import io.github.httpreport.protocol.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CkafkaProtocolTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final Destination DESTINATION = new Destination("group", "datahub-stream");
  private static final Node NODE = Node.parse("https://ckafka.tencentcloudapi.com:443");
  private static final CkafkaCredentials CREDENTIALS = CkafkaCredentials.of("id", "key");

  private final CkafkaProtocol protocol = CkafkaProtocol.dataHub("datahub-x", CREDENTIALS);

  private static CkafkaProtocol.Builder hub() {
    return CkafkaProtocol.builder().dataHub("datahub-x").credentials(CREDENTIALS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"base", "unicode", "token", "fixed-2023"})
  void request_ofEachVector_isByteForByteTheRecordedOne(String name) throws Exception {
    Vector vector = Vector.named(name);
    List<Message> messages = new ArrayList<>();
    for (JsonNode message : new ObjectMapper().readTree(vector.text("bodyUtf8")).get("Message")) {
      messages.add(Message.keyed(message.get("Body").asText(), message.path("Key").textValue()));
    }
    CkafkaProtocol recorded =
        CkafkaProtocol.builder()
            .dataHub("datahub-lzxexample")
            .credentials(vector.credentials())
            .region("ap-guangzhou")
            .build();

    Request request = request(recorded, vector.time(), messages);

    assertThat(new String(request.body(), UTF_8)).isEqualTo(vector.text("bodyUtf8"));
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.path()).isEqualTo("/");
    assertThat(request.host()).isEqualTo(vector.text("host"));
    assertThat(request.contentType()).isEqualTo(vector.text("contentType"));
    String token = vector.credentials().sessionToken();
    assertThat(request.headers())
        .containsEntry("X-TC-Action", "SendMessage")
        .containsEntry("X-TC-Version", "2019-08-19")
        .containsEntry("X-TC-Timestamp", Long.toString(vector.time().getEpochSecond()))
        .containsEntry("X-TC-Region", "ap-guangzhou")
        .containsEntry("Authorization", vector.derived("authorization"))
        .hasSize(token == null ? 5 : 6);
    assertThat(request.headers().get("X-TC-Token")).isEqualTo(token);
  }

  @Test
  void request_beforeAndAfterMidnightInUtc_isSignedForTheDateOfEach() {
    Instant midnight = Instant.parse("2026-03-01T00:00:00Z");
    List<Message> messages = List.of(Message.of("a"));

    Request before = request(protocol, midnight.minusMillis(1), messages);
    Request after = request(protocol, midnight, messages);

    assertThat(before.headers().get("Authorization"))
        .contains("Credential=id/2026-02-28/ckafka/tc3_request");
    assertThat(after.headers().get("Authorization"))
        .contains("Credential=id/2026-03-01/ckafka/tc3_request");
  }

  @Test
  void signatureExpired_theNextRequestHasTheTimeOfTheServer() {
    CkafkaProtocol learning = hub().clock(Clock.fixed(NOW, ZoneOffset.UTC)).build();

    Verdict verdict = learning.classify(expired("Fri, 02 Jan 2026 00:04:05 GMT"));

    assertThat(verdict).isInstanceOf(Verdict.Reauthenticate.class);
    Instant later = NOW.plusSeconds(100);
    assertThat(timestamp(request(learning, later, List.of(Message.of("a")))))
        .isEqualTo(later.minus(Duration.ofHours(3)));
    learning.classify(expired("Sat, 03 Jan 2026 03:04:05 GMT"));
    assertThat(request(learning, NOW, List.of(Message.of("a"))).headers().get("Authorization"))
        .contains("/2026-01-03/");
  }

  @Test
  void signatureExpired_withoutATime_keepsWhatWasLearned() {
    CkafkaProtocol learning = hub().clock(Clock.fixed(NOW, ZoneOffset.UTC)).build();
    learning.classify(expired("Fri, 02 Jan 2026 00:04:05 GMT"));

    learning.classify(expired("yesterday"));

    assertThat(timestamp(request(learning, NOW, List.of(Message.of("a")))))
        .isEqualTo(NOW.minus(Duration.ofHours(3)));
  }

  private static Response expired(String date) {
    String body = "{\"Response\":{\"Error\":{\"Code\":\"AuthFailure.SignatureExpire\"}}}";
    return Response.status(200).headers(Map.of("date", date)).body(body.getBytes(UTF_8)).build();
  }

  private static Instant timestamp(Request request) {
    return Instant.ofEpochSecond(Long.parseLong(request.headers().get("X-TC-Timestamp")));
  }

  @Test
  void credentials_thatRotate_areAskedForEverySignature() {
    List<CkafkaCredentials> given =
        List.of(
            CkafkaCredentials.temporary("first", "k", "t1"),
            CkafkaCredentials.temporary("then", "k", "t2"));
    int[] asked = {0};
    CkafkaProtocol rotating =
        CkafkaProtocol.builder().dataHub("hub").credentials(() -> given.get(asked[0]++)).build();

    Request first = request(rotating, NOW, List.of(Message.of("a")));
    Request second = request(rotating, NOW, List.of(Message.of("a")));

    assertThat(first.headers().get("Authorization")).contains("Credential=first/");
    assertThat(second.headers().get("Authorization")).contains("Credential=then/");
    assertThat(second.headers()).containsEntry("X-TC-Token", "t2");
  }

  @Test
  void credentials_thatAreNotThere_failWithoutTheTextOfTheSupplier() throws Exception {
    Supplier<CkafkaCredentials> broken =
        () -> {
          throw new IllegalStateException("TOPSECRET");
        };

    for (Supplier<CkafkaCredentials> supplier : List.of(broken, () -> (CkafkaCredentials) null)) {
      CkafkaProtocol without =
          CkafkaProtocol.builder().dataHub("hub").credentials(supplier).build();
      assertThat(without.isAuthenticated(NOW)).isFalse();
      assertThat(without.authenticate(NODE, Optional.empty(), null).toCompletableFuture().get())
          .isInstanceOfSatisfying(
              Verdict.Rejected.class,
              rejected ->
                  assertThat(rejected.reason())
                      .startsWith("the supplier of the credentials")
                      .doesNotContain("TOPSECRET"));
    }
  }

  @Test
  void sizes_ofAnyMessages_addUpToTheSizeOfTheRequest() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      List<Message> messages =
          IntStream.rangeClosed(0, random.nextInt(5))
              .mapToObj(
                  i -> Message.keyed(text(random), random.nextBoolean() ? text(random) : null))
              .toList();
      Payload payload = protocol.encode(DESTINATION, messages, NOW);
      long sum =
          protocol.overheadOf(DESTINATION) + messages.stream().mapToLong(protocol::sizeOf).sum();

      assertThat(payload.size()).as("seed %d, round %d", seed, round).isEqualTo(sum);
      assertThat(read(payload)).as("seed %d, round %d", seed, round).isEqualTo(messages);
      int middle = messages.size() / 2;
      Payload slice = protocol.slice(payload, middle, messages.size());
      assertThat(read(slice)).isEqualTo(messages.subList(middle, messages.size()));
    }
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(30); i > 0; i--) {
      int[] kinds = {random.nextInt(0x80), random.nextInt(0x20), random.nextInt(0x800), 0x2028};
      int codePoint = random.nextInt(5) < 4 ? kinds[random.nextInt(4)] : random.nextInt(0x110000);
      boolean half = codePoint >= 0xd800 && codePoint <= 0xdfff;
      text.appendCodePoint(half ? 0x2029 : codePoint);
    }
    return text.toString();
  }

  private static List<Message> read(Payload payload) {
    try {
      List<Message> messages = new ArrayList<>();
      for (JsonNode message : new ObjectMapper().readTree(payload.bytes()).get("Message")) {
        messages.add(
            Message.keyed(message.get("Body").textValue(), message.path("Key").textValue()));
      }
      return messages;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void limits_areThoseOfTheServer() {
    assertThat(protocol.maxBatchMessages()).isEqualTo(500);
    assertThat(protocol.maxRequestBytes(OptionalLong.empty())).isEqualTo(5_000_000);
    assertThat(protocol.maxRequestBytes(OptionalLong.of(1000))).isEqualTo(1000);
    assertThat(protocol.maxRequestBytes(OptionalLong.of(Long.MAX_VALUE))).isEqualTo(5_000_000);
  }

  @Test
  void dataHub_byDefaultTheStreamOrAsTheRuleSays() {
    Destination destination = new Destination("g", "datahub-s");
    List<Message> one = List.of(Message.of("a"));

    assertThat(
            text(
                CkafkaProtocol.builder()
                    .credentials(CREDENTIALS)
                    .build()
                    .encode(destination, one, NOW)))
        .startsWith("{\"DataHubId\":\"datahub-s\",");
    assertThat(
            text(
                CkafkaProtocol.builder()
                    .credentials(CREDENTIALS)
                    .dataHubBy(d -> d.groupId() + '.' + d.streamId())
                    .build()
                    .encode(destination, one, NOW)))
        .startsWith("{\"DataHubId\":\"g.datahub-s\",");
    assertThat(text(protocol.encode(destination, one, NOW)))
        .startsWith("{\"DataHubId\":\"datahub-x\",");
  }

  private static String text(Payload payload) {
    return new String(payload.bytes(), UTF_8);
  }

  @Test
  void check_destinationWithoutAPossibleDataHub_isRefusedByName() {
    Destination blank = new Destination("g", "a \"b\"\n");

    assertThatThrownBy(
            () -> CkafkaProtocol.builder().credentials(CREDENTIALS).build().validate(blank))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is \"a \"b\"\\u000a\", but must be 1 to 128 letters");
    assertThatThrownBy(
            () ->
                CkafkaProtocol.builder()
                    .credentials(CREDENTIALS)
                    .dataHubBy(d -> null)
                    .build()
                    .validate(DESTINATION))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the DataHub id of group/datahub-stream is null");
    protocol.validate(blank);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "null",
      value = {
        "null, null, is null",
        "a\uD800, null, holds half a surrogate pair at index 1",
        "\uDC00a, null, holds half a surrogate pair at index 0",
        "a, k\uD800k, has a key that holds half a surrogate pair at index 1"
      })
  void check_messageThatUtf8CannotCarry_isRefused(String body, String key, String text) {
    assertThatThrownBy(() -> protocol.validate(Message.keyed(body, key)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(text);
  }

  @Test
  void check_anyOtherText_isTaken() {
    protocol.validate(Message.keyed("", ""));
    protocol.validate(Message.keyed(" \n\u0000\u2028\uD83D\uDE00", "\n"));
  }

  @ParameterizedTest
  @CsvSource({
    "https://ckafka.ap-seoul.tencentcloudapi.com, ckafka.ap-seoul.tencentcloudapi.com:443,"
        + " ckafka.ap-seoul.tencentcloudapi.com",
    "https://gw:8443/, gw:8443, gw:8443",
    "http://127.0.0.1:80, 127.0.0.1:80, 127.0.0.1",
    "http://[::1], [::1]:80, [::1]",
    "http://[::1]:8080, [::1]:8080, [::1]:8080"
  })
  void endpoint_isWhereRequestsGoAndWhatTheyAreSignedFor(String url, String node, String host) {
    CkafkaProtocol otherPlace = hub().endpoint(url).build();

    assertThat(nodesOf(otherPlace)).hasToString('[' + node + ']');
    assertThat(request(otherPlace, NOW, List.of(Message.of("a"))).host()).isEqualTo(host);
  }

  @Test
  void host_andService_areSignedWhateverTheEndpointIs() {
    Vector vector = Vector.named("base");
    CkafkaProtocol.Builder settings =
        CkafkaProtocol.builder()
            .dataHub("datahub-lzxexample")
            .credentials(vector.credentials())
            .host("ckafka.tencentcloudapi.com")
            .service("ckafka")
            .endpoint("http://gateway:8080");
    CkafkaProtocol gateway = settings.build();
    List<Message> messages = List.of(Message.keyed("hello", "k1"), Message.of("world"));

    Request request = request(gateway, vector.time(), messages);
    assertThat(request.host()).isEqualTo("ckafka.tencentcloudapi.com");
    assertThat(request.headers())
        .containsEntry("Authorization", vector.derived("authorization"))
        .doesNotContainKey("X-TC-Region");
    assertThat(
            request(settings.service("other").build(), NOW, messages)
                .headers()
                .get("Authorization"))
        .contains("/2026-01-02/other/tc3_request");
  }

  @Test
  void nodes_byDefault_areTheGlobalEndpoint() {
    assertThat(nodesOf(protocol)).containsExactly(NODE);
    assertThat(NODE.origin().secure()).isTrue();
  }

  private static List<Node> nodesOf(CkafkaProtocol of) {
    return List.copyOf(
        of.defaultNodes().orElseThrow().fetch("g", null).toCompletableFuture().join().nodes());
  }

  @Test
  void settings_thatAreNone_areRefusedByName() {
    assertRefused(() -> CkafkaProtocol.dataHub("a b", CREDENTIALS), "dataHubId is \"a b\"");
    assertRefused(() -> CkafkaProtocol.builder().build(), "credentials must be set");
    assertRefused(() -> hub().region("ap\r\nguangzhou"), "region must match");
    assertRefused(() -> hub().service(""), "service must match");
    assertRefused(() -> hub().host("a b"), "host must match");
    assertRefused(() -> hub().endpoint("gw:80"), "endpoint must start with https://");
    assertRefused(() -> hub().endpoint("ftp://gw"), "endpoint: an address must be host:port");
    assertRefused(
        () -> hub().pauseWhenRefused(Duration.ofSeconds(-1)), "pauseWhenRefused must be from");
    assertRefused(
        () -> hub().pauseWhenRefused(Duration.ofDays(2)), "pauseWhenRefused must be from");
  }

  private static void assertRefused(Supplier<?> step, String text) {
    assertThatThrownBy(step::get)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(text);
  }

  @Test
  void toString_showsTheEndpointAndNoSecret() {
    assertThat(CkafkaProtocol.dataHub("hub", CkafkaCredentials.of("secret-id", "secret-key")))
        .hasToString("CkafkaProtocol[ckafka.tencentcloudapi.com:443]");
    Request request = request(protocol, NOW, List.of(Message.of("TOPSECRET")));
    assertThat(request.toString()).doesNotContain("TOPSECRET", "Credential", "id/");
  }

  private static Request request(CkafkaProtocol by, Instant now, List<Message> messages) {
    return by.request(by.encode(DESTINATION, messages, now), NODE, now);
  }
}
