package io.github.httpreport.internal.spool.store;

import static io.github.httpreport.spool.SpoolException.Kind.DAMAGED;

import io.github.httpreport.spool.SpoolException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Frame of everything that a spool keeps in its file: a mark to find it by, its kind, an id, a
 * length, a checksum of these, the payload, and a checksum of all of it. A scan of the raw file
 * finds such a record without the store that wrote it, which keeps each value in one piece and
 * uncompressed.
 *
 * <p>The mark has bytes that no UTF-8 text has, so that a text body cannot look like a record. The
 * checksum in the middle keeps a damaged length from being believed.
 */
final class CheckedRecord {

  static final byte ENTRY = 'E';
  static final byte INDEX = 'I';
  static final byte STATE = 'S';

  static final long MARK = 0xFF48_5253_FE70_4CC0L;

  /** Mark, kind, id, length of the payload, checksum of these. */
  static final int HEADER = 2 * Long.BYTES + 1 + 2 * Integer.BYTES;

  private static final int CHECKED_OF_HEADER = HEADER - Integer.BYTES;
  private static final int CHECKSUM = Integer.BYTES;
  static final int OVERHEAD = HEADER + CHECKSUM;

  /** What a header says of its record. */
  record Header(byte kind, long id, int payload) {

    /** The whole record, in bytes. */
    long size() {
      return (long) OVERHEAD + payload;
    }
  }

  private CheckedRecord() {}

  /** A record whose payload is to be put behind the position of the result, and nothing else. */
  static ByteBuffer begin(byte kind, long id, int payload) {
    ByteBuffer record = ByteBuffer.allocate(OVERHEAD + payload);
    record.putLong(MARK).put(kind).putLong(id).putInt(payload);
    return record.putInt(checksum(record.array(), CHECKED_OF_HEADER));
  }

  /** The bytes of a record of {@link #begin} that has its payload. */
  @SuppressWarnings("ByteBufferBackingArray")
  static byte[] end(ByteBuffer record) {
    record.putInt(checksum(record.array(), record.position()));
    return record.array();
  }

  /** The header at a position of a buffer that has enough bytes for one; null if there is none. */
  static @Nullable Header headerAt(ByteBuffer buffer, int at) {
    if (buffer.getLong(at) != MARK) {
      return null;
    }
    byte[] header = new byte[HEADER];
    buffer.get(at, header);
    ByteBuffer fields = ByteBuffer.wrap(header, Long.BYTES, HEADER - Long.BYTES);
    Header found = new Header(fields.get(), fields.getLong(), fields.getInt());
    return fields.getInt() == checksum(header, CHECKED_OF_HEADER) && found.payload() >= 0
        ? found
        : null;
  }

  static boolean isIntact(byte[] record) {
    return record.length >= OVERHEAD
        && ByteBuffer.wrap(record).getInt(record.length - CHECKSUM)
            == checksum(record, record.length - CHECKSUM);
  }

  /**
   * The payload of a record.
   *
   * @throws SpoolException if this is not the record of that kind and id, as it was written
   */
  static ByteBuffer payload(byte[] record, byte kind, long id) {
    if (!isIntact(record)) {
      throw damaged("a record whose checksum is wrong");
    }
    Header header = headerAt(ByteBuffer.wrap(record), 0);
    if (header == null || header.size() != record.length) {
      throw damaged("a record that is not of this library");
    }
    if (header.kind() != kind || header.id() != id) {
      throw damaged("a record in the place of another");
    }
    return ByteBuffer.wrap(record, HEADER, header.payload());
  }

  static SpoolException damaged(String what) {
    return new SpoolException(DAMAGED, "the spool holds " + what, null);
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, length);
    return (int) checksum.getValue();
  }
}
