package io.github.httpreport.protocol;

import static java.util.Objects.requireNonNull;

import io.github.httpreport.Destination;

/**
 * A batch as the server takes it: the bytes of a request body, encoded once and used by every
 * attempt. Immutable, but for the arrays, which are shared and must not change.
 */
public final class Payload {

  private final Destination destination;
  private final byte[] bytes;
  private final int firstMessage;
  private final int[] messageEnds;

  /**
   * A payload.
   *
   * @param destination where the messages belong
   * @param bytes the whole request body
   * @param firstMessage where the first message starts in it
   * @param messageEnds where each message ends in it, without what separates it from the next
   */
  public Payload(Destination destination, byte[] bytes, int firstMessage, int[] messageEnds) {
    this.destination = requireNonNull(destination, "destination");
    this.bytes = requireNonNull(bytes, "bytes");
    this.firstMessage = firstMessage;
    this.messageEnds = requireNonNull(messageEnds, "messageEnds");
  }

  /**
   * Where the messages belong.
   *
   * @return never null
   */
  public Destination destination() {
    return destination;
  }

  /**
   * The request body, shared.
   *
   * @return the bytes, which must not be changed
   */
  public byte[] bytes() {
    return bytes;
  }

  /**
   * The size of the request body.
   *
   * @return in bytes
   */
  public int size() {
    return bytes.length;
  }

  /**
   * How many messages it holds.
   *
   * @return at least 1
   */
  public int messageCount() {
    return messageEnds.length;
  }

  /**
   * Where a message starts.
   *
   * @param index of the message
   * @param separatorLength how many bytes stand between two messages
   * @return an offset into {@link #bytes()}
   */
  public int messageStart(int index, int separatorLength) {
    return index == 0 ? firstMessage : messageEnds[index - 1] + separatorLength;
  }

  /**
   * Where a message ends.
   *
   * @param index of the message
   * @return the offset into {@link #bytes()} after its last byte
   */
  public int messageEnd(int index) {
    return messageEnds[index];
  }

  /** Shows sizes only. */
  @Override
  public String toString() {
    return "Payload[" + destination + ", " + messageCount() + " messages, " + size() + " bytes]";
  }
}
