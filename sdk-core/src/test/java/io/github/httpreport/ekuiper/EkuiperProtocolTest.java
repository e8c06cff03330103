package io.github.httpreport.ekuiper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.httpreport.Destination;
import io.github.httpreport.Message;
import io.github.httpreport.http.Request;
import io.github.httpreport.node.Node;
import io.github.httpreport.protocol.Payload;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EkuiperProtocolTest {

  private static final Node NODE = Node.of("edge", 10081);
  private static final Instant NOW = Instant.EPOCH;
  private static final Destination DESTINATION = new Destination("group", "stream");

  private final EkuiperProtocol protocol = EkuiperProtocol.post("/api/data");

  private static EkuiperProtocol.Builder builder() {
    return EkuiperProtocol.builder().path("/api/data");
  }

  @Test
  void name_formsThatCannotReadEachOther_differ() {
    assertThat(EkuiperProtocol.post("/a").payloadFormat())
        .isEqualTo(EkuiperProtocol.builder().put().path("/b").build().payloadFormat());
    assertThat(builder().single().build().payloadFormat())
        .isNotEqualTo(EkuiperProtocol.post("/a").payloadFormat());
  }

  @Test
  void encode_arrayMode_isAnArrayOfTheObjectsAsTheyAre() {
    assertThat(body(protocol, "{\"a\": 1.0}", " {\"b\":\"\u6570\"}\n"))
        .isEqualTo("[{\"a\": 1.0}, {\"b\":\"\u6570\"}\n]");
    assertThat(body(protocol, "{}")).isEqualTo("[{}]");
  }

  @Test
  void encode_singleMode_isTheObjectAlone() {
    EkuiperProtocol single = builder().single().build();

    assertThat(body(single, "{\"a\":1}")).isEqualTo("{\"a\":1}");
    assertThat(single.maxBatchMessages()).isEqualTo(1);
    assertThat(single.overheadOf(DESTINATION)).isZero();
  }

  @Test
  void request_postAndPut_areWhatTheStreamTakes() {
    Request post = request(protocol, DESTINATION);
    Request put = request(EkuiperProtocol.builder().put().path("/api/data").build(), DESTINATION);

    assertThat(post.method()).isEqualTo("POST");
    assertThat(put.method()).isEqualTo("PUT");
    assertThat(List.of(post, put))
        .allSatisfy(
            request -> {
              assertThat(request.path()).isEqualTo("/api/data");
              assertThat(request.contentType()).isEqualTo("application/json");
              assertThat(request.headers()).isEmpty();
              assertThat(new String(request.body(), UTF_8)).isEqualTo("[{}]");
            });
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "orders, /orders",
        "a b, /a%20b",
        "\u6570, /%E6%95%B0",
        "a?b#c%2f, /a%3Fb%23c%252f",
        "-._~, /-._~",
        "..., /...",
        "`\\{};:@&=+$,'`, /%5C%7B%7D%3B%3A%40%26%3D%2B%24%2C%27"
      })
  void request_noPathGiven_isNamedByTheStream(String streamId, String path) {
    Destination destination = new Destination("g", streamId);

    assertThatCode(() -> EkuiperProtocol.create().validate(destination)).doesNotThrowAnyException();
    assertThat(request(EkuiperProtocol.create(), destination).path()).isEqualTo(path);
    assertThat(request(EkuiperProtocol.builder().put().build(), destination).path())
        .isEqualTo(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a/b", "/", "/a", "..", ".", "../x", "a\u0000", "a\r\nHost: x", "\u0085a"})
  void check_streamThatIsNoSegment_isRefusedByName(String streamId) {
    Destination destination = new Destination("g", streamId);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> EkuiperProtocol.create().validate(destination))
        .withMessageStartingWith("streamId ")
        .withMessageNotContaining("Host");
    assertThatCode(() -> protocol.validate(destination)).doesNotThrowAnyException();
  }

  @Test
  void check_streamOfHalfASurrogatePair_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EkuiperProtocol.create().validate(new Destination("g", "a" + '\ud800')))
        .withMessageStartingWith("streamId holds half a surrogate pair at index 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "a", "//", "/a//b", "/..", "/a/../b", "/.", "/a/./b", "/a/..", "/a\nb", "/\u007f"
      })
  void post_pathThatIsNone_isRefused(String path) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EkuiperProtocol.post(path))
        .withMessageStartingWith("path ");
    EkuiperProtocol byRule = EkuiperProtocol.builder().pathBy(destination -> path).build();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> byRule.validate(DESTINATION))
        .withMessageStartingWith("the path that the rule tells ");
  }

  @ParameterizedTest
  @CsvSource({
    "/, /",
    "/a/, /a/",
    "/a b/\u6570, /a%20b/%E6%95%B0",
    "/a%2Fb, /a%252Fb",
    "/.a/..b, /.a/..b"
  })
  void post_path_isWrittenAsInTheStream(String path, String escaped) {
    assertThat(request(EkuiperProtocol.post(path), DESTINATION).path()).isEqualTo(escaped);
  }

  @Test
  void path_rule_givesThePathOfEachDestination() {
    EkuiperProtocol byRule =
        EkuiperProtocol.builder()
            .put()
            .pathBy(each -> "/in/" + each.groupId() + '/' + each.streamId())
            .build();

    assertThat(request(byRule, new Destination("g 1", "s")).path()).isEqualTo("/in/g%201/s");
    assertThat(request(byRule, DESTINATION).method()).isEqualTo("PUT");
  }

  @Test
  void path_ruleThatReturnsNull_isRefusedAtTheCall() {
    EkuiperProtocol byRule = EkuiperProtocol.builder().pathBy(destination -> null).build();

    assertThatIllegalArgumentException().isThrownBy(() -> byRule.validate(DESTINATION));
    assertThatNullPointerException().isThrownBy(() -> builder().pathBy(null)).withMessage("rule");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "[]",
        "[{}]",
        "1",
        "null",
        "\"{}\"",
        "{}{}",
        "{'a':1}",
        "{\"a\":1",
        "\ufeff{}"
      })
  void check_bodyThatIsNoObject_isRefused(String body) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> protocol.validate(Message.of(body)))
        .withMessageStartingWith("must be");
  }

  /** So deep and no deeper, tried with the decoder of the server: a value at the bottom counts. */
  @Test
  void check_nestedDeeperThanTheServerDecodes_isRefusedByName() {
    for (int room : new int[] {299, 300}) {
      EkuiperProtocol checks = room == 300 ? builder().single().build() : protocol;
      checks.validate(Message.of(nested(room, "{}")));
      checks.validate(Message.of(nested(room, "1")));
      for (String bottom : new String[] {"{}", "[]", "1", "null", "\"x\""}) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> checks.validate(Message.of(nested(room + 1, bottom))))
            .withMessageStartingWith("is nested deeper than the " + room + " levels");
      }
    }
  }

  /** So many levels, the one at the bottom counted. */
  private static String nested(int levels, String bottom) {
    return "{\"a\":".repeat(levels - 1) + bottom + "}".repeat(levels - 1);
  }

  @Test
  void check_numberThatNoDoubleHolds_isRefusedByName() {
    for (EkuiperProtocol checks : new EkuiperProtocol[] {protocol, builder().single().build()}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> checks.validate(Message.of("{\"a\":1e309}")))
          .withMessageContaining("too large for a double");
    }
  }

  @Test
  void check_nullBody_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> protocol.validate(Message.of(null)))
        .withMessage("is null");
  }

  @Test
  void settings_outOfRange_areRefusedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().arrays(0))
        .withMessageContaining("maxObjects");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().maxRequestBytes(0))
        .withMessageContaining("maxRequestBytes");
    Stream.of(Duration.ofMillis(-1), Duration.ofDays(1).plusNanos(1))
        .forEach(
            delay ->
                assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder().unknownPathDelay(delay))
                    .withMessageContaining("unknownPathDelay"));
  }

  @Test
  void settings_areCopiesThatKeepTheOthers() {
    EkuiperProtocol.Builder settings =
        EkuiperProtocol.builder()
            .put()
            .arrays(7)
            .maxRequestBytes(99)
            .unknownPathDelay(Duration.ofMillis(3))
            .pathBy(destination -> "/p");
    EkuiperProtocol all = settings.build();

    assertThat(all.maxBatchMessages()).isEqualTo(7);
    assertThat(all.maxRequestBytes(OptionalLong.empty())).isEqualTo(99);
    assertThat(request(all, DESTINATION).method()).isEqualTo("PUT");
    assertThat(request(all, DESTINATION).path()).isEqualTo("/p");
    assertThat(settings.single().build().maxRequestBytes(OptionalLong.empty())).isEqualTo(99);
    assertThat(settings.single().arrays(3).build().maxBatchMessages()).isEqualTo(3);
    assertThat(all.maxBatchMessages()).as("built before").isEqualTo(7);
    assertThat(protocol.maxBatchMessages()).isEqualTo(500);
    assertThat(protocol.maxRequestBytes(OptionalLong.empty())).isEqualTo(1_048_576);
  }

  @Test
  void maxBatchBytes_reportedLimit_holdsWhereItIsLower() {
    assertThat(protocol.maxRequestBytes(OptionalLong.of(10))).isEqualTo(10);
    assertThat(protocol.maxRequestBytes(OptionalLong.of(1L << 40))).isEqualTo(1_048_576);
  }

  @Test
  void toString_showsMethodPathAndMode() {
    assertThat(protocol).hasToString("EkuiperProtocol[POST /api/data, arrays of 500]");
    assertThat(EkuiperProtocol.builder().put().single().build())
        .hasToString("EkuiperProtocol[PUT /{streamId}, single]");
    assertThat(builder().pathBy(destination -> "/x").build())
        .hasToString("EkuiperProtocol[POST a path by rule, arrays of 500]");
  }

  private static String body(EkuiperProtocol protocol, String... objects) {
    return new String(payload(protocol, DESTINATION, objects).bytes(), UTF_8);
  }

  private static Payload payload(
      EkuiperProtocol protocol, Destination destination, String... objects) {
    return protocol.encode(destination, Stream.of(objects).map(Message::of).toList(), NOW);
  }

  private static Request request(EkuiperProtocol protocol, Destination destination) {
    return protocol.request(payload(protocol, destination, "{}"), NODE, NOW);
  }
}
