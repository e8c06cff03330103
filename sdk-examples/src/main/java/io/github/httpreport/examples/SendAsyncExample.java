package io.github.httpreport.examples;

import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ProxySender;
import io.github.httpreport.SendResult;
import io.github.httpreport.testkit.LocalCluster;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** Reports several batches at a time and goes on with something else meanwhile. */
public final class SendAsyncExample {

  private SendAsyncExample() {}

  /**
   * Runs the example.
   *
   * @param args the URL of a Manager; without it a cluster is started on this machine
   */
  public static void main(String[] args) {
    if (args.length > 0) {
      report(args[0]);
    } else {
      try (LocalCluster cluster = LocalCluster.start(2)) {
        report(cluster.managerUrl());
      }
    }
  }

  private static void report(String managerUrl) {
    try (ProxySender sender = HttpProxySender.builder().manager(managerUrl).build()) {
      CompletableFuture<?>[] batches =
          IntStream.range(0, 10)
              .mapToObj(number -> reportBatch(sender, number))
              .toArray(CompletableFuture<?>[]::new);
      System.out.println("All batches are on their way.");
      CompletableFuture.allOf(batches).join();
    }
  }

  private static CompletableFuture<String> reportBatch(ProxySender sender, int number) {
    List<String> bodies = List.of("batch " + number + " line 1", "batch " + number + " line 2");
    Instant dataTime = Instant.now();
    return sender
        .sendAsync(bodies, "example-group", "example-stream", dataTime)
        .thenApply(SendResult::node)
        .exceptionally(error -> "nowhere: " + error.getMessage())
        .whenComplete((where, none) -> System.out.println("Batch " + number + " is on " + where));
  }
}
