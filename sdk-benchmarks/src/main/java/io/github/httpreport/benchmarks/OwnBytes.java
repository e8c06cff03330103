package io.github.httpreport.benchmarks;

import com.sun.management.ThreadMXBean;
import io.github.httpreport.SendResult;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** What a contestant allocates for itself when it looks at the future of a send. */
final class OwnBytes {

  private static final int FUTURES = 10_000;
  private static final double OF_CALLBACK = measure();

  private OwnBytes() {}

  /** For each future: the callback that is put on it, and the future of that. */
  static double ofCallback() {
    return OF_CALLBACK;
  }

  private static double measure() {
    ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
    long self = Thread.currentThread().getId();
    // Kept in arrays, or the compiler may leave them out.
    CompletableFuture<?>[] followers = new CompletableFuture<?>[FUTURES];
    CompletableFuture<SendResult>[] futures = newFutures();
    long before = threads.getThreadAllocatedBytes(self);
    for (int i = 0; i < FUTURES; i++) {
      followers[i] = futures[i].whenComplete((result, error) -> {});
    }
    long bytes = threads.getThreadAllocatedBytes(self) - before;
    return (double) bytes / followers.length;
  }

  @SuppressWarnings("unchecked")
  private static CompletableFuture<SendResult>[] newFutures() {
    return Stream.generate(CompletableFuture<SendResult>::new)
        .limit(FUTURES)
        .toArray(CompletableFuture[]::new);
  }
}
