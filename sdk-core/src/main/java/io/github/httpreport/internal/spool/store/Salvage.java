package io.github.httpreport.internal.spool.store;

import static io.github.httpreport.spool.SpoolException.Kind.UNUSABLE;

import io.github.httpreport.spool.SpoolException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Salvage of all readable entries into a new file: first from the store that is still open, which
 * may know what the file does not show any more, then from the raw files, by a scan for intact
 * records. Nothing is removed from where it comes from, so that this may fail, or the process be
 * killed, at any time.
 *
 * <p>An entry that the scan finds is kept unless it is known to have been removed. Copies of it, of
 * which a file has many, count once. The files are scanned twice, because an entry can only be
 * judged when all records of the index have been seen.
 */
final class Salvage {

  /** Bytes after which the new file commits, so that a large spool needs little memory. */
  private static final long BYTES_IN_A_COMMIT = 4 << 20;

  /**
   * What became of the entries.
   *
   * @param state of the new file
   * @param lost how many it does not have that were there
   */
  record Result(SpoolState state, long lost) {

    long kept() {
      return state.entries();
    }

    /** The same, counting as lost those of which no record is left. */
    Result outOf(long entries) {
      return new Result(state, Math.max(lost, entries - kept()));
    }
  }

  private final MvFile target;
  private final Evidence ofFiles = new Evidence();

  /** Hashes of entries that got another id, so that their copies get none. */
  private final Set<Integer> renumbered = new HashSet<>();

  private long uncommitted;

  private Salvage(MvFile target) {
    this.target = target;
  }

  /**
   * Fills a new file.
   *
   * @param target is empty
   * @param open a store whose index counts more than what its file says; null if there is none
   * @param openIsOfFiles whether this is the store of the files
   * @param files the names of those to scan
   */
  static Result into(
      MvFile target, @Nullable MvFile open, boolean openIsOfFiles, List<String> files) {
    try {
      return new Salvage(target).run(open, openIsOfFiles, files);
    } catch (OutOfMemoryError e) {
      throw new SpoolException(UNUSABLE, "too little memory to read a damaged spool", e);
    }
  }

  private Result run(@Nullable MvFile open, boolean openIsOfFiles, List<String> files) {
    Evidence ofOpen = openIsOfFiles ? ofFiles : new Evidence();
    if (open != null && open.isOpen()) {
      copy(open, ofOpen);
    }
    for (String file : files) {
      RecordScan.of(file, ofFiles::note);
    }
    target.reserveIdsBelow(Math.max(ofOpen.nextId(), ofFiles.nextId()));
    for (String file : files) {
      RecordScan.of(file, this::keep);
    }
    target.continueAfter(Math.max(ofOpen.lastCommit(), ofFiles.lastCommit()));
    target.protocol(ofOpen.protocol().isEmpty() ? ofFiles.protocol() : ofOpen.protocol());
    target.commit();
    return new Result(target.state(), missing(ofOpen, ofFiles));
  }

  /**
   * Copies from the open store, and notes its index. The index is complete only if every block
   * could be read and the number of entries is that of its state.
   */
  private void copy(MvFile open, Evidence evidence) {
    AtomicLong named = new AtomicLong();
    boolean complete =
        open.readableBlocks(
            block -> {
              evidence.noteOpen(block);
              named.addAndGet(Long.bitCount(block.live()));
              for (long id = block.firstFrom(0); id >= 0; id = block.firstFrom(id + 1)) {
                copy(open, id);
              }
            });
    evidence.note(open.state());
    if (complete && named.get() == open.state().entries()) {
      evidence.complete(open.state().nextId());
    }
  }

  private void copy(MvFile open, long id) {
    byte[] record = null;
    try {
      record = open.entry(id);
    } catch (SpoolException e) {
      // The scan may find it.
      return;
    }
    if (record != null) {
      putIfReadable(id, record);
    }
  }

  private void keep(CheckedRecord.Header header, byte[] record) {
    if (header.kind() == CheckedRecord.ENTRY && !ofFiles.isRemoved(header.id())) {
      byte[] known = target.entry(header.id());
      if (known == null) {
        putIfReadable(header.id(), record);
      } else if (!Arrays.equals(known, record)) {
        keepUnderAnotherId(header.id(), record);
      }
    }
  }

  /** A file that was replaced by another spool, say, has other entries of the same ids. */
  private void keepUnderAnotherId(long id, byte[] record) {
    if (renumbered.add(Arrays.hashCode(record))) {
      long other = target.state().nextId();
      putIfReadable(other, EntryCodec.encode(other, EntryCodec.decode(id, record)));
    }
  }

  private void putIfReadable(long id, byte[] record) {
    IndexBlock.EntrySummary summary = summary(id, record);
    if (summary != null) {
      target.put(id, record, summary);
      uncommitted += record.length;
    }
    if (uncommitted >= BYTES_IN_A_COMMIT) {
      target.commit();
      uncommitted = 0;
    }
  }

  private static IndexBlock.@Nullable EntrySummary summary(long id, byte[] record) {
    try {
      return IndexBlock.EntrySummary.of(EntryCodec.decode(id, record));
    } catch (SpoolException e) {
      return null;
    }
  }

  /** How many entries should be there and are not in the new file. */
  private long missing(Evidence one, Evidence other) {
    Set<Long> missing = new HashSet<>();
    for (Evidence evidence : Set.copyOf(List.of(one, other))) {
      evidence.forEachLive(
          id -> {
            if (target.summary(id) == null) {
              missing.add(id);
            }
          });
    }
    return missing.size();
  }
}
