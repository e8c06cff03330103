package io.github.httpreport.examples.cli;

/** A line of an input, without what ends it. */
sealed interface Line {

  /** From 1. */
  long number();

  /** A line that can be sent. */
  record TextLine(long number, String text) implements Line {}

  /**
   * A line that is no UTF-8.
   *
   * @param offset of the first byte that is wrong, from the start of the input
   * @param bytes the line as it is
   */
  record NotUtf8(long number, long offset, byte[] bytes) implements Line {}

  /**
   * A line that is too long to be held in memory.
   *
   * @param offset of its first byte, from the start of the input
   * @param length in bytes
   */
  record TooLong(long number, long offset, long length) implements Line {}
}
