package io.github.httpreport.inlong;

import io.github.httpreport.Destination;
import io.github.httpreport.Message;
import io.github.httpreport.protocol.Payload;
import java.time.Instant;
import java.util.List;

/**
 * The form that one report is: {@code groupId=g&streamId=s&dt=1&body=a%0Ab&cnt=2}. Safe for use by
 * many threads.
 */
final class InLongForm {

  /** Exactly so: with a charset behind it the server answers 36. */
  static final String CONTENT_TYPE = "application/x-www-form-urlencoded";

  private static final String GROUP = "groupId=";
  private static final String STREAM = "&streamId=";
  private static final String TIME = "&dt=";
  private static final String BODY = "&body=";
  private static final String COUNT = "&cnt=";
  private static final String SEPARATOR = "%0A";

  private static final int MAX_TIME_LENGTH = Long.toString(Long.MIN_VALUE).length();
  private static final int MAX_COUNT_DIGITS = Integer.toString(Integer.MAX_VALUE).length();
  private static final int MAX_FRAME_LENGTH =
      GROUP.length()
          + STREAM.length()
          + TIME.length()
          + MAX_TIME_LENGTH
          + BODY.length()
          + COUNT.length()
          + MAX_COUNT_DIGITS;

  /** Ids are short and may pass gateways' logs: they are escaped whole, whatever bodies are. */
  private static final FormEncoder IDS = FormEncoder.STANDARD;

  private final FormEncoder bodies;
  private final SpareBuffers spare = new SpareBuffers();

  InLongForm(FormEncoder bodies) {
    this.bodies = bodies;
  }

  long sizeOf(Message message) {
    return bodies.encodedLength(message.body()) + SEPARATOR.length();
  }

  long overheadOf(Destination destination) {
    return MAX_FRAME_LENGTH
        + IDS.encodedLength(destination.groupId())
        + IDS.encodedLength(destination.streamId());
  }

  Payload encode(Destination destination, List<Message> messages, Instant dataTime) {
    FormBuffer form = spare.take();
    form.plain(GROUP).encoded(destination.groupId(), IDS);
    form.plain(STREAM).encoded(destination.streamId(), IDS);
    form.plain(TIME).number(millisOf(dataTime)).plain(BODY);
    int first = form.size();
    int[] ends = new int[messages.size()];
    for (int i = 0; i < ends.length; i++) {
      form.plain(i == 0 ? "" : SEPARATOR).encoded(messages.get(i).body(), bodies);
      ends[i] = form.size();
    }
    form.plain(COUNT).number(ends.length);
    Payload payload = new Payload(destination, form.toBytes(), first, ends);
    spare.giveBack(form);
    return payload;
  }

  private static long millisOf(Instant dataTime) {
    try {
      return dataTime.toEpochMilli();
    } catch (ArithmeticException beyondLong) {
      throw new IllegalArgumentException(
          "dataTime " + dataTime + " is too far away to be told in milliseconds", beyondLong);
    }
  }

  Payload slice(Payload payload, int from, int to) {
    int separator = SEPARATOR.length();
    int first = payload.messageStart(0, separator);
    int start = payload.messageStart(from, separator);
    int shift = start - first;
    int[] ends = new int[to - from];
    for (int i = 0; i < ends.length; i++) {
      ends[i] = payload.messageEnd(from + i) - shift;
    }
    int bodyEnd = ends[ends.length - 1];
    String count = Integer.toString(ends.length);
    byte[] bytes = new byte[bodyEnd + COUNT.length() + count.length()];
    System.arraycopy(payload.bytes(), 0, bytes, 0, first);
    System.arraycopy(payload.bytes(), start, bytes, first, bodyEnd - first);
    ascii(count, bytes, ascii(COUNT, bytes, bodyEnd));
    return new Payload(payload.destination(), bytes, first, ends);
  }

  private static int ascii(String text, byte[] target, int position) {
    for (int i = 0; i < text.length(); i++) {
      target[position + i] = (byte) text.charAt(i);
    }
    return position + text.length();
  }
}
