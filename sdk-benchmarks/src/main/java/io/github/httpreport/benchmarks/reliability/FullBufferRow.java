package io.github.httpreport.benchmarks.reliability;

/**
 * The live heap of a sender with a full buffer.
 *
 * @param use the label of the kind of use
 * @param calls the number of accepted calls
 * @param usedBytes the bytes of the buffer in use, as the sender counts them
 * @param heap the live bytes after a collection, without those before
 * @param bufferBytes the bound of the buffer
 */
record FullBufferRow(String use, long calls, long usedBytes, long heap, long bufferBytes) {

  static final double MAX_RATIO = 1.3;

  double ratio() {
    return (double) heap / bufferBytes;
  }

  boolean isWithinBound() {
    return ratio() <= MAX_RATIO;
  }
}
