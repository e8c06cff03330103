package io.github.httpreport.internal.spool;

import io.github.httpreport.protocol.Payload;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

/**
 * One batch on its way to the disk, and the callbacks for its end: written or refused.
 *
 * <pre>
 *   WAITING  -> WRITTEN   the spool's thread: the commit of the batch succeeded
 *            -> REFUSED   the spool's thread: full or broken; or the closing thread, where the disk hangs
 * </pre>
 *
 * <p>One compare-and-set decides between the two, so exactly one callback runs, once, on the thread
 * that was first. A write that was refused while its commit was under way is removed from the disk
 * again: the caller has been given its failure already.
 */
final class PendingWrite {

  /** Why a batch did not get to the disk. */
  enum Refusal {
    /** The spool has reached its size limit. */
    FULL,
    /** The disk or its file cannot be used at the moment. */
    BROKEN,
    /** The sender closed before the commit. */
    CLOSED
  }

  private final Payload payload;
  private final Runnable written;
  private final BiConsumer<Refusal, String> refused;
  private final AtomicBoolean ended = new AtomicBoolean();

  /**
   * A batch, for which exactly one of the two callbacks runs, once.
   *
   * @param written called when the batch outlives the process
   * @param refused called with a reason and a text when the batch is not on disk
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
   * Ends the write with success.
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

  void refused(Refusal why, String text) {
    if (ended.compareAndSet(false, true)) {
      refused.accept(why, text);
    }
  }

  /**
   * Whether it was refused or written already, such as by the close of a sender whose disk hangs.
   */
  boolean hasEnded() {
    return ended.get();
  }
}
