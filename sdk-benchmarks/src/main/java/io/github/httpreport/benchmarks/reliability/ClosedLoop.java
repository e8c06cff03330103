package io.github.httpreport.benchmarks.reliability;

import io.github.httpreport.ProxySender;
import io.github.httpreport.SendResult;
import io.github.httpreport.testkit.LocalNode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Keeps a number of calls under way: where one ends, the next begins. */
final class ClosedLoop implements AutoCloseable {

  private static final List<String> BATCH = List.of("a message", "and one more");

  private final ProxySender sender;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(task -> new Thread(task, "recovery-load"));
  private final Map<String, LongAdder> perNode = new ConcurrentHashMap<>();
  private final LongAdder failed = new LongAdder();
  private final AtomicInteger underWay = new AtomicInteger();
  private final CompletableFuture<Void> idle = new CompletableFuture<>();
  private volatile boolean stopped;

  ClosedLoop(ProxySender sender) {
    this.sender = sender;
  }

  void start(int width) {
    underWay.set(width);
    for (int i = 0; i < width; i++) {
      thread.execute(this::call);
    }
  }

  private void call() {
    sender.sendAsync(BATCH, "recovery", "lines").whenCompleteAsync(this::ended, thread);
  }

  private void ended(@Nullable SendResult result, @Nullable Throwable error) {
    if (result != null) {
      perNode.computeIfAbsent(result.node(), node -> new LongAdder()).increment();
    }
    if (error != null) {
      failed.increment();
    }
    if (!stopped) {
      call();
    } else if (underWay.decrementAndGet() == 0) {
      idle.complete(null);
    }
  }

  /** How many calls a node acknowledged so far. */
  long acknowledgedBy(LocalNode node) {
    LongAdder count = perNode.get(node.address());
    return count == null ? 0 : count.sum();
  }

  long failed() {
    return failed.sum();
  }

  /** Begins no more calls. The future completes when none is under way. */
  CompletableFuture<Void> stop() {
    stopped = true;
    return idle;
  }

  @Override
  public void close() {
    stopped = true;
    thread.shutdown();
  }
}
