package io.github.httpreport.examples.cli;

import java.util.List;

/** An estimate of how many lines inputs hold, from the bytes and lines read so far. */
final class TotalEstimate {

  private final long bytes;
  private long bytesBefore;

  /** Without a size for each input there is no estimate. */
  TotalEstimate(List<Input> inputs) {
    bytes =
        inputs.stream().allMatch(Input::hasSize)
            ? inputs.stream().mapToLong(Input::size).sum()
            : Progress.UNKNOWN;
  }

  /**
   * How many lines there will be.
   *
   * @param consumed how many bytes of the present input were read
   * @param lines how many lines were read of all inputs
   * @return the estimate, at least what was read, or {@link Progress#UNKNOWN}
   */
  long lines(long consumed, long lines) {
    long read = bytesBefore + consumed;
    if (bytes == Progress.UNKNOWN || read == 0) {
      return Progress.UNKNOWN;
    }
    return Math.max(lines, (long) ((double) lines * bytes / read));
  }

  /** An input has come to its end. */
  void ended(long consumed) {
    bytesBefore += consumed;
  }
}
