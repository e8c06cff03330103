package io.github.httpreport.protocol.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.Destination;
import io.github.httpreport.protocol.Payload;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FramingTest {

  private static final Destination DESTINATION = new Destination("group", "stream");

  private static Payload frame(Framing framing, String... messages) {
    List<byte[]> encoded =
        Stream.of(messages).map(m -> m.getBytes(StandardCharsets.UTF_8)).toList();
    return framing.frame(DESTINATION, encoded);
  }

  private static String text(Payload payload) {
    return new String(payload.bytes(), StandardCharsets.UTF_8);
  }

  @Test
  void frame_array_separatesMessages() {
    Payload payload = frame(Framing.JSON_ARRAY, "{\"a\":1}", "{}", "{\"b\":\"\u4f60\"}");

    assertThat(text(payload)).isEqualTo("[{\"a\":1},{},{\"b\":\"\u4f60\"}]");
    assertThat(payload.messageCount()).isEqualTo(3);
    assertThat(payload.messageStart(1, 1)).isEqualTo(9);
    assertThat(payload.messageEnd(1)).isEqualTo(11);
  }

  @Test
  void slice_ofASlice_isAWholeBody() {
    Framing framing = new Framing("{\"m\":[", ",", "]}");
    Payload payload = frame(framing, "1", "22", "333", "4444");

    Payload slice = framing.slice(payload, 1, 4);

    assertThat(text(slice)).isEqualTo("{\"m\":[22,333,4444]}");
    assertThat(text(framing.slice(slice, 1, 2))).isEqualTo("{\"m\":[333]}");
    assertThat(text(framing.slice(slice, 0, 3))).isEqualTo(text(slice));
  }

  @Test
  void slice_plain_isTheMessage() {
    Payload payload = frame(Framing.PLAIN, "one", "two");

    assertThat(text(Framing.PLAIN.slice(payload, 0, 1))).isEqualTo("one");
    assertThat(text(Framing.PLAIN.slice(payload, 1, 2))).isEqualTo("two");
  }

  @Test
  void overhead_isWhatAnEmptyBodyWouldHave() {
    Payload payload = frame(Framing.JSON_ARRAY, "12345");

    assertThat(Framing.JSON_ARRAY.overhead() + 5).isEqualTo(payload.size());
    assertThat(Framing.JSON_ARRAY.separatorLength()).isOne();
  }
}
