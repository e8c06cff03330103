package consumer;

import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ProxySender;
import io.github.httpreport.testkit.LocalCluster;
import java.util.List;

/** What an application does first with a new version. */
public final class Consumer {

  private Consumer() {}

  /**
   * Delivers three messages to servers on loopback.
   *
   * @param args none
   */
  public static void main(String[] args) {
    try (LocalCluster cluster = LocalCluster.start(3);
        ProxySender sender = HttpProxySender.builder().manager(cluster.managerUrl()).build()) {
      sender.send(List.of("a", "b"), "group", "stream");
      sender.enqueue("c", "group", "stream");
      sender.flush().join();
      int stored = cluster.stored().stream().mapToInt(record -> record.messages().size()).sum();
      System.out.println("The released library delivered " + stored + " of 3 messages.");
    }
  }
}
