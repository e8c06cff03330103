package io.github.httpreport.examples.trial;

import io.github.httpreport.CloseSummary;

/**
 * What became of what was offered to a sender that can deliver nothing.
 *
 * @param whenFull what the sender did when its buffer was full
 * @param by the method that the messages were offered by
 * @param offered how many messages
 * @param refused how many of them the sender had no room for
 * @param heap the most bytes that there were behind the garbage collector, without those before
 * @param bufferBytes the bound of the buffer
 * @param closed what the sender says of them
 */
record MemoryRow(
    String whenFull,
    String by,
    long offered,
    long refused,
    long heap,
    long bufferBytes,
    CloseSummary closed) {

  /** What heap may be used beyond the bound of the buffer. */
  static final long ALLOWANCE = 32_000_000;

  long overBuffer() {
    return heap - bufferBytes;
  }

  boolean staysWithin() {
    return overBuffer() <= ALLOWANCE;
  }

  /** Whether every message was refused or is one that the sender tells the end of. */
  boolean addsUp() {
    return refused + closed.sent() + closed.failed() + closed.spooled() + closed.abandoned()
        == offered;
  }
}
