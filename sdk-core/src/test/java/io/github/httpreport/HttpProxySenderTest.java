package io.github.httpreport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.httpreport.error.AuthenticationException;
import io.github.httpreport.error.NoNodeAvailableException;
import io.github.httpreport.testkit.Fault;
import io.github.httpreport.testkit.LocalCluster;
import io.github.httpreport.testkit.StoredRecord;
import io.github.httpreport.testsupport.Summaries;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an application sees when all is well, and when the Manager is not. */
class HttpProxySenderTest {

  private static final Instant DATA_TIME = Instant.ofEpochMilli(1_700_000_000_001L);

  @Test
  void send_oneBatch_isStoredAsGiven() {
    try (LocalCluster cluster = LocalCluster.start(1);
        ProxySender sender = sender(cluster).build()) {
      SendResult result = sender.send(List.of("a", " b c "), "group", "stream", DATA_TIME);

      assertThat(result.node()).isEqualTo(cluster.node(0).address());
      assertThat(result.messageCount()).isEqualTo(2);
      assertThat(result.possibleDuplicate()).isFalse();
      assertThat(result.spooled()).isFalse();
      assertThat(result.attempts())
          .singleElement()
          .satisfies(
              attempt -> {
                assertThat(attempt.node()).isEqualTo(cluster.node(0).address());
                assertThat(attempt.outcome()).isEqualTo(Attempt.Outcome.ACCEPTED);
                assertThat(attempt.code()).isEqualTo("0");
                assertThat(attempt.duration()).isPositive();
              });
      assertThat(cluster.stored()).hasSize(1);
      StoredRecord stored = cluster.stored().get(0);
      assertThat(stored.groupId()).isEqualTo("group");
      assertThat(stored.streamId()).isEqualTo("stream");
      assertThat(stored.dataTime()).isEqualTo(DATA_TIME.toEpochMilli());
      assertThat(stored.count()).isEqualTo(2);
      assertThat(stored.body()).isEqualTo("a\n b c ");
    }
  }

  @Test
  void sendMessages_withoutKeys_areStoredLikeBodies() {
    try (LocalCluster cluster = LocalCluster.start(1);
        ProxySender sender = sender(cluster).build()) {
      List<Message> messages = List.of(Message.of("a"), Message.of("b"));
      sender.send(messages, new Destination("group", "stream"), DATA_TIME);
      sender.sendAsync(messages, new Destination("group", "stream"), DATA_TIME).join();
      sender.enqueue(Message.of("c"), new Destination("group", "stream")).join();

      assertThat(cluster.stored())
          .extracting(StoredRecord::body)
          .containsExactly("a\nb", "a\nb", "c");
    }
  }

  @Test
  void send_noDataTime_isStoredWithTheTimeOfSending() {
    try (LocalCluster cluster = LocalCluster.start(1);
        ProxySender sender = sender(cluster).build()) {
      long before = System.currentTimeMillis();
      sender.send(List.of("a"), "group", "stream");

      assertThat(cluster.stored().get(0).dataTime()).isBetween(before, System.currentTimeMillis());
    }
  }

  @Test
  void send_specialCharacters_arriveUnchanged() {
    String body = "%+&;#= \t\"'<>\\ é 中文 \uD83D\uDE00 \u0001";
    try (LocalCluster cluster = LocalCluster.start(1);
        ProxySender sender = sender(cluster).build()) {
      sender.send(List.of(body), "gr&up=+%", "str eam/中");

      assertThat(cluster.stored()).hasSize(1);
      StoredRecord stored = cluster.stored().get(0);
      assertThat(stored.body()).isEqualTo(body);
      assertThat(stored.groupId()).isEqualTo("gr&up=+%");
      assertThat(stored.streamId()).isEqualTo("str eam/中");
    }
  }

  @Test
  void send_manyTimes_reusesOneConnection() {
    try (LocalCluster cluster = LocalCluster.start(1);
        ProxySender sender = sender(cluster).build()) {
      IntStream.range(0, 200).forEach(i -> sender.send(List.of("m" + i), "group", "stream"));

      assertThat(cluster.node(0).requests()).isEqualTo(200);
      assertThat(cluster.node(0).connections()).isEqualTo(1);
    }
  }

  @Test
  void sendAsync_listChangedAfterTheCall_sendsWhatWasGiven() {
    try (LocalCluster cluster = LocalCluster.start(1);
        ProxySender sender = sender(cluster).build()) {
      List<String> bodies = new ArrayList<>(List.of("a", "b"));
      CompletableFuture<SendResult> future = sender.sendAsync(bodies, "group", "stream");
      bodies.set(0, "changed");
      future.join();

      assertThat(cluster.stored().get(0).messages()).containsExactly("a", "b");
    }
  }

