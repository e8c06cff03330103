package io.github.httpreport.internal.batch;

/**
 * Neighbouring messages of a batch.
 *
 * @param from the index of the first
 * @param to the index after the last
 */
public record MessageRange(int from, int to) {

  public int size() {
    return to - from;
  }
}
