package io.github.httpreport;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.testkit.LocalCluster;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The first use of very many groups at the same time. */
class HttpProxySenderManyGroupsTest {

  private static final int GROUPS = 2_000;

  /** The bound is far from the time it takes and also from the minutes that it once took. */
  private static final Duration MAX_WAIT = Duration.ofSeconds(60);

  @Test
  void sendAsync_firstUseOfManyGroups_allAreAcknowledgedAndEachIsAskedForOnce() {
    try (LocalCluster cluster = LocalCluster.builder().name("many-groups").nodes(2).start();
        HttpProxySender sender =
            HttpProxySender.builder().manager(cluster.managerUrl()).name("many-groups").build()) {
      List<CompletableFuture<SendResult>> results =
          IntStream.range(0, GROUPS)
              .mapToObj(i -> sender.sendAsync(List.of("m"), "group-" + i, "stream"))
              .toList();

      CompletableFuture<Void> all =
          CompletableFuture.allOf(results.toArray(CompletableFuture<?>[]::new));

      assertThat(all).succeedsWithin(MAX_WAIT);
      assertThat(cluster.manager().requests()).isEqualTo(GROUPS);
      assertThat(cluster.stored()).hasSize(GROUPS);
    }
  }
}
