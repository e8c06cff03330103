package io.github.httpreport.benchmarks.reliability;

import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ProxySender;
import io.github.httpreport.SendResult;
import io.github.httpreport.testkit.LocalCluster;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/** The first use of many groups at the same moment, while the Manager answers at once. */
final class ManyGroups {

  private static final double SECONDS_ALLOWED = 10;
  private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  /** The sender gives up after two minutes. */
  private static final Duration TIME_TO_STABILIZE = Duration.ofMinutes(3);

  private ManyGroups() {}

  /**
   * Sends one message to each group.
   *
   * @param end completes when the trial is to end before its time
   */
  static List<RunFinding> measure(int groups, CompletableFuture<Void> end)
      throws InterruptedException, TimeoutException {
    try (LocalCluster cluster = cluster();
        ProxySender sender = sender(cluster)) {
      long startNanos = System.nanoTime();
      List<CompletableFuture<SendResult>> results =
          IntStream.range(0, groups)
              .mapToObj(i -> sender.sendAsync(List.of("first use"), "group-" + i, "stream"))
              .toList();
      awaitCompleted(results, end);
      double seconds = (System.nanoTime() - startNanos) / NANOS_PER_SECOND;
      long lost = results.stream().filter(CompletableFuture::isCompletedExceptionally).count();
      return findings(groups, seconds, lost);
    }
  }

  private static LocalCluster cluster() {
    return LocalCluster.builder().name("recovery-cluster").nodes(3).onStored(r -> {}).start();
  }

  private static ProxySender sender(LocalCluster cluster) {
    return HttpProxySender.builder().manager(cluster.managerUrl()).name("recovery-sender").build();
  }

  private static void awaitCompleted(
      List<CompletableFuture<SendResult>> results, CompletableFuture<Void> end)
      throws InterruptedException, TimeoutException {
    CompletableFuture<Void> all =
        CompletableFuture.allOf(results.toArray(CompletableFuture<?>[]::new))
            .exceptionally(lost -> null);
    try {
      CompletableFuture.anyOf(all, end).get(TIME_TO_STABILIZE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException("neither of the two fails", e);
    }
    if (!all.isDone()) {
      throw new TimeoutException("ended before its time");
    }
  }

  static List<RunFinding> findings(int groups, double seconds, long lost) {
    return List.of(
        new RunFinding(
            seconds <= SECONDS_ALLOWED,
            String.format(
                Locale.ROOT,
                "first use of %,d groups settled after %.2f s, at most %.1f s allowed",
                groups,
                seconds,
                SECONDS_ALLOWED)),
        new RunFinding(lost == 0, "messages lost: " + lost));
  }
}
