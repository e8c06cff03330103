package io.github.httpreport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.httpreport.error.BufferFullException;
import io.github.httpreport.spool.SpoolSettings;
import io.github.httpreport.testkit.Fault;
import io.github.httpreport.testkit.LocalCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a health check sees of a sender. */
class HttpProxySenderStatusTest {

  private static final Duration MAX_WAIT = Duration.ofSeconds(30);
  private static final Batching OPEN = Batching.builder().linger(Duration.ofHours(1)).build();

  private static ConditionFactory await() {
    return Awaitility.await().atMost(MAX_WAIT);
  }

  @TempDir private Path directory;

  private static HttpProxySender.Builder sender(LocalCluster cluster) {
    return HttpProxySender.builder()
        .manager(cluster.managerUrl())
        .name("status")
        .closeTimeout(Duration.ZERO);
  }

  @Test
  void status_ofANewSender_isAvailableAndKnowsNothing() {
    try (HttpProxySender sender = HttpProxySender.builder().nodes("127.0.0.1:1").build()) {
      SenderStatus status = sender.status();

      assertThat(status.available()).isTrue();
      assertThat(status.closed()).isFalse();
      assertThat(status.nodes()).isZero();
      assertThat(status.groups()).isZero();
      assertThat(status.bufferUsedBytes()).isZero();
      assertThat(status.bufferMaxBytes()).isEqualTo(32 << 20);
      assertThat(status.hasSpool()).isFalse();
      assertThat(status.lastSuccess()).isEmpty();
    }
  }

  @Test
  void status_afterASend_showsNodesGroupsAndTheTime() {
    try (LocalCluster cluster = LocalCluster.start(2);
        HttpProxySender sender = sender(cluster).build()) {
      Instant before = Instant.now();
      sender.send(List.of("a"), "group", "stream");
      sender.send(List.of("a"), "other", "stream");

      SenderStatus status = sender.status();

      assertThat(status.nodes()).isEqualTo(2);
      assertThat(status.ejectedNodes()).isZero();
      assertThat(status.groups()).isEqualTo(2);
      assertThat(status.failingGroups()).isZero();
      assertThat(status.lastSuccess().orElseThrow())
          .isBetween(before.minusMillis(5), Instant.now().plusMillis(5));
      assertThat(status.available()).isTrue();
    }
  }

  @Test
  void status_whileABatchIsOpen_countsItsBytes() {
    try (LocalCluster cluster = LocalCluster.start(1);
        HttpProxySender sender =
            sender(cluster).batching(OPEN).buffer(1 << 20, WhenFull.fail()).build()) {
      sender.enqueue("a", "group", "stream");

      assertThat(sender.status().bufferUsedBytes()).isBetween(1L, 4096L);
      assertThat(sender.status().bufferMaxBytes()).isEqualTo(1 << 20);

      sender.flush().join();
      assertThat(sender.status().bufferUsedBytes()).isZero();
    }
  }

  @Test
  void status_nodesThatStopAndComeBack_isUnavailableOnlyWhileAllAreGone() {
    try (LocalCluster cluster = LocalCluster.start(2);
        HttpProxySender sender = sender(cluster).build()) {
      sender.send(List.of("a"), "group", "stream");
      cluster.node(0).stop();
      await()
          .until(
              () -> {
                sender.send(List.of("b"), "group", "stream");
                return sender.status().ejectedNodes() == 1;
              });
      assertThat(sender.status().available()).as("one of two nodes").isTrue();

      cluster.node(1).stop();
      CompletableFuture<SendResult> waiting = sender.sendAsync(List.of("c"), "group", "stream");
      await().until(() -> !sender.status().available());
      assertThat(sender.status().ejectedNodes()).isEqualTo(2);

      cluster.node(0).start();
      assertThat(waiting).succeedsWithin(MAX_WAIT);
      await().until(() -> sender.status().available());
    }
  }

  @Test
  void status_managerThatDoesNotAnswer_isUnavailableAsSoonAsAMessageWaits() {
    try (LocalCluster cluster = LocalCluster.start(1);
        HttpProxySender sender = sender(cluster).build()) {
      cluster.manager().stop();
      assertThat(sender.status().available()).as("not tried yet").isTrue();

      CompletableFuture<SendResult> waiting = sender.sendAsync(List.of("a"), "group", "stream");

      await().until(() -> !sender.status().available());
      assertThat(sender.status().failingGroups()).isEqualTo(1);
      cluster.manager().start();
      assertThat(waiting).succeedsWithin(MAX_WAIT);
      assertThat(sender.status().available()).isTrue();
      assertThat(sender.status().failingGroups()).isZero();
    }
  }

  @Test
  void status_nodesThatAcceptAndNeverAnswer_isUnavailableThoughNotAllAreEjected() {
    try (LocalCluster cluster = LocalCluster.start(2);
        HttpProxySender sender = sender(cluster).requestTimeout(Duration.ofMillis(200)).build()) {
      sender.send(List.of("a"), "group", "stream");
      IntStream.range(0, 2).forEach(i -> cluster.node(i).always(Fault.noResponse()));

      sender.sendAsync(List.of("b"), "group", "stream");

      await().until(() -> sender.status().failingGroups() == 1);
      assertThat(sender.status().available()).isFalse();
    }
  }

  @Test
  void status_oneGroupOfTwoFails_isAvailable() {
    try (LocalCluster cluster = LocalCluster.start(1);
        HttpProxySender sender = sender(cluster).build()) {
      sender.send(List.of("a"), "good", "stream");
      cluster.manager().stop();
      sender.sendAsync(List.of("b"), "other", "stream");

      await().until(() -> sender.status().failingGroups() == 1);
      assertThat(sender.status().groups()).isEqualTo(2);
      assertThat(sender.status().available()).isTrue();
    }
  }

  @Test
  void status_withASpool_isAvailableUntilTheSpoolIsFull() {
    try (LocalCluster cluster = LocalCluster.start(1);
        HttpProxySender sender =
            sender(cluster)
                .retry(RetryPolicy.builder().maxAttempts(1).build())
                .spool(SpoolSettings.builder(directory).maxBytes(1 << 20).build())
                .build()) {
      sender.send(List.of("a"), "group", "stream");
      cluster.node(0).stop();
      String half = "x".repeat(400_000);
      sender.send(List.of(half), "group", "stream");
      await().until(() -> sender.status().ejectedNodes() == 1);

      SenderStatus kept = sender.status();
      assertThat(kept.hasSpool()).isTrue();
      assertThat(kept.spoolMessages()).isEqualTo(1);
      assertThat(kept.spoolUsedBytes()).isBetween(400_000L, 500_000L);
      assertThat(kept.spoolMaxBytes()).isEqualTo(1 << 20);
      assertThat(kept.available()).as("the spool keeps what is sent").isTrue();

      sender.send(List.of(half), "group", "stream");
      Throwable refused = catchThrowable(() -> sender.send(List.of(half), "group", "stream"));
      assertThat(refused).isNotInstanceOf(BufferFullException.class).isNotNull();
      assertThat(sender.status().spoolFull()).isTrue();
      await().until(() -> !sender.status().available());
    }
  }

  @Test
  void status_afterClose_saysSo() {
    try (LocalCluster cluster = LocalCluster.start(1)) {
      HttpProxySender sender = sender(cluster).build();
      sender.send(List.of("a"), "group", "stream");
      sender.close();

      assertThat(sender.status().closed()).isTrue();
      assertThat(sender.status().available()).isFalse();
      assertThat(sender.status().lastSuccess()).isPresent();
    }
  }
}
