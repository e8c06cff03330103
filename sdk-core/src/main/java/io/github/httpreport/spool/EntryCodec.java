package io.github.httpreport.spool;

import io.github.httpreport.Destination;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.zip.CRC32C;

/**
 * An entry as bytes: a version, the fields, and a checksum over all of it. The ids are kept as
 * UTF-16, which carries whatever a Java text may hold.
 */
final class EntryCodec {

  private static final byte VERSION = 1;
  private static final int CHECKSUM = Integer.BYTES;

  /** Version, time, first message, the length of ends, two ids and the body. */
  private static final int FIXED = 1 + Long.BYTES + 5 * Integer.BYTES + CHECKSUM;

  private EntryCodec() {}

  static int sizeOf(SpoolEntry entry) {
    Destination destination = entry.destination();
    return FIXED
        + Integer.BYTES * entry.messageEnds().length
        + Character.BYTES * (destination.groupId().length() + destination.streamId().length())
        + entry.body().length;
  }

  static byte[] encode(SpoolEntry entry) {
    byte[] bytes = new byte[sizeOf(entry)];
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    buffer.put(VERSION).putLong(entry.acceptedAt().toEpochMilli()).putInt(entry.firstMessage());
    buffer.putInt(entry.messageEnds().length);
    for (int end : entry.messageEnds()) {
      buffer.putInt(end);
    }
    put(buffer, entry.destination().groupId());
    put(buffer, entry.destination().streamId());
    buffer.putInt(entry.body().length).put(entry.body());
    buffer.putInt(checksum(bytes));
    return bytes;
  }

  private static void put(ByteBuffer buffer, String text) {
    buffer.putInt(text.length());
    for (int i = 0; i < text.length(); i++) {
      buffer.putChar(text.charAt(i));
    }
  }

  private static int checksum(byte[] bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, bytes.length - CHECKSUM);
    return (int) checksum.getValue();
  }

  /** Tells what {@link #encode} wrote; the text of a failure has nothing of the contents. */
  static SpoolEntry decode(byte[] bytes) {
    if (bytes.length < FIXED
        || ByteBuffer.wrap(bytes).getInt(bytes.length - CHECKSUM) != checksum(bytes)) {
      throw damaged("an entry whose checksum is wrong");
    }
    try {
      return read(ByteBuffer.wrap(bytes));
    } catch (BufferUnderflowException | NegativeArraySizeException e) {
      throw damaged("an entry that ends too early");
    }
  }

  private static SpoolEntry read(ByteBuffer buffer) {
    byte version = buffer.get();
    if (version != VERSION) {
      throw damaged("an entry of version " + version + "; this library knows " + VERSION);
    }
    Instant acceptedAt = Instant.ofEpochMilli(buffer.getLong());
    int firstMessage = buffer.getInt();
    int[] ends = new int[buffer.getInt()];
    for (int i = 0; i < ends.length; i++) {
      ends[i] = buffer.getInt();
    }
    Destination destination = new Destination(text(buffer), text(buffer));
    byte[] body = new byte[buffer.getInt()];
    buffer.get(body);
    return new SpoolEntry(destination, acceptedAt, body, firstMessage, ends);
  }

  private static String text(ByteBuffer buffer) {
    char[] chars = new char[buffer.getInt()];
    for (int i = 0; i < chars.length; i++) {
      chars[i] = buffer.getChar();
    }
    return new String(chars);
  }

  private static SpoolException damaged(String what) {
    return new SpoolException(SpoolException.Kind.DAMAGED, "the spool holds " + what, null);
  }
}
