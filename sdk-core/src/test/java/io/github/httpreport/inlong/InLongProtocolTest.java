package io.github.httpreport.inlong;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.httpreport.Destination;
import io.github.httpreport.Message;
import io.github.httpreport.http.Request;
import io.github.httpreport.node.Node;
import io.github.httpreport.protocol.Payload;
import java.net.URLDecoder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class InLongProtocolTest {

  private static final int ROUNDS = 2_000;
  private static final Instant TIME = Instant.ofEpochMilli(1_700_000_000_001L);
  private static final Destination DESTINATION = new Destination("g", "s");
  private static final Node NODE = Node.of("10.0.0.1", 46802);

  private final InLongProtocol protocol = InLongProtocol.create();

  @Test
  void encode_batch_isTheFormOfTheServer() {
    Payload payload = protocol.encode(DESTINATION, messages("a", "b", "c"), TIME);

    assertThat(text(payload))
        .isEqualTo("groupId=g&streamId=s&dt=1700000000001&body=a%0Ab%0Ac&cnt=3");
    assertThat(payload.destination()).isEqualTo(DESTINATION);
    assertThat(payload.messageCount()).isEqualTo(3);
  }

  @Test
  void encode_idsWithReservedCharacters_areEscapedWhateverTheEncoding() {
    InLongProtocol compact = compact();
    Destination destination = new Destination("a&body=x;%+# b", "\u6570=");
    List<Message> one = messages("m");

    assertThat(text(compact.encode(destination, one, TIME)))
        .isEqualTo(text(protocol.encode(destination, one, TIME)))
        .startsWith("groupId=a%26body%3Dx%3B%25%2B%23+b&streamId=%E6%95%B0%3D&dt=");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          abc-._~     | abc-._~                  | abc-._~
          `a b `      | a+b+                     | a+b+
          `a b!`      | a+b%21                   | a+b!
          %+&;#       | %25%2B%26%3B%23          | %25%2B%26%3B%23
          {"k":[1]}   | %7B%22k%22%3A%5B1%5D%7D  | {"k":[1]}
          a=b         | a%3Db                    | a=b
          \u00e9      | %C3%A9                   | \u00e9
          \u6570      | %E6%95%B0                | \u6570
          \uD83D\uDE00 | %F0%9F%98%80            | \uD83D\uDE00
          """)
  void encode_body_isEscapedAsItsEncodingSays(String body, String standard, String compact) {
    assertThat(bodyOf(protocol, body)).isEqualTo(standard);
    assertThat(bodyOf(compact(), body)).isEqualTo(compact);
  }

  @Test
  void encode_controlCharacters_areEscapedInBothEncodings() {
    String body = "x\u0000\t\r\u001f\u007f";

    assertThat(bodyOf(protocol, body)).isEqualTo("x%00%09%0D%1F%7F");
    assertThat(bodyOf(compact(), body)).isEqualTo("x%00%09%0D%1F%7F");
  }

  @ParameterizedTest
  @EnumSource
  void encode_randomUnicode_decodesBackToTheInput(FormEncoding encoding) throws Exception {
    InLongProtocol sut = InLongProtocol.builder().encoding(encoding).build();
    RandomText text = new RandomText();
    for (int round = 0; round < ROUNDS; round++) {
      List<String> bodies = text.bodies(1 + text.upTo(5));
      Destination destination = new Destination(text.body(), text.body());
      String as = text.seed() + " round " + round;

      Map<String, byte[]> form =
          ReferenceFormDecoder.fields(sut.encode(destination, messages(bodies), TIME).bytes());

      assertThat(form.keySet()).as(as).containsExactly("groupId", "streamId", "dt", "body", "cnt");
      assertThat(ReferenceFormDecoder.decode(form.get("groupId")))
          .as(as)
          .isEqualTo(destination.groupId());
      assertThat(ReferenceFormDecoder.decode(form.get("streamId")))
          .as(as)
          .isEqualTo(destination.streamId());
      assertThat(form.get("dt")).as(as).asString(US_ASCII).isEqualTo("1700000000001");
      assertThat(form.get("cnt")).as(as).asString(US_ASCII).isEqualTo("" + bodies.size());
      String joined = String.join("\n", bodies);
      assertThat(ReferenceFormDecoder.decode(form.get("body"))).as(as).isEqualTo(joined);
      assertThat(URLDecoder.decode(new String(form.get("body"), UTF_8), UTF_8))
          .as(as)
          .isEqualTo(joined);
    }
  }

  @ParameterizedTest
  @CsvSource({"STANDARD, [A-Za-z0-9._~+%-]*", "COMPACT, [^\\x00-\\x20\\x7f&;#]*"})
  void encode_randomUnicode_usesOnlySafeCharacters(FormEncoding encoding, String safe) {
    InLongProtocol sut = InLongProtocol.builder().encoding(encoding).build();
    RandomText text = new RandomText();
    for (int round = 0; round < ROUNDS; round++) {
      String body = text.body();

      assertThat(bodyOf(sut, body)).as(text.seed() + " round " + round).matches(safe);
    }
  }

  @ParameterizedTest
  @EnumSource
  void encode_pairAcrossAnyOffset_staysWhole(FormEncoding encoding) throws Exception {
    InLongProtocol sut = InLongProtocol.builder().encoding(encoding).build();
    for (int offset = 0; offset < 2 * FormBuffer.CHUNK + 3; offset += offset < 20 ? 1 : 7) {
      String body = "a".repeat(offset) + "\uD83D\uDE00;" + "b".repeat(FormBuffer.CHUNK);

      Payload payload = sut.encode(DESTINATION, messages(body), TIME);

      byte[] field = ReferenceFormDecoder.fields(payload.bytes()).get("body");
      assertThat(ReferenceFormDecoder.decode(field)).as("offset " + offset).isEqualTo(body);
    }
  }

  @ParameterizedTest
  @EnumSource
  void encode_textsOfOneKindOfCharacter_decodeBackAndHaveTheirSize(FormEncoding encoding)
      throws Exception {
    InLongProtocol sut = InLongProtocol.builder().encoding(encoding).build();
    for (int codePoint : new int[] {'a', ' ', ';', 0x7f, 0x80, 0xff, 0x100, 0x7ff, 0x800, 0xffff}) {
      for (int length : new int[] {1, 2, FormBuffer.CHUNK - 1, FormBuffer.CHUNK + 1, 9_000}) {
        String body = "x" + Character.toString(codePoint).repeat(length);
        String as = "U+" + Integer.toHexString(codePoint) + " x " + length;

        Payload payload = sut.encode(DESTINATION, messages(body), TIME);

        byte[] field = ReferenceFormDecoder.fields(payload.bytes()).get("body");
        assertThat(ReferenceFormDecoder.decode(field)).as(as).isEqualTo(body);
        assertThat(sut.sizeOf(Message.of(body))).as(as).isEqualTo(field.length + 3L);
      }
    }
  }

  @Test
  void encode_shortBatchAfterALong_leavesBothWhole() {
    Payload longer = protocol.encode(DESTINATION, messages("b".repeat(5_000)), TIME);
    Payload shorter = protocol.encode(DESTINATION, messages("c"), TIME);

    assertThat(text(longer)).endsWith("&body=" + "b".repeat(5_000) + "&cnt=1");
    assertThat(text(shorter)).isEqualTo("groupId=g&streamId=s&dt=1700000000001&body=c&cnt=1");
  }

  @Test
  void encode_manyThreads_eachGetsItsOwnForm() {
    List<String> bodies = IntStream.range(0, 4_000).mapToObj(i -> i + "x".repeat(i % 300)).toList();

    List<String> forms =
        bodies.parallelStream()
            .map(body -> text(protocol.encode(DESTINATION, messages(body), TIME)))
            .toList();

    assertThat(forms)
        .isEqualTo(
            bodies.stream()
                .map(body -> "groupId=g&streamId=s&dt=1700000000001&body=" + body + "&cnt=1")
                .toList());
  }

  @ParameterizedTest
  @EnumSource
  void sizeOf_sumWithOverhead_isTheSizeUpToTheRoomForNumbers(FormEncoding encoding) {
    InLongProtocol sut = InLongProtocol.builder().encoding(encoding).build();
    RandomText text = new RandomText();
    for (int round = 0; round < ROUNDS; round++) {
      List<Message> messages = messages(text.bodies(1 + text.upTo(12)));
      Destination destination = new Destination(text.body(), text.body());

      long bound = messages.stream().mapToLong(sut::sizeOf).sum() + sut.overheadOf(destination);

      int size = sut.encode(destination, messages, TIME).size();
      int roomForTime = 20 - "1700000000001".length();
      int roomForCount = 10 - Integer.toString(messages.size()).length();
      int roomForSeparator = 3;
      assertThat(bound - size)
          .as(text.seed() + " round " + round)
          .isEqualTo(roomForTime + roomForCount + roomForSeparator);
    }
  }

  @Test
  void overheadOf_extremeNumbers_isStillEnough() {
    List<Message> one = messages("a");
    Instant longestTime = Instant.ofEpochMilli(Long.MIN_VALUE);

    int size = protocol.encode(DESTINATION, one, longestTime).size();

    assertThat(protocol.sizeOf(one.get(0)) + protocol.overheadOf(DESTINATION))
        .isGreaterThanOrEqualTo(size);
  }

  @Test
  void check_messageWithAKey_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InLongProtocol.create().validate(Message.keyed("a", "secret")))
        .withMessage("has a key, which InLong has no place for");
  }

  @Test
  void checkDestination_idWithHalfAPair_isRefusedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> protocol.validate(new Destination("g\uD800", "s")))
        .withMessage("groupId holds half a surrogate pair at index 1, which UTF-8 cannot carry");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> protocol.validate(new Destination("g", "\uDC00s")))
        .withMessageStartingWith("streamId holds half");
  }

  @Test
  void encode_timeBeyondMilliseconds_isRefusedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> protocol.encode(DESTINATION, messages("a"), Instant.MAX))
        .withMessageStartingWith("dataTime " + Instant.MAX);
  }

  @ParameterizedTest
  @EnumSource
  void slice_anyRange_isTheEncodingOfThatRange(FormEncoding encoding) {
    InLongProtocol sut = InLongProtocol.builder().encoding(encoding).build();
    RandomText text = new RandomText();
    for (int round = 0; round < ROUNDS / 4; round++) {
      List<Message> messages = messages(text.bodies(1 + text.upTo(12)));
      Destination destination = new Destination(text.body(), text.body());
      int from = text.upTo(messages.size());
      int to = from + 1 + text.upTo(messages.size() - from);
      String as = text.seed() + " round " + round;
      Payload whole = sut.encode(destination, messages, TIME);

      assertSame(sut.slice(whole, 0, messages.size()), whole, as);
      Payload part = sut.slice(whole, from, to);
      assertSame(part, sut.encode(destination, messages.subList(from, to), TIME), as);
      Payload last = sut.slice(part, part.messageCount() - 1, part.messageCount());
      assertSame(last, sut.encode(destination, messages.subList(to - 1, to), TIME), as);
    }
  }

  private static void assertSame(Payload actual, Payload expected, String as) {
    assertThat(actual.bytes()).as(as).isEqualTo(expected.bytes());
    assertThat(actual.destination()).as(as).isEqualTo(expected.destination());
    assertThat(actual.messageCount()).as(as).isEqualTo(expected.messageCount());
    for (int i = 0; i < actual.messageCount(); i++) {
      assertThat(actual.messageStart(i, 3)).as(as).isEqualTo(expected.messageStart(i, 3));
      assertThat(actual.messageEnd(i)).as(as).isEqualTo(expected.messageEnd(i));
    }
  }

  @Test
  void check_nullBody_isRefused() {
    Message message = Message.of(null);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> protocol.validate(message))
        .withMessage("is null");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t\r ", "\n", "\n \n", "\u2003"})
  void check_blankBody_isRefusedWithAndWithoutNewlines(String body) {
    for (boolean allowed : new boolean[] {false, true}) {
      InLongProtocol sut = InLongProtocol.builder().allowNewlines(allowed).build();

      assertThatIllegalArgumentException()
          .isThrownBy(() -> sut.validate(Message.of(body)))
          .withMessage("is blank");
    }
  }

  @Test
  void check_newline_isRefusedUnlessAllowed() {
    Message message = Message.of("first line secret\nsecond");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> protocol.validate(message))
        .withMessageStartingWith("holds a newline at index 17, ")
        .withMessageNotContaining("secret");
    InLongProtocol allowing = InLongProtocol.builder().allowNewlines(true).build();
    assertThatCode(() -> allowing.validate(message)).doesNotThrowAnyException();
    assertThat(bodyOf(allowing, "a\nb")).isEqualTo("a%0Ab");
  }

  @Test
  void check_newlineAtEitherEnd_isRefused() {
    for (String body : List.of("\na", "a\n")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> protocol.validate(Message.of(body)))
          .withMessageStartingWith("holds a newline at index " + body.indexOf('\n'));
    }
  }

  @Test
  void check_halfAPair_isRefusedWithItsIndex() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> protocol.validate(Message.of("\uD83D\uDE00ab\uDE00")))
        .withMessage("holds half a surrogate pair at index 4, which UTF-8 cannot carry");
  }

  @Test
  void check_randomText_isRefusedExactlyWhenUtf8CannotCarryIt() {
    RandomText text = new RandomText();
    for (int round = 0; round < ROUNDS; round++) {
      String body = text.body();
      String broken = text.withHalfPair(body, text.upTo(body.length() + 1));
      String as = text.seed() + " round " + round;

      assertThatCode(() -> protocol.validate(Message.of(body))).as(as).doesNotThrowAnyException();
      Throwable refusal = catchThrowable(() -> protocol.validate(Message.of(broken)));

      if (UTF_8.newEncoder().canEncode(broken)) {
        assertThat(refusal).as(as).isNull();
      } else {
        assertThat(refusal).as(as).isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  @Test
  void request_payload_isPostedWithTheBareContentType() {
    Payload payload = protocol.encode(DESTINATION, messages("a"), TIME);

    Request request = protocol.request(payload, NODE, TIME);

    assertThat(request).hasToString("POST http://10.0.0.1:46802/dataproxy/message (50 bytes)");
    assertThat(request.contentType()).isEqualTo("application/x-www-form-urlencoded");
    assertThat(request.headers()).isEmpty();
    assertThat(request.body()).isSameAs(payload.bytes());
  }

  @Test
  void probe_node_isItsHeartbeat() {
    assertThat(protocol.probe(NODE))
        .hasValueSatisfying(
            probe ->
                assertThat(probe)
                    .hasToString("GET http://10.0.0.1:46802/dataproxy/heartbeat (0 bytes)"));
  }

  @Test
  void maxBatchBytes_clusterReportsALimit_isThatLimit() {
    assertThat(protocol.maxRequestBytes(OptionalLong.of(70_000))).isEqualTo(70_000);
    assertThat(protocol.maxRequestBytes(OptionalLong.empty())).isEqualTo(524_288);
    assertThat(protocol.maxBatchMessages()).isEqualTo(100_000);
    InLongProtocol small = InLongProtocol.builder().maxRequestBytes(65_536).build();
    assertThat(small.maxRequestBytes(OptionalLong.empty())).isEqualTo(65_536);
    assertThat(small.maxRequestBytes(OptionalLong.of(1_000_000))).isEqualTo(1_000_000);
  }

  @Test
  void maxRequestBytes_belowOne_isRefusedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InLongProtocol.builder().maxRequestBytes(0))
        .withMessage("maxRequestBytes must be at least 1, but is 0");
    InLongProtocol smallest = InLongProtocol.builder().maxRequestBytes(1).build();
    assertThat(smallest.maxRequestBytes(OptionalLong.empty())).isEqualTo(1);
  }

  @Test
  void toString_protocol_namesItsEncoding() {
    assertThat(compact()).hasToString("InLongProtocol[COMPACT]");
  }

  private static InLongProtocol compact() {
    return InLongProtocol.builder().encoding(FormEncoding.COMPACT).build();
  }

  private static String bodyOf(InLongProtocol protocol, String body) {
    Payload payload = protocol.encode(DESTINATION, messages(body), TIME);
    return new String(ReferenceFormDecoder.fields(payload.bytes()).get("body"), UTF_8);
  }

  private static String text(Payload payload) {
    return new String(payload.bytes(), UTF_8);
  }

  private static List<Message> messages(String... bodies) {
    return messages(List.of(bodies));
  }

  private static List<Message> messages(List<String> bodies) {
    return bodies.stream().map(Message::of).toList();
  }
}
