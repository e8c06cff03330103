package io.github.httpreport;

import java.time.Duration;

/** What a send does when the buffer has no room for it. */
public sealed interface WhenFull {

  /**
   * Wait on the calling thread until there is room, at most this long, then fail with {@code
   * BufferFullException}.
   *
   * @param timeout how long to wait at most, more than zero
   * @return the setting
   * @throws IllegalArgumentException if the time is not positive
   */
  static WhenFull block(Duration timeout) {
    return new Block(timeout);
  }

  /**
   * Fail at once with {@code BufferFullException}.
   *
   * @return the setting
   */
  static WhenFull fail() {
    return new Fail();
  }

  /**
   * Put it on disk, from where it is delivered when there is room. Needs a spool. Waits on the
   * calling thread, for ten seconds at most, only where the disk is too slow for the application;
   * fails with {@code BufferFullException} where the spool is full as well or cannot be used.
   *
   * @return the setting
   */
  static WhenFull spill() {
    return new Spill();
  }

  /**
   * See {@link WhenFull#block(Duration)}.
   *
   * @param timeout how long to wait at most
   */
  record Block(Duration timeout) implements WhenFull {
    /** Checks the time. */
    public Block {
      Checks.positive(timeout, "block timeout");
    }
  }

  /** See {@link WhenFull#fail()}. */
  record Fail() implements WhenFull {}

  /** See {@link WhenFull#spill()}. */
  record Spill() implements WhenFull {}
}
