package io.github.httpreport.benchmarks.reliability;

/**
 * What a memory trial does.
 *
 * @param offerBytes how many bytes of messages are offered in each row
 * @param bufferBytes the bound of the buffer
 * @param bodyBytes the length of a message
 */
record MemoryPlan(long offerBytes, long bufferBytes, int bodyBytes) {

  long messages() {
    return offerBytes / bodyBytes;
  }
}
