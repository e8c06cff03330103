package io.github.httpreport.benchmarks;

import java.util.Arrays;

/**
 * How long calls took, to within two percent. Recording makes no object. Used by one thread at a
 * time.
 */
public final class Latencies {

  private static final int SUB_BITS = 6;
  private static final int SUBS = 1 << SUB_BITS;

  private final long[] counts = new long[(Long.SIZE - SUB_BITS) * SUBS];

  /** No calls. */
  public Latencies() {}

  /**
   * Records a call.
   *
   * @param nanos how long it took
   */
  public void record(long nanos) {
    counts[index(Math.max(0, nanos))]++;
  }

  private static int index(long value) {
    int shift = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(value) - SUB_BITS);
    return shift * SUBS + (int) (value >>> shift);
  }

  /** The middle of the values that share a place. */
  private static double valueAt(int index) {
    int shift = Math.max(0, index / SUBS);
    return ((long) (index % SUBS) << shift) + ((1L << shift) - 1) / 2.0;
  }

  void add(Latencies other) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
  }

  /** Forgets all calls. */
  public void clear() {
    Arrays.fill(counts, 0);
  }

  /**
   * The time below which a part of the calls stayed.
   *
   * @param part from 0 to 1
   * @return in nanoseconds; 0 when there were no calls
   */
  public double nanosAt(double part) {
    long below = (long) Math.ceil(part * Arrays.stream(counts).sum());
    for (int i = 0; i < counts.length; i++) {
      below -= counts[i];
      if (counts[i] > 0 && below <= 0) {
        return valueAt(i);
      }
    }
    return 0;
  }
}
