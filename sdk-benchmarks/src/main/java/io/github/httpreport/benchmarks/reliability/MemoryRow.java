package io.github.httpreport.benchmarks.reliability;

import io.github.httpreport.CloseSummary;

/**
 * What became of what was offered to a sender that can deliver nothing.
 *
 * @param whenFull what the sender did when its buffer was full
 * @param by the method that the messages were offered by
 * @param messages what became of them
 * @param heap the most bytes that there were behind the garbage collector, without those before
 * @param bufferBytes the bound of the buffer
 */
record MemoryRow(String whenFull, String by, Messages messages, long heap, long bufferBytes) {

  /**
   * What became of the messages.
   *
   * @param offered how many there were
   * @param refused how many of them the sender had no room for
   * @param closed what the sender says of the others
   */
  record Messages(long offered, long refused, CloseSummary closed) {

    long accepted() {
      return offered - refused;
    }

    /** Whether the sender tells what became of every message that it took. */
    boolean addUp() {
      return closed.sent() + closed.failed() + closed.spooled() + closed.abandoned() == accepted();
    }
  }

  /** What heap may be used beyond the bound of the buffer. */
  static final long ALLOWANCE = 32_000_000;

  long overBuffer() {
    return heap - bufferBytes;
  }

  boolean staysWithin() {
    return overBuffer() <= ALLOWANCE;
  }
}
