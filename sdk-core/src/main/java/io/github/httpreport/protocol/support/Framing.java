package io.github.httpreport.protocol.support;

import static java.util.Objects.requireNonNull;

import io.github.httpreport.Destination;
import io.github.httpreport.Message;
import io.github.httpreport.protocol.Payload;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * How encoded messages stand in a request body: between a prefix and a suffix, with a separator
 * between two of them. Immutable; for protocols whose bodies have this form.
 */
public final class Framing {

  /** A JSON array. */
  public static final Framing JSON_ARRAY = new Framing("[", ",", "]");

  /** One message and nothing around it. */
  public static final Framing PLAIN = new Framing("", "", "");

  private final byte[] prefix;
  private final byte[] separator;
  private final byte[] suffix;

  /**
   * A framing.
   *
   * @param prefix before the first message
   * @param separator between two messages
   * @param suffix after the last message
   */
  public Framing(String prefix, String separator, String suffix) {
    this.prefix = prefix.getBytes(StandardCharsets.UTF_8);
    this.separator = separator.getBytes(StandardCharsets.UTF_8);
    this.suffix = suffix.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The parts of a request body other than its messages and their separators.
   *
   * @return in bytes
   */
  public int overhead() {
    return prefix.length + suffix.length;
  }

  /**
   * What separates a message from its neighbour.
   *
   * @return in bytes
   */
  public int separatorLength() {
    return separator.length;
  }

  /**
   * How many bytes a message adds to a body of messages that stand in it as they are.
   *
   * @param message a message that UTF-8 can carry
   * @return in bytes, the separator included
   */
  public long sizeOf(Message message) {
    return Utf8.length(message.body()) + separator.length;
  }

  /**
   * Puts messages into a request body as they are, in UTF-8.
   *
   * @param destination where they belong
   * @param messages at least one, each of which UTF-8 can carry
   * @return the request body
   */
  public Payload encode(Destination destination, List<Message> messages) {
    return frame(
        destination,
        messages.stream().map(each -> each.body().getBytes(StandardCharsets.UTF_8)).toList());
  }

  /**
   * Puts messages into a request body.
   *
   * @param destination where they belong
   * @param messages at least one, encoded
   * @return the request body
   */
  public Payload frame(Destination destination, List<byte[]> messages) {
    requireNonNull(destination, "destination");
    int size = overhead() + (messages.size() - 1) * separator.length;
    for (byte[] message : messages) {
      size += message.length;
    }
    byte[] bytes = new byte[size];
    int[] ends = new int[messages.size()];
    int end = append(bytes, 0, prefix);
    for (int i = 0; i < ends.length; i++) {
      end = i == 0 ? end : append(bytes, end, separator);
      end = append(bytes, end, messages.get(i));
      ends[i] = end;
    }
    append(bytes, end, suffix);
    return new Payload(destination, bytes, prefix.length, ends);
  }

  private static int append(byte[] target, int at, byte[] source) {
    System.arraycopy(source, 0, target, at, source.length);
    return at + source.length;
  }

  /**
   * Cuts some of the messages out of a body with this framing.
   *
   * @param payload what {@link #frame} or this method made
   * @param from the first message
   * @param to the one after the last
   * @return a request body with these messages
   */
  public Payload slice(Payload payload, int from, int to) {
    int start = payload.messageStart(from, separator.length);
    int length = payload.messageEnd(to - 1) - start;
    byte[] bytes = new byte[overhead() + length];
    append(bytes, 0, prefix);
    System.arraycopy(payload.bytes(), start, bytes, prefix.length, length);
    append(bytes, prefix.length + length, suffix);
    int[] ends = new int[to - from];
    for (int i = 0; i < ends.length; i++) {
      ends[i] = payload.messageEnd(from + i) - start + prefix.length;
    }
    return new Payload(payload.destination(), bytes, prefix.length, ends);
  }
}
