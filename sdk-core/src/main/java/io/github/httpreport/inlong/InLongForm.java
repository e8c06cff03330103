package io.github.httpreport.inlong;

import io.github.httpreport.Destination;
import io.github.httpreport.Message;
import io.github.httpreport.protocol.Payload;
import java.time.Instant;
import java.util.List;

/** The form that one report is: {@code groupId=g&streamId=s&dt=1&body=a%0Ab&cnt=2}. Immutable. */
final class InLongForm {

  /** Exactly so: with a charset behind it the server answers 36. */
  static final String CONTENT_TYPE = "application/x-www-form-urlencoded";

  private static final String GROUP = "groupId=";
  private static final String STREAM = "&streamId=";
  private static final String TIME = "&dt=";
  private static final String BODY = "&body=";
  private static final String COUNT = "&cnt=";
  private static final String SEPARATOR = "%0A";

  private static final int LONGEST_TIME = Long.toString(Long.MIN_VALUE).length();
  private static final int LONGEST_COUNT = Integer.toString(Integer.MAX_VALUE).length();
  private static final int LONGEST_FRAME =
      GROUP.length()
          + STREAM.length()
          + TIME.length()
          + LONGEST_TIME
          + BODY.length()
          + COUNT.length()
          + LONGEST_COUNT;

  /** Ids are short and may pass gateways' logs: they are escaped whole, whatever bodies are. */
  private static final FormEncoder IDS = FormEncoder.STANDARD;

  private final FormEncoder bodies;

  InLongForm(FormEncoder bodies) {
    this.bodies = bodies;
  }

  long sizeOf(Message message) {
    return bodies.encodedLength(message.body()) + SEPARATOR.length();
  }

  long overheadOf(Destination destination) {
    return LONGEST_FRAME
        + IDS.encodedLength(destination.groupId())
        + IDS.encodedLength(destination.streamId());
  }

  Payload encode(Destination destination, List<Message> messages, Instant dataTime) {
    String time = Long.toString(millisOf(dataTime));
    String count = Integer.toString(messages.size());
    int groupLength = Math.toIntExact(IDS.encodedLength(destination.groupId()));
    int streamLength = Math.toIntExact(IDS.encodedLength(destination.streamId()));
    int first =
        GROUP.length()
            + groupLength
            + STREAM.length()
            + streamLength
            + TIME.length()
            + time.length()
            + BODY.length();
    int[] ends = endsOf(messages, first);
    int bodyEnd = ends[ends.length - 1];

    byte[] bytes = new byte[Math.addExact(bodyEnd, COUNT.length() + count.length())];
    // No text has more characters than all of them have bytes.
    char[] chunk = FormEncoder.chunk(bodyEnd);
    int position = ascii(GROUP, bytes, 0);
    IDS.encode(destination.groupId(), bytes, position, position + groupLength, chunk);
    position = ascii(STREAM, bytes, position + groupLength);
    IDS.encode(destination.streamId(), bytes, position, position + streamLength, chunk);
    position = ascii(TIME, bytes, position + streamLength);
    position = ascii(time, bytes, position);
    position = ascii(BODY, bytes, position);
    for (int i = 0; i < ends.length; i++) {
      position = i == 0 ? position : ascii(SEPARATOR, bytes, position);
      bodies.encode(messages.get(i).body(), bytes, position, ends[i], chunk);
      position = ends[i];
    }
    ascii(count, bytes, ascii(COUNT, bytes, position));
    return new Payload(destination, bytes, first, ends);
  }

  private int[] endsOf(List<Message> messages, int first) {
    int[] ends = new int[messages.size()];
    long start = first;
    for (int i = 0; i < ends.length; i++) {
      long end = start + bodies.encodedLength(messages.get(i).body());
      ends[i] = Math.toIntExact(end);
      start = end + SEPARATOR.length();
    }
    return ends;
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
