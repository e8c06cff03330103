package io.github.httpreport.examples;

import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ProxySender;
import io.github.httpreport.SendResult;
import io.github.httpreport.error.SendException;
import io.github.httpreport.testkit.LocalCluster;
import java.util.List;

/** Reports one batch and waits until a node has it. */
public final class SendExample {

  private SendExample() {}

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
    // One sender serves a whole application; make it once and close it at the end.
    try (ProxySender sender = HttpProxySender.builder().manager(managerUrl).build()) {
      List<String> bodies = List.of("first line", "second line: 100% & more");
      SendResult result = sender.send(bodies, "example-group", "example-stream");
      System.out.println(
          result.messageCount()
              + (" messages are on " + result.node())
              + (" after " + result.attempts().size() + " attempt(s)"));
    } catch (SendException e) {
      System.err.println("Not delivered: " + e.getMessage());
      if (e.retryable()) {
        System.err.println("The same messages may be delivered later.");
      }
    }
  }
}
