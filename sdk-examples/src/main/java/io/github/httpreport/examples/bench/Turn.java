package io.github.httpreport.examples.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * What one contestant did in one round.
 *
 * @param messages how many were acknowledged
 * @param seconds from the first message to the last acknowledgement
 * @param cpuSeconds of this process, compiler and garbage collector included
 * @param allocatedBytes by the threads that lived from the beginning to the end
 */
record Turn(long messages, double seconds, double cpuSeconds, long allocatedBytes) {

  private static final double NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final double MICROS = TimeUnit.SECONDS.toMicros(1);

  /** Measures a contestant, which runs for about the given time. */
  static Turn of(Contestant contestant, Duration time) throws IOException {
    Reading before = Reading.now();
    long end = before.nanos + time.toNanos();
    long messages = contestant.report(() -> System.nanoTime() - end < 0);
    Reading after = Reading.now();
    return new Turn(
        messages,
        (after.nanos - before.nanos) / NANOS,
        (after.cpuNanos - before.cpuNanos) / NANOS,
        after.allocatedBytes - before.allocatedBytes);
  }

  double messagesPerSecond() {
    return messages / seconds;
  }

  double cpuMicrosPerMessage() {
    return cpuSeconds * MICROS / messages;
  }

  double allocatedBytesPerMessage() {
    return (double) allocatedBytes / messages;
  }

  private record Reading(long nanos, long cpuNanos, long allocatedBytes) {

    private static final OperatingSystemMXBean SYSTEM =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private static final ThreadMXBean THREADS =
        ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

    static Reading now() {
      long allocated =
          Arrays.stream(THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds()))
              .filter(bytes -> bytes > 0)
              .sum();
      return new Reading(System.nanoTime(), SYSTEM.getProcessCpuTime(), allocated);
    }
  }
}
