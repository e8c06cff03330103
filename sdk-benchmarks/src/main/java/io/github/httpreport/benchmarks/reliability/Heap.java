package io.github.httpreport.benchmarks.reliability;

import java.util.Locale;

/** What this process keeps in memory. */
final class Heap {

  private static final double MEGABYTE = 1e6;

  private Heap() {}

  /** The bytes that are left behind the garbage collector, which runs for this. */
  static long usedAfterCollection() {
    Runtime runtime = Runtime.getRuntime();
    runtime.gc();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", bytes / MEGABYTE);
  }
}