  @Test
  void enqueue_manyMessages_shareBatchesAndAreAllStored() {
    try (LocalCluster cluster = LocalCluster.start(3);
        ProxySender sender = sender(cluster).build()) {
      List<CompletableFuture<SendResult>> futures = new ArrayList<>();
      for (int i = 0; i < 20_000; i++) {
        futures.add(sender.enqueue("message " + i, "group", "stream"));
      }
      sender.flush().join();

      assertThat(futures).allMatch(CompletableFuture::isDone);
      assertThat(futures).noneMatch(CompletableFuture::isCompletedExceptionally);
      assertThat(storedMessages(cluster)).hasSize(20_000);
      assertThat(cluster.stored()).hasSizeBetween(20, 400);
      assertThat(sender.close(Duration.ofSeconds(10))).isEqualTo(Summaries.of(20_000, 0, 0, 0));
    }
  }

  @Test
  void enqueue_destinationsAndDataTimes_doNotMix() {
    try (LocalCluster cluster = LocalCluster.start(1);
        ProxySender sender = sender(cluster).build()) {
      sender.enqueue("a1", "a", "s", DATA_TIME);
      sender.enqueue("b1", "b", "s", DATA_TIME);
      sender.enqueue("a2", "a", "s", DATA_TIME.plusNanos(1));
      sender.enqueue("a3", "a", "s", DATA_TIME.plusMillis(1));
      sender.enqueue("a4", "a", "t", DATA_TIME);
      sender.flush().join();

      assertThat(cluster.stored().stream().map(StoredRecord::body))
          .containsExactlyInAnyOrder("a1\na2", "b1", "a3", "a4");
    }
  }

  @Test
  void enqueue_overTheClustersLimit_staysUnderIt() {
    try (LocalCluster cluster =
            LocalCluster.builder().maxRequestBytes(2_000).reportLimit(true).start();
        ProxySender sender = sender(cluster).build()) {
      sender.send(List.of("learn the limit"), "group", "stream");
      IntStream.range(0, 500).forEach(i -> sender.enqueue("x".repeat(100), "group", "stream"));
      sender.flush().join();

      assertThat(cluster.storedCount()).isEqualTo(501);
      assertThat(sender.close(Duration.ofSeconds(10)).failed()).isZero();
      // Each request but the first held as many as fit, and none was refused for its size.
      assertThat(cluster.node(0).requests()).isEqualTo(cluster.stored().size());
    }
  }

  @Test
  void send_managerWithAuthentication_showsCredentials() {
    try (LocalCluster cluster = LocalCluster.builder().authentication("id", "key").start();
        ProxySender sender = sender(cluster).credentials("id", "key").build()) {
      sender.send(List.of("a"), "group", "stream");

      assertThat(cluster.storedCount()).isEqualTo(1);
    }
  }

  @Test
  void send_wrongCredentials_failsAndShowsNoSecret() {
    try (LocalCluster cluster = LocalCluster.builder().authentication("id", "key").start();
        ProxySender sender = sender(cluster).credentials("id", "canary-secret").build()) {
      assertThatThrownBy(() -> sender.send(List.of("a"), "group", "stream"))
          .isInstanceOf(AuthenticationException.class)
          .hasMessageContaining("group/stream")
          .hasMessageContaining("403")
          .hasMessageNotContaining("canary-secret");
    }
  }

  @Test
  void send_unknownGroup_failsWithTheManagersWords() {
    try (LocalCluster cluster = LocalCluster.builder().topic("group", "stream").start();
        ProxySender sender = sender(cluster).build()) {
      assertThatThrownBy(() -> sender.send(List.of("a"), "nope", "stream"))
          .isInstanceOf(NoNodeAvailableException.class)
          .hasMessageContaining("nope/stream")
          .hasMessageContaining("group not found by groupId=nope");
    }
  }

  @Test
  void send_firstManagerDown_asksTheSecond() {
    try (LocalCluster down = LocalCluster.start(1);
        LocalCluster cluster = LocalCluster.start(1);
        ProxySender sender =
            HttpProxySender.builder().manager(down.managerUrl(), cluster.managerUrl()).build()) {
      down.manager().stop();
      sender.send(List.of("a"), "group", "stream");

      assertThat(cluster.storedCount()).isEqualTo(1);
    }
  }

  @Test
  void send_managerDownAtFirst_waitsForItWithinTheDeadline() {
    try (LocalCluster cluster = LocalCluster.start(1);
        ProxySender sender = sender(cluster).build()) {
      cluster.manager().stop();
      CompletableFuture<SendResult> future = sender.sendAsync(List.of("a"), "group", "stream");
      assertThat(future).isNotDone();
      cluster.manager().start();

      assertThat(future).succeedsWithin(Duration.ofSeconds(30));
    }
  }

  @Test
  void send_managerDownAtStartButListSaved_usesTheSavedList(@TempDir Path directory)
      throws Exception {
    try (LocalCluster cluster = LocalCluster.start(1)) {
      try (ProxySender sender = sender(cluster).snapshots(directory).build()) {
        sender.send(List.of("a"), "group", "stream");
      }
      try (var files = Files.list(directory)) {
        assertThat(files).hasSize(1);
      }
      cluster.manager().stop();
      try (ProxySender sender = sender(cluster).snapshots(directory).build()) {
        sender.send(List.of("b"), "group", "stream");
      }
      assertThat(storedMessages(cluster)).containsExactlyInAnyOrder("a", "b");
    }
  }

