package io.github.httpreport.ckafka;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.httpreport.Destination;
import io.github.httpreport.Message;
import io.github.httpreport.protocol.Framing;
import io.github.httpreport.protocol.Payload;
import java.util.List;

/** The body of a request: {@code {"DataHubId":"d","Message":[{"Body":"b","Key":"k"},...]}}. */
final class SendMessageJson {

  private static final String HUB = "{\"DataHubId\":\"";
  private static final String MESSAGES = "\",\"Message\":[";
  private static final String END = "]}";
  private static final String SEPARATOR = ",";

  private static final byte[] BODY = "{\"Body\":\"".getBytes(US_ASCII);
  private static final byte[] KEY = "\",\"Key\":\"".getBytes(US_ASCII);
  private static final byte[] END_OF_MESSAGE = "\"}".getBytes(US_ASCII);

  private SendMessageJson() {}

  /** With a separator, which the last message of a request has none of: see {@link #overheadOf}. */
  static long sizeOf(Message message) {
    return length(message) + SEPARATOR.length();
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
        .frame(destination, messages.stream().map(SendMessageJson::encode).toList());
  }

  static Payload slice(String dataHubId, Payload payload, int from, int to) {
    return framing(dataHubId).slice(payload, from, to);
  }

  private static Framing framing(String dataHubId) {
    return new Framing(HUB + dataHubId + MESSAGES, SEPARATOR, END);
  }

  private static long length(Message message) {
    String key = message.key();
    return BODY.length
        + JsonText.length(message.body())
        + (key == null ? 0 : KEY.length + JsonText.length(key))
        + END_OF_MESSAGE.length;
  }

  private static byte[] encode(Message message) {
    byte[] bytes = new byte[Math.toIntExact(length(message))];
    int end = JsonText.write(message.body(), bytes, append(BODY, bytes, 0));
    String key = message.key();
    if (key != null) {
      end = JsonText.write(key, bytes, append(KEY, bytes, end));
    }
    append(END_OF_MESSAGE, bytes, end);
    return bytes;
  }

  private static int append(byte[] source, byte[] target, int at) {
    System.arraycopy(source, 0, target, at, source.length);
    return at + source.length;
  }
}
