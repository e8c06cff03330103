package io.github.httpreport.benchmarks.reliability;

import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ProxySender;
import io.github.httpreport.SenderMetrics;
import io.github.httpreport.WhenFull;
import io.github.httpreport.testkit.LocalCluster;
import io.github.httpreport.testkit.LocalNode;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Fills the buffer of a sender, all nodes of which are down, and measures the live heap. */
final class FullBuffer implements AutoCloseable {

  /** Enough that lingering batches are sealed and every delivery waits for its next attempt. */
  private static final int LOOKS = 5;

  private static final int MAX_LOOKS = 100;

  /** A change of the live heap in bytes that is noise. */
  private static final long STABLE = 100_000;

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
  private static final Duration TIME_TO_CLOSE = Duration.ofMillis(200);

  private final long bufferBytes;
  private final LocalCluster cluster = LocalCluster.builder().name("memory").nodes(3).start();

  FullBuffer(long bufferBytes) {
    this.bufferBytes = bufferBytes;
    cluster.nodes().forEach(LocalNode::stop);
  }

  FullBufferRow run(MemoryUse use) throws InterruptedException {
    long before = stableHeap();
    Gauge gauge = new Gauge();
    ProxySender sender = sender(use, gauge);
    try {
      long accepted = fill(sender, use);
      long heap = highestHeap() - before;
      return new FullBufferRow(use.label(), accepted, gauge.highest.get(), heap, bufferBytes);
    } finally {
      sender.close(TIME_TO_CLOSE);
    }
  }

  private ProxySender sender(MemoryUse use, SenderMetrics metrics) {
    HttpProxySender.Builder builder =
        HttpProxySender.builder()
            .name("memory-sender")
            .metrics(metrics)
            .buffer(bufferBytes, WhenFull.fail());
    use.settings(builder, cluster);
    return builder.build();
  }

  /** Calls until a call is refused. */
  private static long fill(ProxySender sender, MemoryUse use) {
    long accepted = 0;
    while (!Offer.isRefusal(use.offer(sender, accepted))) {
      accepted++;
    }
    return accepted;
  }

  /** The live heap once the sender before this one has left it. */
  private static long stableHeap() throws InterruptedException {
    long last = Heap.usedAfterCollection();
    long change = Long.MAX_VALUE;
    for (int i = 0; i < MAX_LOOKS && change > STABLE; i++) {
      TimeUnit.NANOSECONDS.sleep(BETWEEN_LOOKS.toNanos());
      long now = Heap.usedAfterCollection();
      change = Math.abs(now - last);
      last = now;
    }
    return last;
  }

  private static long highestHeap() throws InterruptedException {
    long most = 0;
    for (int i = 0; i < LOOKS; i++) {
      TimeUnit.NANOSECONDS.sleep(BETWEEN_LOOKS.toNanos());
      most = Math.max(most, Heap.usedAfterCollection());
    }
    return most;
  }

  @Override
  public void close() {
    cluster.close();
  }

  private static final class Gauge implements SenderMetrics {
    private final AtomicLong highest = new AtomicLong();

    @Override
    public void bufferUsed(long bytes, long maxBytes) {
      highest.accumulateAndGet(bytes, Math::max);
    }
  }
}
