package io.github.httpreport.internal.spool.store;

import static io.github.httpreport.internal.spool.store.CheckedRecord.damaged;

import io.github.httpreport.Destination;
import io.github.httpreport.spool.SpoolException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * Form of an entry in the file: a record with a version and the fields. Group and stream are kept
 * as UTF-16, which carries any Java text, half a surrogate pair included.
 *
 * <p>The body is kept as it was encoded for the server, with the ends of its messages, so that a
 * batch from the disk can be split like any other. An entry of another version counts as damaged: a
 * salvage leaves it in the file that it sets aside.
 */
final class EntryCodec {

  private static final byte VERSION = 2;

  /** Version, time, first message, the length of ends, two ids and the body. */
  private static final int FIXED = 1 + Long.BYTES + 5 * Integer.BYTES;

  private EntryCodec() {}

  /** How many bytes the record of an entry takes. */
  static int sizeOf(SpoolEntry entry) {
    return CheckedRecord.OVERHEAD + payloadOf(entry);
  }

  private static int payloadOf(SpoolEntry entry) {
    Destination destination = entry.destination();
    return FIXED
        + Integer.BYTES * entry.messageEnds().length
        + Character.BYTES * (destination.groupId().length() + destination.streamId().length())
        + entry.body().length;
  }

  /**
   * The record of an entry. The id is part of its checksum, so it cannot pass for another entry.
   */
  static byte[] encode(long id, SpoolEntry entry) {
    ByteBuffer record = CheckedRecord.begin(CheckedRecord.ENTRY, id, payloadOf(entry));
    record.put(VERSION).putLong(entry.acceptedAt().toEpochMilli()).putInt(entry.firstMessage());
    record.putInt(entry.messageEnds().length);
    for (int end : entry.messageEnds()) {
      record.putInt(end);
    }
    put(record, entry.destination().groupId());
    put(record, entry.destination().streamId());
    record.putInt(entry.body().length).put(entry.body());
    return CheckedRecord.end(record);
  }

  /** Puts a text as UTF-16 with its length. */
  static void put(ByteBuffer record, String text) {
    record.putInt(text.length());
    for (int i = 0; i < text.length(); i++) {
      record.putChar(text.charAt(i));
    }
  }

  /**
   * Reads what {@link #encode} wrote; the text of a failure has nothing of the contents.
   *
   * @param id of the entry that was asked for
   * @throws SpoolException if these are not the bytes of that entry
   */
  static SpoolEntry decode(long id, byte[] bytes) {
    ByteBuffer payload = CheckedRecord.payload(bytes, CheckedRecord.ENTRY, id);
    try {
      return read(payload);
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

  static String text(ByteBuffer buffer) {
    char[] chars = new char[buffer.getInt()];
    for (int i = 0; i < chars.length; i++) {
      chars[i] = buffer.getChar();
    }
    return new String(chars);
  }
}
