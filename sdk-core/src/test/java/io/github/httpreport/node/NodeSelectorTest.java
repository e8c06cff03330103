package io.github.httpreport.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.httpreport.Destination;
import java.lang.management.ManagementFactory;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NodeSelectorTest {

  static Stream<NodeSelector> spreading() {
    return Stream.of(
        NodeSelector.random(),
        NodeSelector.roundRobin(),
        NodeSelector.weightedByLoad(),
        NodeSelector.leastLoaded());
  }

  static Stream<NodeSelector> constantTime() {
    return Stream.of(NodeSelector.random(), NodeSelector.roundRobin(), NodeSelector.leastLoaded());
  }

  @ParameterizedTest
  @MethodSource("spreading")
  void select_manyTimes_reachesEveryCandidate(NodeSelector selector) {
    List<Candidate> candidates = FakeCandidate.list(5);

    Draws draws = Draws.of(1_000, selector, candidates);

    assertThat(candidates).allSatisfy(candidate -> assertThat(draws.count(candidate)).isPositive());
  }

  @ParameterizedTest
  @MethodSource("constantTime")
  void select_aThousandCandidates_looksAtTwoAtMost(NodeSelector selector) {
    CountingList candidates = new CountingList(FakeCandidate.list(1_000));

    Draws.of(1_000, selector, candidates);

    assertThat(candidates.reads()).isLessThanOrEqualTo(2_000);
  }

  @ParameterizedTest
  @MethodSource("constantTime")
  void select_aThousandCandidates_allocatesNothing(NodeSelector selector) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    List<Candidate> candidates = FakeCandidate.list(1_000);
    selectTimes(10_000, selector, candidates);

    long before = threads.getCurrentThreadAllocatedBytes();
    selectTimes(10_000, selector, candidates);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;

    assertThat(allocated).as("bytes of 10,000 choices").isLessThan(10_000);
  }

  @Test
  void roundRobin_manySenders_startAtDifferentNodes() {
    List<Candidate> candidates = FakeCandidate.list(10);
    Set<Candidate> firsts = new HashSet<>();

    for (int i = 0; i < 1_000; i++) {
      firsts.add(NodeSelector.roundRobin().select(candidates, Draws.DESTINATION));
    }

    assertThat(firsts).hasSize(10);
  }

  @Test
  void select_ownSelector_isALambda() {
    NodeSelector byLength =
        (candidates, destination) ->
            candidates.get(destination.streamId().length() % candidates.size());
    List<Candidate> candidates = FakeCandidate.list(3);

    assertThat(byLength.select(candidates, new Destination("group", "four")))
        .isEqualTo(candidates.get(1));
  }

  private static void selectTimes(int times, NodeSelector selector, List<Candidate> candidates) {
    for (int i = 0; i < times; i++) {
      selector.select(candidates, Draws.DESTINATION);
    }
  }
}
