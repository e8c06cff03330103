package io.github.httpreport.ckafka;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.github.httpreport.Destination;
import io.github.httpreport.Message;
import io.github.httpreport.protocol.Payload;
import io.github.httpreport.protocol.support.Framing;
import io.github.httpreport.protocol.support.Utf8;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of a request: {@code {"DataHubId":"d","Message":[{"Body":"b","Key":"k"},...]}}. */
final class SendMessageJson {

  private static final String HUB = "{\"DataHubId\":\"";
  private static final String MESSAGES = "\",\"Message\":[";
  private static final String END = "]}";
  private static final String SEPARATOR = ",";

  /**
   * Writes to text and not to bytes: only so do all versions of Jackson that are supported leave a
   * pair of surrogates as it is, in place of two escapes of six bytes each.
   */
  private static final JsonFactory JSON =
      new JsonFactoryBuilder()
          .disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
          .characterEscapes(new LineSeparators())
          .build();

  private SendMessageJson() {}

  /** With a separator, which the last message of a request has none of: see {@link #overheadOf}. */
  static long sizeOf(Message message) {
    return Utf8.length(json(message)) + SEPARATOR.length();
  }

  /** So that with the sizes of the messages it makes exactly the size of the request. */
  static long overheadOf(String dataHubId) {
    return (long) HUB.length()
        + dataHubId.length()
        + MESSAGES.length()
        + END.length()
        - SEPARATOR.length();
  }

  static Payload encode(String dataHubId, Destination destination, List<Message> messages) {
    return framing(dataHubId)
        .frame(
            destination,
            messages.stream()
                .map(message -> json(message).getBytes(StandardCharsets.UTF_8))
                .toList());
  }

  static Payload slice(String dataHubId, Payload payload, int from, int to) {
    return framing(dataHubId).slice(payload, from, to);
  }

  private static Framing framing(String dataHubId) {
    return new Framing(HUB + dataHubId + MESSAGES, SEPARATOR, END);
  }

  private static String json(Message message) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("Body", message.body());
      if (message.key() != null) {
        json.writeStringField("Key", message.key());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** Escapes the two line separators of Unicode as well, as Tencent's own client does. */
  private static final class LineSeparators extends CharacterEscapes {

    private static final long serialVersionUID = 1L;

    private static final SerializableString LINE = new SerializedString("\\u2028");
    private static final SerializableString PARAGRAPH = new SerializedString("\\u2029");

    @Override
    public int[] getEscapeCodesForAscii() {
      return standardAsciiEscapesForJSON();
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int character) {
      return switch (character) {
        case 0x2028 -> LINE;
        case 0x2029 -> PARAGRAPH;
        default -> null;
      };
    }
  }
}
