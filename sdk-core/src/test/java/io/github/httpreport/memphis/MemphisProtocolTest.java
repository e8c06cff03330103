package io.github.httpreport.memphis;

import static io.github.httpreport.memphis.FakeGateway.NODE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.httpreport.Destination;
import io.github.httpreport.Message;
import io.github.httpreport.http.Request;
import io.github.httpreport.protocol.Payload;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemphisProtocolTest {

  private static final Destination DESTINATION = new Destination("group", "stream-1");

  private final MemphisProtocol single = builder().build();
  private final MemphisProtocol batch = builder().batch().build();

  private static MemphisProtocol.Builder builder() {
    return byStream().station("orders");
  }

  private static MemphisProtocol.Builder byStream() {
    return MemphisProtocol.builder().user("app", () -> "hush");
  }

  private static Payload encode(MemphisProtocol protocol, String... bodies) {
    List<Message> messages = Stream.of(bodies).map(Message::of).toList();
    return protocol.encode(DESTINATION, messages, Instant.EPOCH);
  }

  private static Request request(MemphisProtocol protocol, String... bodies) {
    return protocol.request(encode(protocol, bodies), NODE, Instant.EPOCH);
  }

  @Test
  void name_formsThatCannotReadEachOther_differ() {
    assertThat(batch.payloadFormat()).isNotEqualTo(single.payloadFormat());
  }

  @Test
  void request_single_isTheMessageByteForByte() {
    Request request = request(single, " {\"b\":1}\r\n漢\t");

    assertThat(request)
        .hasToString("POST http://gw:4444/stations/orders/produce/single (14 bytes)");
    assertThat(request.contentType()).isEqualTo("text/plain");
    assertThat(request.body()).asString(UTF_8).isEqualTo(" {\"b\":1}\r\n漢\t");
    assertThat(request.headers()).isEmpty();
  }

  @Test
  void request_batch_isAnArrayOfExactlyThatType() {
    Request request = request(batch, "{\"a\":1}", "{ }");

    assertThat(request.path()).isEqualTo("/stations/orders/produce/batch");
    assertThat(request.contentType()).isEqualTo("application/json");
    assertThat(request.body()).asString(UTF_8).isEqualTo("[{\"a\":1},{ }]");
  }

  @Test
  void slice_ofABatch_isAnArray() {
    Payload payload = encode(batch, "{\"a\":1}", "{\"漢\":2}", "{}");

    assertThat(batch.slice(payload, 1, 3).bytes()).asString(UTF_8).isEqualTo("[{\"漢\":2},{}]");
    assertThat(single.slice(encode(single, "a", "bc"), 1, 2).bytes())
        .asString(UTF_8)
        .isEqualTo("bc");
  }

  @Test
  void sizeOf_withOverhead_isNeverLessThanTheBody() {
    String[] bodies = {"{}", "{\"a\":\"漢字\"}", "{\"b\":\"😀\"}"};

    long total = batch.overheadOf(DESTINATION);
    for (String body : bodies) {
      total += batch.sizeOf(Message.of(body));
      assertThat(single.sizeOf(Message.of(body)) + single.overheadOf(DESTINATION))
          .isEqualTo(encode(single, body).size());
    }

    assertThat(total).isEqualTo(encode(batch, bodies).size() + 1);
  }

  @Test
  void limits_ofTheTwoModes() {
    assertThat(single.maxBatchMessages()).isOne();
    assertThat(batch.maxBatchMessages()).isEqualTo(1000);
    assertThat(builder().batch().single().build().maxBatchMessages()).isOne();
    assertThat(single.maxRequestBytes(OptionalLong.empty())).isEqualTo(1_040_384);
    assertThat(builder().maxRequestBytes(70).build().maxRequestBytes(OptionalLong.empty()))
        .isEqualTo(70);
    assertThat(builder().maxRequestBytes(70).build().maxRequestBytes(OptionalLong.of(7)))
        .isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "7", "orders", "a.b_c-d", "0123456789"})
  void station_ofALegalName_isTaken(String name) {
    assertThat(byStream().station(name).build())
        .hasToString("MemphisProtocol[" + name + ", single, app]");
    byStream().build().validate(new Destination("g", name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", ".", "..", "a/b", "Orders", "a b", "a%2fb", "-a", "a.", "_a", "a\n", "ä", "a?b"
      })
  void station_ofAnIllegalName_isRefused(String name) {
    String rule =
        " must name a Memphis station: 1 to 128 characters, lower-case letters, digits, _ . and -,"
            + " the first and the last a letter or digit";

    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().station(name))
        .withMessage("station" + rule);
    MemphisProtocol byRule = byStream().stationBy(any -> name).build();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> byRule.validate(DESTINATION))
        .withMessage("the station that the rule tells" + rule);
  }

  @Test
  void station_atItsLongest() {
    builder().station("a".repeat(128));

    assertThatIllegalArgumentException().isThrownBy(() -> builder().station("a".repeat(129)));
  }

  @Test
  void stationByStream_namesTheStation() {
    MemphisProtocol protocol = byStream().build();

    assertThat(request(protocol, "x").path()).isEqualTo("/stations/stream-1/produce/single");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> protocol.validate(new Destination("g", "Stream 1")))
        .withMessageStartingWith("streamId must name a Memphis station");
  }

  @Test
  void stationBy_rule_replacesIt() {
    MemphisProtocol protocol =
        byStream().stationBy(to -> to.groupId() + '.' + to.streamId()).build();

    assertThat(request(protocol, "x").path()).isEqualTo("/stations/group.stream-1/produce/single");
  }

  @Test
  void stationBy_ruleThatReturnsNothing_isRefused() {
    MemphisProtocol protocol = byStream().stationBy(to -> null).build();

    assertThatIllegalArgumentException().isThrownBy(() -> protocol.validate(DESTINATION));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "text", "[1]", "a\nb", "{\"a\":"})
  void check_anyTextInSingleMode_isTaken(String body) {
    single.validate(Message.of(body));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "text", "[1]", "7", "null", "{\"a\":", "{} {}"})
  void check_noObjectInBatchMode_isRefused(String body) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> batch.validate(Message.of(body)))
        .withMessageStartingWith("must be");
  }

  @Test
  void check_bodyThatSpoilsABatch_isRefusedByName() {
    String deep = "{\"a\":".repeat(9_998) + "{}" + "}".repeat(9_998);
    batch.validate(Message.of(deep));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> batch.validate(Message.of("{\"a\":" + deep + "}")))
        .withMessageStartingWith("is nested deeper than the 9999 levels");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> batch.validate(Message.of("{\"a\":[-1e309]}")))
        .withMessageContaining("too large for a double");
    single.validate(Message.of("{\"a\":[-1e309]}"));
  }

  @Test
  void check_whatNoRequestCanCarry_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> single.validate(Message.keyed("x", "k")))
        .withMessage("has a key, which Memphis has no place for");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> single.validate(Message.of("x\ud800")))
        .withMessage("holds half a surrogate pair at index 1, which UTF-8 cannot carry");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> batch.validate(Message.of("{\"\udc00\":1}")))
        .withMessageStartingWith("holds half a surrogate pair");
  }

  @Test
  void settings_outOfRange_areRefusedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().accountId(0))
        .withMessage("accountId must be at least 1, but is 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().maxRequestBytes(0))
        .withMessage("maxRequestBytes must be at least 1, but is 0");
    for (Duration wrong :
        new Duration[] {
          Duration.ZERO,
          Duration.ofMinutes(-1),
          Duration.ofSeconds(90),
          Duration.ofMinutes(1).plusNanos(1),
          Duration.ofDays(366),
          Duration.ofSeconds(Long.MAX_VALUE)
        }) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> builder().tokenLifetime(wrong))
          .withMessageStartingWith("tokenLifetime must be whole minutes");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MemphisProtocol.builder().user(" ", () -> "hush"))
        .withMessage("the name of the user must not be blank");
    assertThatNullPointerException()
        .isThrownBy(() -> MemphisProtocol.builder().user("app", null))
        .withMessage("password");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MemphisProtocol.builder().station("a").build())
        .withMessage("user or connectionToken must be set, but neither is");
  }

  @Test
  void toString_showsNoSecret() {
    assertThat(single).hasToString("MemphisProtocol[orders, single, app]");
    assertThat(byStream().batch().accountId(3).build())
        .hasToString("MemphisProtocol[{streamId}, batch, app, account 3]");
  }

  @Test
  void settings_surviveEachOther() {
    MemphisProtocol all =
        builder()
            .maxRequestBytes(99)
            .batch()
            .accountId(3)
            .tokenLifetime(Duration.ofMinutes(2))
            .build();

    assertThat(all.maxRequestBytes(OptionalLong.empty())).isEqualTo(99);
    assertThat(all).hasToString("MemphisProtocol[orders, batch, app, account 3]");
  }
}
