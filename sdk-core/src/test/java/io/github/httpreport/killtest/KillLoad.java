package io.github.httpreport.killtest;

import io.github.httpreport.CloseSummary;
import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ProxySender;
import io.github.httpreport.WhenFull;
import io.github.httpreport.spool.SpoolSettings;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** Offers more than its heap can hold to nodes that are not there. */
final class KillLoad {

  private static final int MESSAGE_BYTES = 10_000;

  private KillLoad() {}

  /** Takes the spool, the size of the buffer, and how many megabytes to offer. */
  public static void main(String[] arguments) {
    ProxySender sender =
        HttpProxySender.builder()
            .nodes("127.0.0.1:1", "127.0.0.1:2")
            .buffer(Long.parseLong(arguments[1]), WhenFull.spill())
            .spool(SpoolSettings.builder(Path.of(arguments[0])).maxBytes(4L << 30).build())
            .build();
    LongAdder failed = new LongAdder();
    String body = "x".repeat(MESSAGE_BYTES);
    long messages = (Long.parseLong(arguments[2]) << 20) / MESSAGE_BYTES;
    long startNanos = System.nanoTime();
    for (long i = 0; i < messages; i++) {
      sender
          .enqueue(body, "group", "stream")
          .whenComplete(
              (result, error) -> {
                if (error != null) {
                  failed.increment();
                }
              });
    }
    long millis = Duration.ofNanos(System.nanoTime() - startNanos).toMillis();
    CloseSummary summary = sender.close(Duration.ofSeconds(1));
    System.out.println(
        messages
            + " messages in "
            + millis
            + " ms, "
            + summary
            + ", heap after the last GC "
            + afterCollections() / 1_000_000
            + " MB");
    System.exit(failed.sum() == 0 && summary.spooled() == messages ? 0 : 1);
  }

  /** What was in use after the last collection of each pool. */
  private static long afterCollections() {
    long sum = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      MemoryUsage usage = pool.getCollectionUsage();
      if (pool.getType() == MemoryType.HEAP && usage != null) {
        sum += usage.getUsed();
      }
    }
    return sum;
  }
}
