package io.github.httpreport.node;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.Destination;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoundRobinSelectorTest {

  private static final List<Candidate> THREE = FakeCandidate.list(3);

  @Test
  void select_repeatedly_takesEachInTurn() {
    NodeSelector selector = new RoundRobinSelector(() -> 0);

    assertThat(select(selector, 7))
        .containsExactly(
            THREE.get(0),
            THREE.get(1),
            THREE.get(2),
            THREE.get(0),
            THREE.get(1),
            THREE.get(2),
            THREE.get(0));
  }

  @Test
  void select_firstTurnGiven_startsThere() {
    assertThat(select(new RoundRobinSelector(() -> 2), 2))
        .containsExactly(THREE.get(2), THREE.get(0));
  }

  @ParameterizedTest
  @ValueSource(longs = {Integer.MAX_VALUE - 3L, 2L * Integer.MAX_VALUE})
  void select_beyondTheIntegers_keepsTheTurn(long firstTurn) {
    NodeSelector selector = new RoundRobinSelector(() -> firstTurn);

    Draws draws = Draws.of(9_000, selector, THREE);

    assertThat(THREE).allSatisfy(node -> assertThat(draws.count(node)).isEqualTo(3_000));
  }

  @Test
  void select_countWrapsAround_stillChoosesCandidates() {
    NodeSelector selector = new RoundRobinSelector(() -> Long.MAX_VALUE - 2);

    assertThat(select(selector, 9)).hasSize(9).isSubsetOf(THREE);
  }

  @Test
  void select_twoGroupsAlternate_eachHasItsOwnTurn() {
    NodeSelector selector = new RoundRobinSelector(() -> 0);
    List<Candidate> others = FakeCandidate.list(2);
    Destination other = new Destination("other", "stream");
    List<Candidate> chosen = new ArrayList<>();

    for (int i = 0; i < 4; i++) {
      selector.select(THREE, Draws.DESTINATION);
      chosen.add(selector.select(others, other));
    }

    assertThat(chosen).containsExactly(others.get(0), others.get(1), others.get(0), others.get(1));
  }

  @Test
  void select_twoStreamsOfAGroup_shareTheTurn() {
    NodeSelector selector = new RoundRobinSelector(() -> 0);

    assertThat(selector.select(THREE, new Destination("group", "a"))).isEqualTo(THREE.get(0));
    assertThat(selector.select(THREE, new Destination("group", "b"))).isEqualTo(THREE.get(1));
  }

  @Test
  void select_listShrinks_goesOnWithTheRest() {
    NodeSelector selector = new RoundRobinSelector(() -> 0);
    select(selector, 5);

    Draws draws = Draws.of(10, selector, THREE.subList(0, 2));

    assertThat(draws.count(THREE.get(0))).isEqualTo(5);
    assertThat(draws.count(THREE.get(1))).isEqualTo(5);
  }

  @Test
  void select_manyThreads_skipsNoTurnAndRepeatsNone() throws Exception {
    int threads = 4;
    int each = 20_000;
    NodeSelector selector = new RoundRobinSelector(() -> 0);
    List<Candidate> candidates = FakeCandidate.list(8);
    ConcurrentLinkedQueue<Candidate> chosen = new ConcurrentLinkedQueue<>();
    CyclicBarrier start = new CyclicBarrier(threads);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        running.add(
            pool.submit(
                () -> {
                  start.await();
                  for (int i = 0; i < each; i++) {
                    chosen.add(selector.select(candidates, Draws.DESTINATION));
                  }
                  return null;
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    } finally {
      pool.shutdownNow();
    }

    Map<Candidate, Long> counts =
        chosen.stream().collect(groupingBy(Function.identity(), counting()));
    assertThat(counts).hasSize(8);
    assertThat(counts.values()).allMatch(count -> count == threads * each / 8);
  }

  private static List<Candidate> select(NodeSelector selector, int times) {
    return IntStream.range(0, times)
        .mapToObj(i -> selector.select(THREE, Draws.DESTINATION))
        .toList();
  }
}
