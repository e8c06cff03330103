package io.github.httpreport.internal.spool.store;

import static io.github.httpreport.internal.spool.store.CheckedRecord.damaged;
import static io.github.httpreport.internal.spool.store.StoreErrors.translating;

import io.github.httpreport.spool.SpoolException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file of the store. The entries stand in one map by their ids, the index in another one by
 * blocks of ids, and the state of the last commit in a third one. All values are checked records.
 *
 * <p>Changes are in memory until {@link #commit}, which writes all of them or none. The store
 * closes itself when a write fails, and this object is of no use then. Every error of the store
 * leaves as a {@link SpoolException}. Used by one thread at a time.
 */
final class MvFile implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(MvFile.class);
  private static final long STATE = 0;

  /** Pages that the store keeps in memory: entries are read once, so more would help nothing. */
  private static final int CACHE_MEGABYTES = 2;

  /** Bytes after which a copy commits, so that it never stands in memory as a whole. */
  private static final long COPIED_IN_A_COMMIT = 4 << 20;

  private final String name;
  private final MVStore store;
  private final MVMap<Long, byte[]> entries;
  private final MVMap<Long, byte[]> index;
  private final MVMap<Long, byte[]> states;

  /**
   * The state with all uncommitted changes. Its commit number is the one before the next commit,
   * and may belong to a commit that failed.
   */
  private SpoolState state;

  /** The state of the newest commit that succeeded, as the file has it. */
  private SpoolState committed;

  /** The block that was read or written last, which mostly is the next one asked for. */
  private IndexBlock lastUsed;

  /** The blocks that became empty since the last commit. */
  private final Set<Long> emptied = new HashSet<>();

  private MvFile(String name, MVStore store) {
    this.name = name;
    this.store = store;
    entries = store.openMap("entries", byId());
    index = store.openMap("index", byId());
    states = store.openMap("state", byId());
    byte[] record = states.get(STATE);
    committed = record == null ? SpoolState.EMPTY : SpoolState.read(record);
    state = committed;
    lastUsed = read(0);
  }

  private static MVMap.Builder<Long, byte[]> byId() {
    return new MVMap.Builder<Long, byte[]>()
        .keyType(BoundedTypes.Ids.INSTANCE)
        .valueType(BoundedTypes.Records.INSTANCE);
  }

  /**
   * Opens a file, and creates it if need be.
   *
   * @throws SpoolException if it cannot be opened; {@link #verify} shows whether it is whole
   */
  static MvFile open(String name) {
    return translating(name, () -> opened(name));
  }

  private static MvFile opened(String name) {
    BoundedFileStore file =
        new BoundedFileStore(
            new HashMap<>(Map.of("cacheSize", CACHE_MEGABYTES, "autoCompactFillRate", 0)));
    try {
      file.open(name, false, null);
      MVStore store = new MVStore.Builder().autoCommitDisabled().adoptFileStore(file).open();
      // Space is used again at once: no reader needs an older version.
      store.setRetentionTime(0);
      store.setVersionsToKeep(0);
      return new MvFile(name, store);
    } catch (RuntimeException | Error e) {
      // The store leaves its file open after some failures, and with it the lock.
      closeQuietly(file);
      throw e;
    }
  }

  private static void closeQuietly(BoundedFileStore file) {
    try {
      file.close();
    } catch (RuntimeException e) {
      LOG.debug("A file of the spool cannot be closed", e);
    }
  }

  /** As it is now, which the next commit makes last. */
  SpoolState state() {
    return state;
  }

  /** The state of the newest commit that succeeded. */
  SpoolState committed() {
    return committed;
  }

  /** Keeps ids below this one from being given to an entry. */
  void reserveIdsBelow(long nextId) {
    state = state.withNextId(Math.max(state.nextId(), nextId));
  }

  /** Makes the next commit newer than another one. */
  void continueAfter(long commit) {
    state = state.withCommit(Math.max(state.commit(), commit));
  }

  /** Adds an entry with its line in the index, which the same commit writes. */
  void put(long id, byte[] entry, IndexBlock.EntrySummary summary) {
    run(
        () -> {
          reserveIdsBelow(id + 1);
          entries.put(id, entry);
          write(block(IndexBlock.numberOf(id)).with(id, summary));
          state = state.plus(summary);
        });
  }

  /** Does nothing if the entry is not there. */
  void remove(long id) {
    run(
        () -> {
          IndexBlock block = block(IndexBlock.numberOf(id));
          IndexBlock.EntrySummary summary = block.summary(id);
          if (summary != null) {
            entries.remove(id);
            write(block.without(id));
            state = state.minus(summary);
          }
        });
  }

  /** Puts a block into the index, marked with the commit that is to come. */
  private void write(IndexBlock block) {
    index.put(block.number(), block.toRecord(state.commit() + 1, state.nextId()));
    lastUsed = block;
    if (block.isEmpty()) {
      emptied.add(block.number());
    }
  }

  /** The record of an entry, unchecked; null if it is not there. */
  byte @Nullable [] entry(long id) {
    return call(() -> entries.get(id));
  }

  IndexBlock.@Nullable EntrySummary summary(long id) {
    return call(() -> block(IndexBlock.numberOf(id)).summary(id));
  }

  /** A block of the index; the one that was used last without reading it. */
  private IndexBlock block(long number) {
    if (lastUsed.number() != number) {
      lastUsed = read(number);
    }
    return lastUsed;
  }

  /** Reads a block; an empty one where the index has none. */
  private IndexBlock read(long number) {
    byte[] record = index.get(number);
    return record == null ? IndexBlock.empty(number) : IndexBlock.read(number, record);
  }

  /** The ids from one on, in order. Its methods throw what this one would. */
  Iterator<Long> ids(long from) {
    return new Iterator<>() {
      private long next = firstIdFrom(from);

      @Override
      public boolean hasNext() {
        return next >= 0;
      }

      @Override
      public Long next() {
        if (next < 0) {
          throw new NoSuchElementException();
        }
        long id = next;
        next = firstIdFrom(id + 1);
        return id;
      }
    };
  }

  /** The first id from one on; -1 if there is none. */
  private long firstIdFrom(long id) {
    return call(
        () -> {
          Long number = IndexBlock.numberOf(id);
          for (; number != null; number = index.higherKey(number)) {
            long first = block(number).firstFrom(id);
            if (first >= 0) {
              return first;
            }
          }
          return -1L;
        });
  }

  @Nullable Long firstId() {
    long first = firstIdFrom(0);
    return first < 0 ? null : first;
  }

  /**
   * The blocks of the index that can be read.
   *
   * @return whether these are all there are
   */
  boolean readableBlocks(Consumer<IndexBlock> visitor) {
    boolean complete = true;
    Long number = IndexBlock.numberOf(state.firstId());
    while (number != null && number <= IndexBlock.numberOf(state.nextId())) {
      long asked = number;
      try {
        IndexBlock block = call(() -> read(asked));
        if (!block.isEmpty()) {
          visitor.accept(block);
        }
        number = call(() -> index.higherKey(asked));
      } catch (SpoolException e) {
        complete = false;
        number = asked + 1;
      }
    }
    return complete;
  }

  /**
   * Reads the whole index.
   *
   * @throws SpoolException if it is not the one that the state describes
   */
  void verify() {
    SpoolState counted = SpoolState.EMPTY;
    for (Iterator<Long> ids = ids(0); ids.hasNext(); ) {
      counted = counted.plus(known(ids.next()));
    }
    if (!counted.hasSameCounts(state)) {
      throw damaged("an index that is not that of its last commit");
    }
  }

  /** The summary of an entry that the index names. */
  IndexBlock.EntrySummary known(long id) {
    IndexBlock.EntrySummary summary = summary(id);
    if (summary == null) {
      throw damaged("no entry any more that it names");
    }
    return summary;
  }

  void protocol(String value) {
    state = state.withProtocol(value);
  }

  /**
   * Writes all changes. The state goes with them, so the file says of itself which commit it has.
   */
  void commit() {
    run(
        () -> {
          Long first = firstId();
          SpoolState next = state.committed(first == null ? state.nextId() : first);
          states.put(STATE, next.toRecord());
          store.commit();
          state = next;
          committed = next;
          forgetEmptied();
        });
  }

  /**
   * Takes empty blocks out, with the commit behind the one that wrote them as empty: by then the
   * file says of each of their ids that it is gone.
   */
  private void forgetEmptied() {
    for (long number : emptied) {
      if (block(number).isEmpty()) {
        index.remove(number);
      }
    }
    emptied.clear();
  }

  /** Copies all there is into an empty file, as it is, and makes it last. */
  void copyTo(MvFile target) {
    long uncommitted = 0;
    for (Iterator<Long> ids = ids(0); ids.hasNext(); ) {
      long id = ids.next();
      byte[] entry = entry(id);
      if (entry == null) {
        throw damaged("no entry any more that it names");
      }
      target.put(id, entry, known(id));
      uncommitted += entry.length;
      if (uncommitted >= COPIED_IN_A_COMMIT) {
        target.commit();
        uncommitted = 0;
      }
    }
    target.protocol(state.protocol());
    target.reserveIdsBelow(state.nextId());
    target.continueAfter(state.commit());
    target.commit();
  }

  /** False after a write that failed, too: the store closes itself then. */
  boolean isOpen() {
    return !store.isClosed();
  }

  long fileSize() {
    return call(() -> store.getFileStore().size());
  }

  @Override
  public void close() {
    try {
      store.closeImmediately();
    } catch (RuntimeException | AssertionError | VirtualMachineError e) {
      LOG.debug("The spool {} cannot be closed", name, e);
    }
  }

  private void run(Runnable work) {
    translating(
        name,
        () -> {
          work.run();
          return null;
        });
  }

  private <T extends @Nullable Object> T call(Supplier<T> work) {
    return translating(name, work);
  }
}
