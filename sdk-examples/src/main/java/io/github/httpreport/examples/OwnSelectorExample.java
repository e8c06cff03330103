package io.github.httpreport.examples;

import io.github.httpreport.Destination;
import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ProxySender;
import io.github.httpreport.node.Candidate;
import io.github.httpreport.node.NodeSelector;
import io.github.httpreport.testkit.LocalCluster;
import java.util.List;

/** Reports to nodes of the own rack, and to others only while none of these is well. */
public final class OwnSelectorExample {

  private OwnSelectorExample() {}

  /**
   * Runs the example.
   *
   * @param args the URL of a Manager, without which a cluster is started on this machine; and how
   *     the addresses of the own rack begin, {@code 127.} by default
   */
  public static void main(String[] args) {
    String rack = args.length > 1 ? args[1] : "127.";
    if (args.length > 0) {
      report(args[0], rack);
    } else {
      try (LocalCluster cluster = LocalCluster.start(2)) {
        report(cluster.managerUrl(), rack);
      }
    }
  }

  private static void report(String managerUrl, String rack) {
    NodeSelector selector = new SameRackFirst(rack, NodeSelector.leastLoaded());
    try (ProxySender sender =
        HttpProxySender.builder().manager(managerUrl).selector(selector).build()) {
      for (int number = 0; number < 10; number++) {
        List<String> bodies = List.of("event " + number);
        System.out.println(sender.send(bodies, "example-group", "example-stream").node());
      }
    }
  }

  /** Only leaves out candidates; which of the rest is best is left to another selector. */
  private record SameRackFirst(String rack, NodeSelector best) implements NodeSelector {

    @Override
    public Candidate select(List<Candidate> candidates, Destination destination) {
      List<Candidate> near =
          candidates.stream().filter(c -> c.node().address().startsWith(rack)).toList();
      return best.select(near.isEmpty() ? candidates : near, destination);
    }
  }
}
