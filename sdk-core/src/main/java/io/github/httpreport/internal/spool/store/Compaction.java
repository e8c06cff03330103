package io.github.httpreport.internal.spool.store;

import static io.github.httpreport.spool.SpoolException.Kind.DAMAGED;

import io.github.httpreport.spool.SpoolException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compaction of a spool's file, which gives the space of removed entries back to the disk.
 *
 * <p>The store reuses such space by and by, but one entry at the end of the file keeps all of it.
 * So once the file is more than twice the size of its live entries, and 4 MiB more, its entries are
 * copied into a new file, which takes the name of the old one in one step. A kill leaves the old
 * file or the new one. Without entries an empty file takes its place.
 *
 * <p>Runs after each commit, on the thread that commits, which pauses for as long as the copy
 * takes.
 */
final class Compaction {

  private static final Logger LOG = LoggerFactory.getLogger(MvSpool.class);

  /**
   * The dead bytes that a file may have, beyond the size of its live entries, before it is
   * rewritten.
   */
  private static final long SLACK_BYTES = 4 << 20;

  private final SpoolDirectory directory;
  private final String scheme;
  private final String protocol;

  /**
   * The size of the file when it could not be rewritten last, for want of space. The next attempt
   * comes when the file has grown by the same bound again; zero after a success.
   */
  private long failedAtBytes;

  /**
   * @param scheme of the store's file system, before the name of the file
   */
  Compaction(SpoolDirectory directory, String scheme, String protocol) {
    this.directory = directory;
    this.scheme = scheme;
    this.protocol = protocol;
  }

  /**
   * Compacts a file that has too many dead bytes. It must have no uncommitted changes.
   *
   * @return the file to go on with, which is the same one if there is nothing to gain
   * @throws SpoolException if no file is open any more
   */
  MvFile compacted(MvFile file) {
    long size = file.fileSize();
    if (size - failedAtBytes < SLACK_BYTES + 2 * file.state().bytes()) {
      return file;
    }
    return file.state().messages() == 0 ? emptied(file) : rewritten(file, size);
  }

  /** Begins an empty file. Numbers of commits and ids go on, because neither is used again. */
  private MvFile emptied(MvFile file) {
    SpoolState state = file.state();
    file.close();
    directory.startAfresh();
    MvFile fresh = MvFile.open(scheme + directory.store());
    fresh.continueAfter(state.commit());
    fresh.reserveIdsBelow(state.nextId());
    fresh.protocol(protocol);
    fresh.commit();
    return fresh;
  }

  /** Copies first and closes last: until the copy is complete, the old file goes on. */
  private MvFile rewritten(MvFile file, long size) {
    try {
      directory.beginRewriting();
      try (MvFile fresh = MvFile.open(scheme + directory.rewritten())) {
        file.copyTo(fresh);
      }
    } catch (SpoolException e) {
      if (e.kind() == DAMAGED) {
        throw e;
      }
      // What was committed is committed; where it stands is of no matter until there is more space.
      failedAtBytes = size;
      directory.dropRewriting();
      LOG.debug("The spool {} cannot be rewritten", directory.store(), e);
      return file;
    }
    file.close();
    directory.endRewriting();
    MvFile opened = MvFile.open(scheme + directory.store());
    failedAtBytes = 0;
    return opened;
  }
}
