package io.github.httpreport.internal.spool.store;

import io.github.httpreport.spool.SpoolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A spool as of one commit, by which its index is checked and its newest commit is recognised.
 *
 * @param commit grows with every commit
 * @param nextId the id that the next entry gets
 * @param firstId of the oldest entry; {@code nextId} when there is none
 * @param entries how many
 * @param messages in all entries
 * @param bytes of all entries
 * @param protocol what the entries are encoded for; empty before it is set
 */
record SpoolState(
    long commit,
    long nextId,
    long firstId,
    long entries,
    long messages,
    long bytes,
    String protocol) {

  static final SpoolState EMPTY = new SpoolState(0, 1, 1, 0, 0, 0, "");

  private static final long ID = 0;
  private static final int NUMBERS = 6 * Long.BYTES;

  SpoolState plus(IndexBlock.EntrySummary entry) {
    return withCounts(entries + 1, messages + entry.messages(), bytes + entry.bytes());
  }

  SpoolState minus(IndexBlock.EntrySummary entry) {
    return withCounts(entries - 1, messages - entry.messages(), bytes - entry.bytes());
  }

  private SpoolState withCounts(long newEntries, long newMessages, long newBytes) {
    return new SpoolState(commit, nextId, firstId, newEntries, newMessages, newBytes, protocol);
  }

  SpoolState withNextId(long value) {
    return new SpoolState(commit, value, firstId, entries, messages, bytes, protocol);
  }

  SpoolState withCommit(long value) {
    return new SpoolState(value, nextId, firstId, entries, messages, bytes, protocol);
  }

  SpoolState withProtocol(String value) {
    return new SpoolState(commit, nextId, firstId, entries, messages, bytes, value);
  }

  /** The state of the next commit. */
  SpoolState committed(long newFirstId) {
    return new SpoolState(commit + 1, nextId, newFirstId, entries, messages, bytes, protocol);
  }

  /** Whether an index with these counts can be that of the other state. */
  boolean hasSameCounts(SpoolState other) {
    return entries == other.entries && messages == other.messages && bytes == other.bytes;
  }

  byte[] toRecord() {
    byte[] name = protocol.getBytes(StandardCharsets.UTF_8);
    ByteBuffer record = CheckedRecord.begin(CheckedRecord.STATE, ID, NUMBERS + name.length);
    record.putLong(commit).putLong(nextId).putLong(firstId);
    record.putLong(entries).putLong(messages).putLong(bytes).put(name);
    return CheckedRecord.end(record);
  }

  /**
   * Reads what {@link #toRecord} wrote.
   *
   * @throws SpoolException if these are not its bytes
   */
  static SpoolState read(byte[] record) {
    ByteBuffer payload = CheckedRecord.payload(record, CheckedRecord.STATE, ID);
    return new SpoolState(
        payload.getLong(),
        payload.getLong(),
        payload.getLong(),
        payload.getLong(),
        payload.getLong(),
        payload.getLong(),
        StandardCharsets.UTF_8.decode(payload).toString());
  }
}
