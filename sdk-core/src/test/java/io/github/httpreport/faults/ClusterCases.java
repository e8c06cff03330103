package io.github.httpreport.faults;

import static io.github.httpreport.faults.Expected.delivered;
import static io.github.httpreport.faults.Expected.deliveredPerhapsTwice;
import static io.github.httpreport.faults.TimeoutProfile.AMPLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.error.NoNodeAvailableException;
import io.github.httpreport.error.UnknownOutcomeException;
import io.github.httpreport.testkit.LocalCluster;
import io.github.httpreport.testkit.LocalNode;
import java.util.List;
import java.util.stream.Stream;

/** Clusters that lose nodes, all or some, for a while or for ever. */
final class ClusterCases {

  private ClusterCases() {}

  static Stream<FaultCase> all() {
    return Stream.of(
        new FaultCase(
            "half of the nodes dead at start",
            () -> ClusterFaultScenario.of(4).broken(ClusterCases::stopHalf),
            AMPLE,
            delivered()),
        new FaultCase(
            "half of the nodes dead later",
            () -> ClusterFaultScenario.of(4).brokenLater(ClusterCases::stopHalf),
            AMPLE,
            deliveredPerhapsTwice()),
        new FaultCase(
            "all nodes dead",
            () -> ClusterFaultScenario.of(3).brokenLater(c -> c.nodes().forEach(LocalNode::stop)),
            AMPLE.attempts(5),
            Expected.failedPerhapsStored(
                NoNodeAvailableException.class, UnknownOutcomeException.class)),
        new FaultCase(
            "all nodes dead for a while, and back",
            ClusterCases::deadForAWhile,
            AMPLE.attempts(100_000),
            deliveredPerhapsTwice()),
        new FaultCase(
            "nodes rolling through restarts",
            () -> ClusterFaultScenario.of(3).brokenLater(c -> {}).playing(ClusterCases::roll),
            AMPLE.attempts(100_000),
            deliveredPerhapsTwice()),
        new FaultCase(
            "node list replaced whole",
            () -> ClusterFaultScenario.of(2).brokenLater(c -> {}).playing(ClusterCases::replace),
            AMPLE.attempts(100_000),
            deliveredPerhapsTwice()));
  }

  private static void stopHalf(LocalCluster cluster) {
    cluster.node(0).stop();
    cluster.node(2).stop();
  }

  /** Long enough for every node to be ejected. */
  private static FaultScenario deadForAWhile() {
    return ClusterFaultScenario.of(3)
        .brokenLater(cluster -> cluster.nodes().forEach(LocalNode::stop))
        .playing(
            (scenario, traffic) -> {
              traffic.wave();
              traffic.awaitAttempts(30);
              scenario.cluster().nodes().forEach(LocalNode::start);
              traffic.awaitCompleted();
              traffic.wave();
            });
  }

  private static void roll(ClusterFaultScenario scenario, Traffic traffic) {
    for (int round = 0; round < 2; round++) {
      for (LocalNode node : scenario.cluster().nodes()) {
        traffic.wave();
        node.stop();
        traffic.wave();
        traffic.wave();
        // Or all of them would wait until the node is back.
        traffic.awaitCompleted();
        node.start();
        traffic.wave();
      }
    }
  }

  private static void replace(ClusterFaultScenario scenario, Traffic traffic) {
    List<LocalNode> old = scenario.cluster().nodes();
    List<LocalNode> fresh = List.of(scenario.cluster().addNode(), scenario.cluster().addNode());
    traffic.wave();
    old.forEach(LocalNode::remove);
    traffic.wave();
    old.forEach(LocalNode::stop);
    traffic.wave();
    scenario.sendUntilRefreshed(traffic);
    long reports = fresh.stream().mapToLong(LocalNode::requests).sum();
    traffic.wave(delivered());
    traffic.awaitCompleted();
    assertThat(fresh.stream().mapToLong(LocalNode::requests).sum())
        .as("reports to the nodes of the new list")
        .isGreaterThan(reports);
  }
}
