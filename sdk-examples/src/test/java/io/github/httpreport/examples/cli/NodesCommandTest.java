package io.github.httpreport.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.examples.CliRun;
import io.github.httpreport.testkit.Fault;
import io.github.httpreport.testkit.LocalCluster;
import io.github.httpreport.testkit.LocalManager.GroupState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodesCommandTest {

  @TempDir private Path directory;

  @Test
  void nodes_oneOfThreeStopped_isShownAsSuch() {
    try (LocalCluster cluster = LocalCluster.start(3)) {
      cluster.node(0).load(20);
      cluster.node(1).stop();
      cluster.node(2).script(Fault.sinkNotReady());
      CliRun run = CliRun.of("nodes", "--manager", cluster.managerUrl(), "--group", "g");
      assertThat(run.exitCode()).as(run.toString()).isZero();
      List<String> rows = run.outLines();
      assertThat(rows).hasSize(6);
      assertThat(rows.get(0)).matches("ADDRESS +LOAD +REACHABLE +LATENCY");
      assertThat(rows.get(1)).matches(cluster.node(0).address() + " +20 +yes +[0-9.]+ ms");
      assertThat(rows.get(2)).matches(cluster.node(1).address() + " +unknown +no +-");
      assertThat(rows.get(3)).matches(cluster.node(2).address() + " +unknown +no +-");
      assertThat(rows.get(4))
          .matches(
              cluster.node(1).address() + ": no connection to 127.0.0.1:\\d+: connection refused");
      assertThat(rows.get(5))
          .isEqualTo(cluster.node(2).address() + ": answered 1 (Service sink not ready)");
      assertThat(run.err()).isEmpty();
    }
  }

  @Test
  void nodes_noneReachable_endsWithOne() {
    try (LocalCluster cluster = LocalCluster.start(2)) {
      cluster.nodes().forEach(node -> node.stop());
      CliRun run = CliRun.of("nodes", "--manager", cluster.managerUrl(), "--group", "g");
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.outLines()).hasSize(5);
    }
  }

  @Test
  void nodes_silentNode_isGivenUpInTime() {
    try (LocalCluster cluster = LocalCluster.start(1)) {
      cluster.node(0).slow(Duration.ofMinutes(1));
      CliRun run =
          CliRun.of(
              "nodes",
              "--manager",
              cluster.managerUrl(),
              "--group",
              "g",
              "--request-timeout",
              "3s");
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.out())
          .contains("no answer from " + cluster.node(0).address() + " within 3000 ms");
    }
  }

  @Test
  void nodes_secondManager_isAskedWhenTheFirstIsGone() {
    try (LocalCluster cluster = LocalCluster.start(1)) {
      CliRun run =
          CliRun.of(
              "nodes",
              "--manager",
              "http://127.0.0.1:1",
              "--manager",
              cluster.managerUrl(),
              "--group",
              "g");
      assertThat(run.exitCode()).as(run.toString()).isZero();
    }
  }

  @Test
  void nodes_whatTheManagerRefuses_isTheError() {
    try (LocalCluster cluster = LocalCluster.start(1)) {
      cluster.manager().group("nope", GroupState.UNKNOWN);
      CliRun unknown = CliRun.of("nodes", "--manager", cluster.managerUrl(), "--group", "nope");
      assertFailed(unknown, "refused: group not found by groupId=nope");
      cluster.manager().authentication("me", "key");
      CliRun noLogin = CliRun.of("nodes", "--manager", cluster.managerUrl(), "--group", "g");
      assertFailed(noLogin, "403");
    }
    try (LocalCluster cluster = LocalCluster.start(0)) {
      CliRun none = CliRun.of("nodes", "--manager", cluster.managerUrl(), "--group", "g");
      assertFailed(none, "the Manager lists no HTTP node for group g");
    }
    CliRun gone = CliRun.of("nodes", "--manager", "http://127.0.0.1:1", "--group", "g");
    assertFailed(
        gone,
        "Manager http://127.0.0.1:1 did not answer: no connection to 127.0.0.1:1: connection refused");
  }

  @Test
  void nodes_credentials_openTheManager() throws IOException {
    Path key = Files.writeString(directory.resolve("key"), "key");
    try (LocalCluster cluster = LocalCluster.builder().authentication("me", "key").start()) {
      CliRun run =
          CliRun.of(
              "nodes",
              "--manager",
              cluster.managerUrl(),
              "--group",
              "g",
              "--secret-id",
              "me",
              "--secret-key-file",
              key.toString());
      assertThat(run.exitCode()).as(run.toString()).isZero();
    }
  }

  private static void assertFailed(CliRun run, String text) {
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).startsWith("error: ").contains(text).hasLineCount(1);
    assertThat(run.out()).isEmpty();
  }
}
