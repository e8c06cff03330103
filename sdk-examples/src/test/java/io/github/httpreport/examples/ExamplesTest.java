package io.github.httpreport.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.testkit.LocalCluster;
import io.github.httpreport.testkit.LocalNode;
import io.github.httpreport.testkit.StoredRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExamplesTest {

  private static final String[] NO_MANAGER = {};

  static Stream<Consumer<String[]>> examples() {
    return Stream.of(
        SendExample::main, SendAsyncExample::main, EnqueueExample::main, OwnSelectorExample::main);
  }

  @ParameterizedTest
  @MethodSource("examples")
  void main_withoutManager_runsOnAClusterOfItsOwn(Consumer<String[]> example) {
    example.accept(NO_MANAGER);
  }

  @Test
  void sendExample_onACluster_storesItsBatch() {
    try (LocalCluster cluster = LocalCluster.start(1)) {
      SendExample.main(new String[] {cluster.managerUrl()});
      assertThat(messagesIn(cluster)).containsExactly("first line", "second line: 100% & more");
    }
  }

  @Test
  void sendExample_unknownGroup_endsInGoodOrder() {
    try (LocalCluster cluster = LocalCluster.builder().topic("other", "stream").start()) {
      SendExample.main(new String[] {cluster.managerUrl()});
      assertThat(cluster.stored()).isEmpty();
    }
  }

  @Test
  void sendAsyncExample_onACluster_storesEveryBatch() {
    try (LocalCluster cluster = LocalCluster.start(2)) {
      SendAsyncExample.main(new String[] {cluster.managerUrl()});
      assertThat(cluster.stored()).hasSize(10);
      assertThat(messagesIn(cluster)).hasSize(20).contains("batch 0 line 1", "batch 9 line 2");
    }
  }

  @Test
  void enqueueExample_onACluster_storesEveryMessageInFewRequests() {
    try (LocalCluster cluster = LocalCluster.start(2)) {
      EnqueueExample.main(new String[] {cluster.managerUrl()});
      assertThat(messagesIn(cluster)).hasSize(1000).doesNotHaveDuplicates();
      assertThat(cluster.stored()).hasSizeLessThan(100);
    }
  }

  @Test
  void ownSelectorExample_nodesInTwoRacks_reportsToTheNearOne() {
    try (LocalCluster cluster = LocalCluster.start(2)) {
      LocalNode far = cluster.node(1);
      cluster.manager().forget("127.0.0.1", far.port());
      cluster.manager().heartbeat("localhost", far.port(), "HTTP", 0);
      OwnSelectorExample.main(new String[] {cluster.managerUrl(), "127."});
      assertThat(cluster.stored())
          .hasSize(10)
          .extracting(StoredRecord::node)
          .containsOnly(cluster.node(0).address());
    }
  }

  @Test
  void ownSelectorExample_noNodeInTheRack_reportsToAnother() {
    try (LocalCluster cluster = LocalCluster.start(2)) {
      OwnSelectorExample.main(new String[] {cluster.managerUrl(), "10.1."});
      assertThat(cluster.stored()).hasSize(10);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Send", "SendAsync", "Enqueue", "OwnSelector"})
  void source_ofEachExample_fitsOnAScreen(String name) throws IOException {
    Path source = Path.of("src/main/java/io/github/httpreport/examples", name + "Example.java");
    assertThat(Files.readAllLines(source)).hasSizeLessThanOrEqualTo(60);
  }

  private static List<String> messagesIn(LocalCluster cluster) {
    return cluster.stored().stream().flatMap(record -> record.messages().stream()).toList();
  }
}
