package io.github.httpreport.examples;

import io.github.httpreport.Batching;
import io.github.httpreport.CloseSummary;
import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ProxySender;
import io.github.httpreport.WhenFull;
import io.github.httpreport.testkit.LocalCluster;
import java.time.Duration;

/** Reports many single messages, which the sender puts into batches. */
public final class EnqueueExample {

  private EnqueueExample() {}

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
    try (ProxySender sender =
        HttpProxySender.builder()
            .manager(managerUrl)
            .batching(Batching.builder().linger(Duration.ofMillis(20)).build())
            .buffer(8 * 1024 * 1024, WhenFull.block(Duration.ofSeconds(30)))
            .build()) {
      for (int number = 0; number < 1000; number++) {
        // Waits when the buffer is full, so that memory stays bounded however slow the servers are.
        sender
            .enqueue("event " + number, "example-group", "example-stream")
            .whenComplete(
                (result, error) -> {
                  if (error != null) {
                    System.err.println("Not delivered: " + error.getMessage());
                  }
                });
      }
      CloseSummary summary = sender.close(Duration.ofSeconds(30));
      System.out.println(summary.sent() + " of " + summary.total() + " messages were sent.");
    }
  }
}
