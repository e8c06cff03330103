package io.github.httpreport.internal.spool.store;

import static io.github.httpreport.spool.SpoolException.Kind.UNUSABLE;

import io.github.httpreport.spool.SpoolException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.h2.store.fs.FilePath;
import org.jspecify.annotations.Nullable;

/**
 * Scan of a raw file for intact records, wherever they stand and whatever stands between them. What
 * is inside of an intact record is not looked at.
 *
 * <p>The file is read through a window, so its size does not matter. A window ends where less than
 * a header is left, and the next one begins there; a record that is longer than the rest of the
 * window is read by itself. Its header has a checksum of its own, so a damaged length is not
 * believed.
 */
final class RecordScan {

  /** Is given each intact record, in the order of the file. */
  interface Visitor {
    void visit(CheckedRecord.Header header, byte[] record);
  }

  /** Bytes that are read at once. */
  private static final int WINDOW = 1 << 20;

  private static final byte FIRST_OF_MARK = (byte) (CheckedRecord.MARK >>> 56);

  private final FileChannel file;
  private final long size;
  private final Visitor visitor;
  private final ByteBuffer window = ByteBuffer.allocate(WINDOW);

  private RecordScan(FileChannel file, Visitor visitor) throws IOException {
    this.file = file;
    this.visitor = visitor;
    size = file.size();
  }

  /**
   * Scans a file.
   *
   * @param name of the file, with the scheme of its file system
   * @throws SpoolException if the disk cannot read it
   */
  static void of(String name, Visitor visitor) {
    try (FileChannel file = FilePath.get(name).open("r")) {
      new RecordScan(file, visitor).run();
    } catch (IOException e) {
      throw new SpoolException(UNUSABLE, "the spool " + name + ": " + e.getMessage(), e);
    }
  }

  private void run() throws IOException {
    long position = 0;
    while (size - position >= CheckedRecord.OVERHEAD) {
      read(window.clear(), position);
      // A file that became shorter has no more records.
      position = window.limit() < CheckedRecord.HEADER ? size : position + scanWindow(position);
    }
  }

  /** Scans what the window has. Returns how many bytes are done with, at least one. */
  private long scanWindow(long position) throws IOException {
    int end = window.limit() - CheckedRecord.HEADER;
    int at = 0;
    while (at <= end) {
      CheckedRecord.Header header =
          window.get(at) == FIRST_OF_MARK ? CheckedRecord.headerAt(window, at) : null;
      byte[] record = header == null ? null : intact(header, position, at);
      if (header == null || record == null) {
        at++;
      } else {
        visitor.visit(header, record);
        if (header.size() > end - at) {
          return at + header.size();
        }
        at += (int) header.size();
      }
    }
    return at;
  }

  /**
   * The whole record of a header; null if it does not fit into the file or its checksum is wrong.
   */
  private byte @Nullable [] intact(CheckedRecord.Header header, long position, int at)
      throws IOException {
    if (header.size() > size - position - at) {
      return null;
    }
    byte[] record = new byte[(int) header.size()];
    if (record.length <= window.limit() - at) {
      window.get(at, record);
    } else {
      read(ByteBuffer.wrap(record), position + at);
    }
    return CheckedRecord.isIntact(record) ? record : null;
  }

  /** Fills the buffer as far as the file goes, and flips it. */
  private void read(ByteBuffer buffer, long position) throws IOException {
    long at = position;
    int count = 0;
    while (buffer.hasRemaining() && count >= 0) {
      count = file.read(buffer, at);
      at += count;
    }
    buffer.flip();
  }
}
