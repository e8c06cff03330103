package io.github.httpreport.benchmarks.reliability;

import io.github.httpreport.CloseSummary;
import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ProxySender;
import io.github.httpreport.WhenFull;
import io.github.httpreport.testkit.LocalCluster;
import io.github.httpreport.testkit.LocalNode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiConsumer;

/** Offers messages to a sender all nodes of which are down. */
final class Memory implements AutoCloseable {

  /** Many, so that the time that each of them waits for room is not added up. */
  private static final int THREADS = 64;

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(300);

  /** Short: whatever was accepted cannot be delivered. */
  private static final Duration TIME_TO_CLOSE = Duration.ofMillis(200);

  private static final Duration MAX_ROW_TIME = Duration.ofMinutes(10);

  /** Held by each call, so that between calls nothing in the heap is the offering threads'. */
  private final ReadWriteLock offering = new ReentrantReadWriteLock(true);

  private final MemoryPlan plan;
  private final LocalCluster cluster = LocalCluster.builder().name("memory").nodes(3).start();

  Memory(MemoryPlan plan) {
    this.plan = plan;
    cluster.nodes().forEach(LocalNode::stop);
  }

  /**
   * What a sender does when its buffer is full.
   *
   * @param name as it is printed
   * @param settings sets it, for a buffer of so many bytes
   */
  record Choice(String name, BiConsumer<HttpProxySender.Builder, Long> settings) {
    static Choice of(String name, WhenFull whenFull) {
      return new Choice(name, (sender, bytes) -> sender.buffer(bytes, whenFull));
    }
  }

  static List<Choice> choices() {
    return List.of(
        Choice.of("block(1 ms)", WhenFull.block(Duration.ofMillis(1))),
        Choice.of("fail()", WhenFull.fail()));
  }

  MemoryRow run(Choice choice, Offer offer) throws InterruptedException {
    long before = Heap.usedAfterCollection();
    AtomicLong next = new AtomicLong();
    LongAdder refused = new LongAdder();
    ProxySender sender = sender(choice);
    long most;
    CloseSummary closed;
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      for (int i = 0; i < THREADS; i++) {
        threads.execute(() -> offer(sender, offer, next, refused));
      }
      threads.shutdown();
      most = highestHeap(threads) - before;
    } finally {
      threads.shutdownNow();
      closed = sender.close(TIME_TO_CLOSE);
    }
    long calls = plan.messages() / offer.messages();
    MemoryRow.Messages messages =
        new MemoryRow.Messages(calls * offer.messages(), refused.sum(), closed);
    return new MemoryRow(choice.name(), offer.label(), messages, most, plan.bufferBytes());
  }

  private ProxySender sender(Choice choice) {
    HttpProxySender.Builder builder =
        HttpProxySender.builder().manager(cluster.managerUrl()).name("memory-sender");
    choice.settings().accept(builder, plan.bufferBytes());
    return builder.build();
  }

  private void offer(ProxySender sender, Offer offer, AtomicLong next, LongAdder refused) {
    long calls = plan.messages() / offer.messages();
    for (long call = next.getAndIncrement(); call < calls; call = next.getAndIncrement()) {
      long number = call * offer.messages();
      offering.readLock().lock();
      try {
        if (Offer.isRefusal(offer.to(sender, offer.bodies(number, plan.bodyBytes())))) {
          refused.add(offer.messages());
        }
      } finally {
        offering.readLock().unlock();
      }
    }
  }

  /** Looks at the heap while the messages are offered, and once when all have been. */
  private long highestHeap(ExecutorService threads) throws InterruptedException {
    long end = System.nanoTime() + MAX_ROW_TIME.toNanos();
    long most = 0;
    boolean done = false;
    while (!done && System.nanoTime() - end < 0) {
      done = threads.awaitTermination(BETWEEN_LOOKS.toNanos(), TimeUnit.NANOSECONDS);
      most = Math.max(most, heapBetweenCalls());
    }
    return most;
  }

  private long heapBetweenCalls() {
    offering.writeLock().lock();
    try {
      return Heap.usedAfterCollection();
    } finally {
      offering.writeLock().unlock();
    }
  }

  @Override
  public void close() {
    cluster.close();
  }
}
