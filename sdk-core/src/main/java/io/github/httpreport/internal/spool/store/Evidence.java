package io.github.httpreport.internal.spool.store;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Evidence of which entries a damaged spool had in the end, by its records, old and new ones. The
 * newest record of a block of ids counts. An id that no record speaks of may have been there: an
 * entry that is delivered again does less harm than one that is lost.
 *
 * <p>A file keeps old pages until their space is used again, so a scan finds a block of ids as it
 * was at several commits, and entries that were removed long ago. The number of the commit in each
 * record puts them in order.
 */
final class Evidence {

  /** The ids of one block. */
  private record Ids(long commit, long nextId, long live) {

    /** The newer one; of two that are as new, what is removed in both. */
    Ids and(Ids other) {
      if (commit != other.commit) {
        return commit > other.commit ? this : other;
      }
      return new Ids(commit, Math.min(nextId, other.nextId), live | other.live);
    }
  }

  /** The newest knowledge of each block, by its number. */
  private final Map<Long, Ids> blocks = new HashMap<>();

  private @Nullable SpoolState newest;

  /**
   * Below this id every block with an entry is known; 0 where the index was not read completely.
   */
  private long completeBelow;

  private long lastCommit;
  private long nextId = 1;

  /** Takes note of a record; an entry shows that its id was given. */
  void note(CheckedRecord.Header header, byte[] record) {
    switch (header.kind()) {
      case CheckedRecord.INDEX -> {
        IndexBlock block = IndexBlock.read(header.id(), record);
        note(block, block.commit());
      }
      case CheckedRecord.STATE -> note(SpoolState.read(record));
      case CheckedRecord.ENTRY -> nextId = Math.max(nextId, header.id() + 1);
      default -> {
        // A later version may keep more kinds, which this one can do without.
      }
    }
  }

  void note(SpoolState state) {
    if (newest == null || state.commit() > newest.commit()) {
      newest = state;
    }
    lastCommit = Math.max(lastCommit, state.commit());
    nextId = Math.max(nextId, state.nextId());
  }

  private void note(IndexBlock block, long commit) {
    blocks.merge(block.number(), new Ids(commit, block.nextId(), block.live()), Ids::and);
    nextId = Math.max(nextId, block.nextId());
    if (commit != Long.MAX_VALUE) {
      lastCommit = Math.max(lastCommit, commit);
    }
  }

  /** Takes note of a block of the open store, which is newer than all on disk. */
  void noteOpen(IndexBlock block) {
    note(block, Long.MAX_VALUE);
  }

  /** All blocks are known that have an entry below this id. */
  void complete(long belowId) {
    completeBelow = belowId;
  }

  /** Whether the entry of an id was there once, and is known to have been removed. */
  boolean isRemoved(long id) {
    if (newest != null && id < newest.firstId()) {
      return true;
    }
    Ids ids = blocks.get(IndexBlock.numberOf(id));
    return ids == null
        ? id < completeBelow
        : id < ids.nextId() && (ids.live() & 1L << id % IndexBlock.IDS) == 0;
  }

  /** Visits each id that should be there. */
  void forEachLive(LongConsumer visitor) {
    blocks.forEach(
        (number, ids) -> {
          for (long rest = ids.live(); rest != 0; rest &= rest - 1) {
            long id = number * IndexBlock.IDS + Long.numberOfTrailingZeros(rest);
            if (!isRemoved(id)) {
              visitor.accept(id);
            }
          }
        });
  }

  /** The newest commit of all. */
  long lastCommit() {
    return lastCommit;
  }

  /** Larger than every id that was given. */
  long nextId() {
    return nextId;
  }

  String protocol() {
    return newest == null ? "" : newest.protocol();
  }
}
