package io.github.httpreport.internal.spool.store;

import io.github.httpreport.spool.SpoolException;
import io.github.httpreport.spool.SpoolSettings;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;

/**
 * Store of batches on disk, oldest first. Not safe for use by several threads at a time; every
 * method may block for as long as the disk does. What is appended and removed counts from the next
 * {@link #commit()} on, all of it or nothing: it then outlives the end of the process, whatever the
 * cause. Every method may throw a {@link SpoolException}; {@link #recover()} is then the one to
 * call next.
 */
public interface Spool extends AutoCloseable {

  /**
   * Opens a spool: creates the directory if need be, locks it, and reads what stands in it. Blocks
   * for as long as the disk does, and for a damaged file as long as reading all of it takes: every
   * entry of which it has an intact copy goes into a new file, and the damaged one gets another
   * name.
   *
   * @param protocol the name of what its entries are encoded for
   * @return the spool, to be closed by the caller
   * @throws SpoolException if it cannot be used; the kind says why
   */
  static Spool open(SpoolSettings settings, String protocol) {
    try {
      return MvSpool.open(settings.directory(), protocol);
    } catch (NoClassDefFoundError e) {
      throw new SpoolException(
          SpoolException.Kind.STORE_ABSENT,
          "a spool needs com.h2database:h2-mvstore on the class path, or its module"
              + " com.h2database.mvstore among the root modules, and it is not there",
          e);
    }
  }

  /**
   * One entry and its place.
   *
   * @param id grows with every entry, and is the same after a restart
   * @param entry the batch
   */
  record Stored(long id, SpoolEntry entry) {}

  /**
   * The place of an entry and the group that its messages belong to.
   *
   * @param id the id of the entry
   * @param groupId its group
   */
  record Head(long id, String groupId) {}

  /**
   * Adds an entry after all others.
   *
   * @param entry the batch
   * @return its id
   */
  long append(SpoolEntry entry);

  /**
   * Finds the oldest entry of those that a caller wants.
   *
   * @param wanted asked with the ids, oldest first, until it says yes
   * @return the entry, its checksum verified; empty when there is none
   */
  Optional<Stored> oldest(LongPredicate wanted);

  /**
   * Lists entries without reading their contents, as far as the index knows their groups.
   *
   * @param fromId the first id to list
   * @param limit the most entries to list, at least 1
   * @return in the order of the ids; fewer than the limit only when there are no more
   */
  List<Head> heads(long fromId, int limit);

  /**
   * Reads one entry.
   *
   * @param id its id
   * @return the entry, its checksum verified; empty when it is not there
   */
  Optional<SpoolEntry> entry(long id);

  /**
   * When the oldest entry of all was put here.
   *
   * @return in milliseconds; empty when there is none
   */
  Optional<Instant> oldestTime();

  /**
   * Takes an entry away. Does nothing if it is not there.
   *
   * @param id its id
   */
  void remove(long id);

  /** Makes what was appended and removed outlive the process. */
  void commit();

  /**
   * How many messages stand in it.
   *
   * @return zero or more
   */
  long messages();

  /**
   * How many messages stand in it from an entry on. Looks at each entry, and so takes a while.
   *
   * @param firstId the id of the first entry to count
   * @return zero or more
   */
  long messagesFrom(long firstId);

  /**
   * What its entries take, about. The file may be larger, but after a commit never more than twice
   * that and 8 MiB, as long as there is space to rewrite it.
   *
   * @return in bytes
   */
  long bytes();

  /**
   * The id that the next entry gets.
   *
   * @return larger than every id so far
   */
  long nextId();

  /**
   * Tries to go on after an exception, with the last commit. Of a damaged file every entry is kept
   * of which there is an intact copy; it may then have entries again that were removed, if it is
   * not known any more that they were. The damaged file gets another name once there is a new one.
   *
   * @throws SpoolException if there is no going on yet; this may be called again
   */
  void recover();

  /** Gives the directory back. What was not committed is dropped. Never throws. */
  @Override
  void close();
}
