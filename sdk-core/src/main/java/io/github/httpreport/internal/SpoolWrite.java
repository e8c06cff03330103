package io.github.httpreport.internal;

import io.github.httpreport.protocol.Payload;
import java.util.concurrent.atomic.AtomicBoolean;

/** One batch on its way to the disk, and what is to be done when it is there or cannot be. */
final class SpoolWrite {

  /** Why a batch did not get to the disk. */
  enum Refusal {
    /** There is no room for it. */
    FULL,
    /** The disk does not do what it should. */
    BROKEN,
    /** The sender closed meanwhile. */
    CLOSED
  }

  /** Told once. */
  interface Outcome {

    /** The batch outlives the process. */
    void written();

    /** The batch is not on disk. */
    void refused(Refusal why, String words);
  }

  private final Payload payload;
  private final Outcome outcome;
  private final AtomicBoolean ended = new AtomicBoolean();

  SpoolWrite(Payload payload, Outcome outcome) {
    this.payload = payload;
    this.outcome = outcome;
  }

  Payload payload() {
    return payload;
  }

  void written() {
    if (ended.compareAndSet(false, true)) {
      outcome.written();
    }
  }

  void refused(Refusal why, String words) {
    if (ended.compareAndSet(false, true)) {
      outcome.refused(why, words);
    }
  }

  /** Whether somebody was told already, as the one who closes a sender with a dead disk does. */
  boolean hasEnded() {
    return ended.get();
  }
}
