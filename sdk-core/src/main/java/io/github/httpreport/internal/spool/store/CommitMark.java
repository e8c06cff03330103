package io.github.httpreport.internal.spool.store;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of the commits of a spool outside of its file: the store opens a file whose newest
 * part is damaged as it was before, and does not say so.
 *
 * @param attempted the newest commit that was begun
 * @param committed the newest one that was made
 * @param nextId an id that no entry was given so far, nor any larger one
 * @param entries how many the newest commit left in the file
 */
record CommitMark(long attempted, long committed, long nextId, long entries) {

  static final CommitMark NONE = new CommitMark(0, 0, 1, 0);
  static final int SIZE = 4 * Long.BYTES + Integer.BYTES;

  /** The mark behind a commit that succeeded. */
  static CommitMark of(SpoolState committed) {
    return new CommitMark(
        committed.commit(), committed.commit(), committed.nextId(), committed.entries());
  }

  /**
   * The mark in front of the next commit, which may fail: the file then still ends with the last
   * commit that succeeded, so this mark keeps the number and the entries of that one. Only the ids
   * and the number of the next commit count as used.
   */
  CommitMark beforeCommitOf(SpoolState next) {
    return new CommitMark(next.commit() + 1, committed, next.nextId(), entries);
  }

  byte[] toBytes() {
    ByteBuffer bytes = ByteBuffer.allocate(SIZE);
    bytes.putLong(attempted).putLong(committed).putLong(nextId).putLong(entries);
    return bytes.putInt(checksum(bytes.array())).array();
  }

  /** Reads what {@link #toBytes} wrote; null if these are other bytes. */
  static @Nullable CommitMark read(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    if (bytes.length != SIZE || buffer.getInt(SIZE - Integer.BYTES) != checksum(bytes)) {
      return null;
    }
    return new CommitMark(buffer.getLong(), buffer.getLong(), buffer.getLong(), buffer.getLong());
  }

  private static int checksum(byte[] bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, SIZE - Integer.BYTES);
    return (int) checksum.getValue();
  }
}
