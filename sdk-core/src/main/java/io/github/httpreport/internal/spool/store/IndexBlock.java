package io.github.httpreport.internal.spool.store;

import io.github.httpreport.spool.SpoolException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is known of {@value #IDS} consecutive ids: which of them are in the spool, and a summary of
 * each. As a record it proves an absence as well as a presence: an id below {@code nextId} that it
 * does not name was removed, as of the commit that wrote it.
 *
 * @param number of the block: the ids divided by {@value #IDS}
 * @param commit the commit that wrote it
 * @param nextId the first id that no entry had by then
 * @param live a bit for each id that is in the spool, the lowest for the first
 * @param summaries in the order of the ids, with null for those that are not; never changed
 */
@SuppressWarnings("ArrayRecordComponent")
record IndexBlock(
    long number, long commit, long nextId, long live, @Nullable EntrySummary[] summaries) {

  static final int IDS = 64;

  private static final int FIXED = 3 * Long.BYTES + Integer.BYTES;

  /** What is to be known of an entry without reading it. */
  record EntrySummary(long timeMillis, int messages, int bytes, String groupId) {

    /** Without the group, which the entries of a block share: only its place among their groups. */
    private static final int SIZE = Long.BYTES + 2 * Integer.BYTES + 1;

    static EntrySummary of(SpoolEntry entry) {
      return new EntrySummary(
          entry.acceptedAt().toEpochMilli(),
          entry.messages(),
          entry.size(),
          entry.destination().groupId());
    }
  }

  /** A block of which no id is in the spool, as if no commit had written it. */
  static IndexBlock empty(long number) {
    return new IndexBlock(number, 0, 0, 0, new EntrySummary[IDS]);
  }

  /** The number of the block that an id belongs to. */
  static long numberOf(long id) {
    return id / IDS;
  }

  /** The bit and the index of an id within its block. */
  private static int placeOf(long id) {
    return (int) (id % IDS);
  }

  boolean isEmpty() {
    return live == 0;
  }

  boolean has(long id) {
    return (live & 1L << placeOf(id)) != 0;
  }

  @Nullable EntrySummary summary(long id) {
    return summaries[placeOf(id)];
  }

  /** The first id in the spool from one on, of this block; -1 if there is none. */
  long firstFrom(long id) {
    long from = Math.max(id, number * IDS);
    long rest = numberOf(from) == number ? live >>> placeOf(from) : 0;
    return rest == 0 ? -1 : from + Long.numberOfTrailingZeros(rest);
  }

  IndexBlock with(long id, EntrySummary summary) {
    return changed(live | 1L << placeOf(id), id, summary);
  }

  IndexBlock without(long id) {
    return changed(live & ~(1L << placeOf(id)), id, null);
  }

  private IndexBlock changed(long newLive, long id, @Nullable EntrySummary summary) {
    @Nullable EntrySummary[] changed = summaries.clone();
    changed[placeOf(id)] = summary;
    return new IndexBlock(number, commit, nextId, newLive, changed);
  }

  /**
   * The block as a record of a commit. Names of groups stand once, since the entries of a block
   * share them.
   */
  byte[] toRecord(long newCommit, long newNextId) {
    List<EntrySummary> present = Arrays.stream(summaries).filter(Objects::nonNull).toList();
    List<String> groups = present.stream().map(EntrySummary::groupId).distinct().toList();
    int names = groups.stream().mapToInt(IndexBlock::sizeOf).sum();
    ByteBuffer record =
        CheckedRecord.begin(
            CheckedRecord.INDEX, number, FIXED + names + present.size() * EntrySummary.SIZE);
    record.putLong(newCommit).putLong(newNextId).putLong(live).putInt(groups.size());
    groups.forEach(group -> EntryCodec.put(record, group));
    for (EntrySummary summary : present) {
      record.putLong(summary.timeMillis()).putInt(summary.messages()).putInt(summary.bytes());
      record.put((byte) groups.indexOf(summary.groupId()));
    }
    return CheckedRecord.end(record);
  }

  private static int sizeOf(String group) {
    return Integer.BYTES + Character.BYTES * group.length();
  }

  /**
   * Reads what {@link #toRecord} wrote.
   *
   * @throws SpoolException if these are not the bytes of that block
   */
  static IndexBlock read(long number, byte[] record) {
    ByteBuffer payload = CheckedRecord.payload(record, CheckedRecord.INDEX, number);
    long commit = payload.getLong();
    long nextId = payload.getLong();
    long live = payload.getLong();
    String[] groups = new String[payload.getInt()];
    Arrays.setAll(groups, i -> EntryCodec.text(payload));
    @Nullable EntrySummary[] summaries = new EntrySummary[IDS];
    for (long rest = live; rest != 0; rest &= rest - 1) {
      summaries[Long.numberOfTrailingZeros(rest)] =
          new EntrySummary(
              payload.getLong(), payload.getInt(), payload.getInt(), groups[payload.get()]);
    }
    return new IndexBlock(number, commit, nextId, live, summaries);
  }
}
