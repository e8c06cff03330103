package io.github.httpreport.internal.spool.store;

import java.nio.ByteBuffer;
import java.util.Map;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.SFChunk;
import org.h2.mvstore.SingleFileStore;

/**
 * File of H2's MVStore that refuses a length that cannot be true before it allocates memory for it.
 * A damaged length would otherwise exhaust the heap of the application, whose other threads would
 * meet the {@code OutOfMemoryError} too.
 */
final class BoundedFileStore extends SingleFileStore {

  /**
   * Two blocks, the length at which the store reads its header; a file that is shorter fails by
   * itself.
   */
  private static final int MAX_UNCHECKED_BYTES = 2 * 4096;

  BoundedFileStore(Map<String, Object> config) {
    super(config);
  }

  @Override
  public ByteBuffer readFully(SFChunk chunk, long position, int length) {
    if (length < 0 || (length > MAX_UNCHECKED_BYTES && length > size() - position)) {
      throw DataUtils.newMVStoreException(
          DataUtils.ERROR_FILE_CORRUPT,
          "{0} bytes at {1} are more than the file of {2} bytes has",
          length,
          position,
          size());
    }
    return super.readFully(chunk, position, length);
  }
}