  @Test
  void send_staticNodes_needsNoManager() {
    try (LocalCluster cluster = LocalCluster.start(2);
        ProxySender sender =
            HttpProxySender.builder()
                .nodes(cluster.node(0).address(), cluster.node(1).address())
                .build()) {
      IntStream.range(0, 50).forEach(i -> sender.send(List.of("m" + i), "group", "stream"));

      assertThat(cluster.storedCount()).isEqualTo(50);
      assertThat(cluster.manager().requests()).isZero();
    }
  }

  @Test
  void send_ownSelector_decides() {
    try (LocalCluster cluster = LocalCluster.start(3);
        ProxySender sender =
            sender(cluster)
                .selector(
                    (candidates, destination) ->
                        candidates.stream()
                            .filter(c -> c.node().address().equals(cluster.node(1).address()))
                            .findFirst()
                            .orElse(candidates.get(0)))
                .build()) {
      IntStream.range(0, 20).forEach(i -> sender.send(List.of("m" + i), "group", "stream"));

      assertThat(cluster.node(1).stored()).hasSize(20);
    }
  }

  @Test
  void build_serverDown_doesNothingYet() {
    Set<Thread> before = threads();
    try (ProxySender sender = HttpProxySender.builder().manager("http://127.0.0.1:1").build()) {
      assertThat(sender).hasToString("HttpProxySender[http-report]");
      assertThat(threads()).isEqualTo(before);
    }
  }

  @Test
  void close_afterUse_leavesNoThread() {
    Set<Thread> before = threads();
    try (LocalCluster cluster = LocalCluster.start(3)) {
      ProxySender sender = sender(cluster).name("leaves-none").build();
      IntStream.range(0, 1_000).forEach(i -> sender.enqueue("m" + i, "group", "stream"));
      sender.sendAsync(List.of("a"), "group", "stream").thenRun(() -> {}).join();
      assertThat(threads()).anyMatch(thread -> thread.getName().startsWith("leaves-none-"));
      sender.close();

      assertThat(threads()).noneMatch(thread -> thread.getName().startsWith("leaves-none-"));
    }
    Set<Thread> after = threads();
    after.removeAll(before);
    assertThat(after).noneMatch(thread -> thread.getName().contains("http-report"));
  }

  @Test
  void threads_whileBusy_areDaemonsAndFew() {
    try (LocalCluster cluster = LocalCluster.start(20);
        ProxySender sender = sender(cluster).name("few").build()) {
      IntStream.range(0, 500)
          .mapToObj(i -> sender.sendAsync(List.of("m"), "group" + i % 50, "stream"))
          .toList()
          .forEach(CompletableFuture::join);

      List<Thread> own =
          threads().stream().filter(thread -> thread.getName().startsWith("few-")).toList();
      assertThat(own).hasSizeLessThanOrEqualTo(4).allMatch(Thread::isDaemon);
    }
  }

  @Test
  void send_nodesOnTheListAreDead_stillStoresEverything() {
    try (LocalCluster cluster = LocalCluster.start(3);
        ProxySender sender = sender(cluster).build()) {
      cluster.node(0).stop();
      cluster.node(1).stop();
      IntStream.range(0, 200).forEach(i -> sender.send(List.of("m" + i), "group", "stream"));

      assertThat(cluster.storedCount()).isEqualTo(200);
      assertThat(cluster.node(2).stored()).hasSize(200);
    }
  }

  @Test
  void send_nodeComesBack_isUsedAgain() {
    try (LocalCluster cluster = LocalCluster.start(2);
        ProxySender sender = sender(cluster).build()) {
      cluster.node(0).stop();
      IntStream.range(0, 20).forEach(i -> sender.send(List.of("m" + i), "group", "stream"));
      cluster.node(0).start();

      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> {
                sender.send(List.of("again"), "group", "stream");
                return !cluster.node(0).stored().isEmpty();
              });
    }
  }

  @Test
  void send_queueFullOnOneNode_goesToAnother() {
    try (LocalCluster cluster = LocalCluster.start(2);
        ProxySender sender = sender(cluster).build()) {
      cluster.node(0).always(Fault.queueFull());
      for (int i = 0; i < 50; i++) {
        SendResult result = sender.send(List.of("m" + i), "group", "stream");
        assertThat(result.node()).isEqualTo(cluster.node(1).address());
        assertThat(result.possibleDuplicate()).isFalse();
      }
      assertThat(cluster.storedCount()).isEqualTo(50);
    }
  }

  private static HttpProxySender.Builder sender(LocalCluster cluster) {
    return HttpProxySender.builder().manager(cluster.managerUrl());
  }

  private static List<String> storedMessages(LocalCluster cluster) {
    return cluster.stored().stream()
        .flatMap(record -> Arrays.stream(record.body().split("\n", -1)))
        .toList();
  }

  private static Set<Thread> threads() {
    return new HashSet<>(Thread.getAllStackTraces().keySet());
  }
}
