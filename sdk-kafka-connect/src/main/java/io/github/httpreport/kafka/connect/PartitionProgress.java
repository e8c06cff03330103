package io.github.httpreport.kafka.connect;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * How far one partition has come while it is assigned to the task: its records on their way, in
 * order of their offsets, and where a put that was interrupted goes on. The thread of the task
 * alone uses it.
 *
 * <p>The first of the records on their way bounds what may be committed. A record that is settled
 * behind it stays until all before it are settled, so {@link #committable} never passes one that is
 * not acknowledged.
 *
 * <p>A put that finds no room throws, and the worker brings the same records again. Those that were
 * handled already are known by their offsets ({@link #isHandled}) until a put comes to its end.
 * Outside of that, an offset that is not beyond the newest one means that the partition was
 * rewound, or that its topic was made again.
 */
final class PartitionProgress {

  private static final long NONE = -1;

  private final TopicPartition partition;
  private final Deque<PendingRecord> pending = new ArrayDeque<>();
  private long nextOffset = NONE;
  private long nextOfPut = NONE;

  PartitionProgress(TopicPartition partition) {
    this.partition = partition;
  }

  /** Whether the record was read from this partition, whatever a transformation calls its topic. */
  boolean isOf(SinkRecord record) {
    return record.originalKafkaPartition() == partition.partition()
        && partition.topic().equals(record.originalTopic());
  }

  /** Whether an earlier call of the put that is repeated has handled the record of this offset. */
  boolean isHandled(long offset) {
    return offset < nextOfPut;
  }

  /** Whether the offset lies before that of a record of an earlier put. */
  boolean goesBack(long offset) {
    return offset < nextOffset;
  }

  /** Notes that the record of this offset was sent, skipped or refused. */
  void handled(long offset) {
    nextOffset = offset + 1;
    nextOfPut = offset + 1;
  }

  /** Notes that a put came to its end: the next one brings other records. */
  void endPut() {
    nextOfPut = NONE;
  }

  void add(PendingRecord record) {
    pending.addLast(record);
  }

  int size() {
    return pending.size();
  }

  /** The first record that is not settled, as far as {@link #removeSettled} has looked. */
  @Nullable PendingRecord first() {
    return pending.peekFirst();
  }

  Collection<PendingRecord> pending() {
    return Collections.unmodifiableCollection(pending);
  }

  /**
   * Forgets the records that are settled, up to the first one that is not.
   *
   * @return how many
   */
  int removeSettled() {
    int removed = 0;
    PendingRecord first = pending.peekFirst();
    while (first != null && first.isSettled()) {
      pending.removeFirst();
      removed++;
      first = pending.peekFirst();
    }
    return removed;
  }

  /**
   * The offset that may be committed.
   *
   * @param consumed the offset behind the records of the last put that came to its end
   * @return that, or the offset of the first record that is not settled where that is lower
   */
  long committable(long consumed) {
    PendingRecord first = pending.peekFirst();
    return first == null ? consumed : Math.min(consumed, first.offset());
  }
}
