package io.github.httpreport.internal.spool;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;

/**
 * Entries of one group in the spool that wait for their delivery, and the health of the group. Used
 * by the spool's thread only.
 *
 * <p>A group begins as {@code NEW} with a few batches under way at once. An acknowledgement makes
 * it {@code HEALTHY}, and each one allows one batch more, so that their number doubles with every
 * round trip. A delivery that fails makes it {@code FAILING}: it waits for its back-off to end, and
 * then one batch alone finds out whether to go on. A group that hangs thus holds few places from
 * the start, and one place after its first time-out.
 */
final class DrainGroup {

  /** The health of the group, by its last deliveries. */
  enum Health {
    NEW,
    FAILING,
    HEALTHY
  }

  /** Batches in flight at once before the group has shown that it works. */
  private static final int FIRST_WINDOW = 4;

  private static final int MAX_WINDOW = 1 << 20;

  /** Refusals of content without an acknowledgement in between, after which the group backs off. */
  private static final int MAX_REFUSALS = 3;

  private final String id;
  private final IdQueue ids = new IdQueue();

  /** Parts of entries whose delivery failed before; they go first. */
  private final Queue<Portion> returned =
      new PriorityQueue<>(Comparator.comparingLong(Portion::id).thenComparingInt(Portion::from));

  private Health health = Health.NEW;
  private int window = FIRST_WINDOW;
  private int failuresInARow;
  private int refusalsInARow;
  private int batches;
  private long bytes;

  /**
   * Portions that {@link RefusedContent} has set aside, which keep the group from being forgotten.
   */
  private int suspects;

  /** Whether the group stands in a queue of {@link DrainQueue}, so that it does so once. */
  private boolean queued;

  private long acknowledgedNanos;
  private boolean acknowledged;

  DrainGroup(String id) {
    this.id = id;
  }

  String id() {
    return id;
  }

  Health health() {
    return health;
  }

  /** Adds an entry behind those that were added before. */
  void add(long entry) {
    ids.add(entry);
  }

  /** Takes back messages that could not be delivered. */
  void giveBack(Portion portion) {
    returned.add(portion);
  }

  boolean hasNext() {
    return !ids.isEmpty() || !returned.isEmpty();
  }

  /** Removes the oldest messages. */
  Portion next() {
    Portion first = returned.poll();
    return first == null ? Portion.whole(ids.poll()) : first;
  }

  /** Forgets the entries that a look at the disk will find again. */
  void forgetWhole() {
    ids.clear();
    returned.removeIf(Portion::isWhole);
  }

  /** Whether its own window lets another batch begin. */
  boolean hasWindow() {
    return batches < window;
  }

  int batches() {
    return batches;
  }

  long bytes() {
    return bytes;
  }

  void began(long size) {
    batches++;
    bytes += size;
  }

  void ended(long size) {
    batches--;
    bytes -= size;
  }

  void acknowledged(long nanos) {
    health = Health.HEALTHY;
    failuresInARow = 0;
    refusalsInARow = 0;
    window = Math.min(window + 1, MAX_WINDOW);
    acknowledgedNanos = nanos;
    acknowledged = true;
  }

  boolean hasAcknowledgedSince(long nanos) {
    return acknowledged && acknowledgedNanos - nanos >= 0;
  }

  /**
   * Notes that a delivery failed.
   *
   * @return how many have failed in a row before
   */
  int failed() {
    health = Health.FAILING;
    window = 1;
    return failuresInARow++;
  }

  /**
   * Notes that content was refused.
   *
   * @return true if that happened so often without an acknowledgement that the group may be in
   *     trouble, and not the messages
   */
  boolean refused() {
    window = 1;
    refusalsInARow++;
    return refusalsInARow >= MAX_REFUSALS;
  }

  void suspects(int more) {
    suspects += more;
  }

  boolean isQueued() {
    return queued;
  }

  void queued(boolean value) {
    queued = value;
  }

  /** Whether the group has neither entries nor batches in flight. */
  boolean isDone() {
    return batches == 0 && suspects == 0 && !hasNext();
  }
}
