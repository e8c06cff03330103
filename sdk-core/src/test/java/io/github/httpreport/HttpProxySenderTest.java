package io.github.httpreport;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.testkit.LocalCluster;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class HttpProxySenderTest {

  @Test
  void send_oneBatch_isStoredAsGiven() {
    try (LocalCluster cluster = LocalCluster.start(1);
        ProxySender sender = HttpProxySender.builder().manager(cluster.managerUrl()).build()) {
      SendResult result =
          sender.send(List.of("a", "b c"), "group", "stream", Instant.ofEpochMilli(1700000000001L));
      assertThat(result.messageCount()).isEqualTo(2);
      assertThat(cluster.stored())
          .singleElement()
          .satisfies(
              record -> {
                assertThat(record.body()).isEqualTo("a\nb c");
                assertThat(record.dataTime()).isEqualTo(1700000000001L);
                assertThat(record.count()).isEqualTo(2);
              });
    }
  }

  @Test
  void enqueue_manyMessages_areAllStored() {
    try (LocalCluster cluster = LocalCluster.start(3);
        ProxySender sender = HttpProxySender.builder().manager(cluster.managerUrl()).build()) {
      List<CompletableFuture<SendResult>> futures = new ArrayList<>();
      for (int i = 0; i < 100_000; i++) {
        if (i == 50_000) {
          cluster.node(0).stop();
        }
        futures.add(sender.enqueue("message " + i, "group", "stream"));
      }
      sender.flush().join();
      assertThat(futures).allMatch(CompletableFuture::isDone);
      assertThat(futures).noneMatch(CompletableFuture::isCompletedExceptionally);
      assertThat(cluster.storedCount()).isGreaterThanOrEqualTo(100_000);
      CloseSummary summary = sender.close(java.time.Duration.ofSeconds(5));
      assertThat(summary).isEqualTo(new CloseSummary(100_000, 0, 0, 0));
    }
  }
}
