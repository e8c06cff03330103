package io.github.httpreport.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.awaitility.Awaitility;

/**
 * What this process holds.
 *
 * @param threads how many threads live
 * @param files how many files and sockets are open, where the operating system tells
 * @param heap bytes in use after a collection
 */
record ResourceUse(int threads, long files, long heap) {

  /** Classes loaded on the way, and caches of the JDK. */
  private static final long HEAP_SLACK = 32L << 20;

  private static final int FILE_SLACK = 16;
  private static final int THREAD_SLACK = 4;

  static ResourceUse now() {
    System.gc();
    return new ResourceUse(
        ManagementFactory.getThreadMXBean().getThreadCount(),
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
            ? unix.getOpenFileDescriptorCount()
            : 0,
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
  }

  /** Nobody holds more than this in the end. */
  void assertNotExceeded() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(() -> assertNotExceeded(now()));
  }

  private void assertNotExceeded(ResourceUse now) {
    assertThat(now.threads).as("threads").isLessThanOrEqualTo(threads + THREAD_SLACK);
    assertThat(now.files).as("open files").isLessThanOrEqualTo(files + FILE_SLACK);
    assertThat(now.heap).as("bytes of heap").isLessThanOrEqualTo(heap + HEAP_SLACK);
  }
}
