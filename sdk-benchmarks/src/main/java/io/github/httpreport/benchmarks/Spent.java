package io.github.httpreport.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * What this process spent, from a beginning that does not matter.
 *
 * @param nanos of time
 * @param cpuNanos of processor time, compiler and garbage collector included
 * @param allocatedBytes by the threads that live now
 */
record Spent(long nanos, long cpuNanos, double allocatedBytes) {

  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private static final ThreadMXBean THREADS =
      ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

  static Spent now() {
    long allocated =
        Arrays.stream(THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds()))
            .filter(bytes -> bytes > 0)
            .sum();
    return new Spent(System.nanoTime(), SYSTEM.getProcessCpuTime(), allocated);
  }

  Spent minus(Spent before) {
    return new Spent(
        nanos - before.nanos, cpuNanos - before.cpuNanos, allocatedBytes - before.allocatedBytes);
  }

  Spent withoutBytes(double own) {
    return new Spent(nanos, cpuNanos, allocatedBytes - own);
  }
}
