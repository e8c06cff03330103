package io.github.httpreport.internal.spool;

import io.github.httpreport.protocol.Payload;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

/** One batch on its way to the disk, and what is to be done when it is there or cannot be. */
final class PendingWrite {

  /** Why a batch did not get to the disk. */
  enum Refusal {
    /** There is no room for it. */
    FULL,
    /** The disk does not do what it should. */
    BROKEN,
    /** The sender closed meanwhile. */
    CLOSED
  }

  private final Payload payload;
  private final Runnable written;
  private final BiConsumer<Refusal, String> refused;
  private final AtomicBoolean ended = new AtomicBoolean();

  /**
   * A batch. One of both is told, once.
   *
   * @param written the batch outlives the process
   * @param refused the batch is not on disk, for this reason and in these words
   */
  PendingWrite(Payload payload, Runnable written, BiConsumer<Refusal, String> refused) {
    this.payload = payload;
    this.written = written;
    this.refused = refused;
  }

  Payload payload() {
    return payload;
  }

  /**
   * Tells that it is on disk.
   *
   * @return false if it was refused before, so that it must not stay there
   */
  boolean written() {
    boolean first = ended.compareAndSet(false, true);
    if (first) {
      written.run();
    }
    return first;
  }

  void refused(Refusal why, String words) {
    if (ended.compareAndSet(false, true)) {
      refused.accept(why, words);
    }
  }

  /** Whether somebody was told already, as the one who closes a sender with a dead disk does. */
  boolean hasEnded() {
    return ended.get();
  }
}
