package io.github.httpreport.internal.spool.store;

import static io.github.httpreport.internal.spool.store.CheckedRecord.damaged;

import java.nio.ByteBuffer;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/**
 * Data types of H2's MVStore for ids and records that refuse a length that cannot be true before
 * they allocate memory for it. A length comes from the file, where a turned bit makes gigabytes of
 * it. Immutable, and used by the spool's thread only.
 */
final class BoundedTypes {

  /** The store splits a page long before it has so many keys. */
  private static final int MAX_KEYS_OF_PAGE = 1 << 16;

  private BoundedTypes() {}

  /** The number of keys of a page, checked before arrays of that size are made. */
  private static int checkedKeys(int count) {
    if (count < 0 || count > MAX_KEYS_OF_PAGE) {
      throw damaged("a page of " + count + " keys");
    }
    return count;
  }

  /** Ids as numbers of variable length. */
  static final class Ids extends BasicDataType<Long> {
    static final Ids INSTANCE = new Ids();

    private static final int MEMORY = 24;

    @Override
    public int getMemory(Long id) {
      return MEMORY;
    }

    @Override
    public int compare(Long one, Long other) {
      return Long.compare(one, other);
    }

    @Override
    public void write(WriteBuffer buffer, Long id) {
      buffer.putVarLong(id);
    }

    @Override
    public Long read(ByteBuffer buffer) {
      return DataUtils.readVarLong(buffer);
    }

    @Override
    public Long[] createStorage(int size) {
      return new Long[checkedKeys(size)];
    }
  }

  /**
   * Records as bytes behind their length. The reader checks their checksums, and not the store: it
   * reads all values of a page to change one, and a damaged neighbour must not stop that.
   */
  static final class Records extends BasicDataType<byte[]> {
    static final Records INSTANCE = new Records();

    private static final int MEMORY = 24;

    @Override
    public int getMemory(byte[] bytes) {
      return MEMORY + bytes.length;
    }

    @Override
    public void write(WriteBuffer buffer, byte[] bytes) {
      buffer.putVarInt(bytes.length).put(bytes);
    }

    @Override
    public byte[] read(ByteBuffer buffer) {
      int length = DataUtils.readVarInt(buffer);
      if (length < 0 || length > buffer.remaining()) {
        throw damaged("a value that is longer than its page");
      }
      byte[] bytes = new byte[length];
      buffer.get(bytes);
      return bytes;
    }

    @Override
    public byte[][] createStorage(int size) {
      return new byte[checkedKeys(size)][];
    }
  }
}
