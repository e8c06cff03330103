package io.github.httpreport.node;

import static io.github.httpreport.node.LeastLoadedSelector.REACH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LeastLoadedSelectorTest {

  private static final FakeCandidate ONE = FakeCandidate.number(1);
  private static final FakeCandidate TWO = FakeCandidate.number(2);

  private final long seed = Seed.next();
  private final NodeSelector selector = SeededSelectors.leastLoaded(new SplittableRandom(seed));

  static Stream<Arguments> pairs() {
    return Stream.of(
        arguments("nothing known", ONE, TWO, 0.5),
        arguments("fewer in flight", ONE, TWO.withInFlight(1), 1),
        arguments("more in flight", ONE.withInFlight(3), TWO.withInFlight(1), 0),
        arguments("faster", ONE.withMillis(10), TWO.withMillis(15), 1),
        arguments("ten times slower", ONE.withMillis(100), TWO.withMillis(10), 0),
        arguments("as fast", ONE.withMillis(10), TWO.withMillis(10), 0.5),
        arguments("a little slower", ONE.withMillis(14), TWO.withMillis(10), 10.0 / 24),
        arguments(
            "slower, but with less to do",
            ONE.withMillis(40),
            TWO.withMillis(10).withInFlight(5),
            1),
        arguments(
            "one without an answer yet, by in flight alone",
            ONE.withInFlight(1),
            TWO.withMillis(10).withInFlight(3),
            1),
        arguments("one without an answer yet, as idle", ONE, TWO.withMillis(10), 0.5),
        arguments("both faded away", ONE.withNanos(0), TWO.withNanos(0), 0.5),
        arguments(
            "both faded away, fewer in flight",
            ONE.withNanos(0),
            TWO.withNanos(0).withInFlight(3),
            1),
        arguments("one faded away", ONE.withNanos(0), TWO.withMillis(10), 1),
        arguments("four times the load", ONE.withLoad(39), TWO.withLoad(9), 0.2),
        arguments("a quarter of the load", ONE.withLoad(9), TWO.withLoad(39), 0.8),
        arguments("a load, the other unknown", ONE.withLoad(39), TWO, 0.5),
        arguments("unknown, the other a load", ONE, TWO.withLoad(9), 0.5),
        arguments("negative load as unknown", ONE.withLoad(-1), TWO.withLoad(99), 0.5),
        arguments("absurd load", ONE.withLoad(1_000_000), TWO.withLoad(9), 1.0 / 11),
        arguments("absurdly low load", ONE.withLoad(0), TWO.withLoad(1_000_000), 10.0 / 11),
        arguments(
            "faster, but with four times the load",
            ONE.withMillis(10).withLoad(39),
            TWO.withMillis(20).withLoad(9),
            1.0 / 3),
        arguments(
            "far faster with four times the load",
            ONE.withMillis(1).withLoad(39),
            TWO.withMillis(20).withLoad(9),
            1),
        arguments(
            "slower with more load",
            ONE.withMillis(20).withLoad(39),
            TWO.withMillis(10).withLoad(9),
            0));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pairs")
  void select_oneOfTwo_choosesTheFirstWithProbability(
      String name, Candidate first, Candidate second, double probability) {
    Draws draws = Draws.of(10_000, selector, List.of(first, second));

    draws.assertProbability(first, probability, seed);
    draws.assertProbability(second, 1 - probability, seed);
  }

  @Test
  void select_oneCandidate_choosesIt() {
    assertThat(selector.select(List.of(ONE), Draws.DESTINATION)).isEqualTo(ONE);
  }

  @Test
  void select_manyEqualCandidates_choosesEachEquallyOften() {
    List<Candidate> candidates = FakeCandidate.list(10);

    Draws draws = Draws.of(100_000, selector, candidates);

    candidates.forEach(candidate -> draws.assertProbability(candidate, 0.1, seed));
  }

  @Test
  void select_oneClearlyWorseOfMany_neverChoosesIt() {
    Candidate worst = FakeCandidate.number(99).withInFlight(5);
    List<Candidate> candidates =
        Stream.concat(Stream.of(worst), FakeCandidate.list(5).stream()).toList();

    assertThat(Draws.of(10_000, selector, candidates).count(worst)).as("seed %d", seed).isZero();
  }

  @Test
  void select_aThousandCandidates_usesAsManyAsItsReachEquallyOften() {
    List<Candidate> candidates = FakeCandidate.list(1000);

    Draws draws = Draws.of(100_000, selector, candidates);

    List<Candidate> used = candidates.stream().filter(c -> draws.count(c) > 0).toList();
    assertThat(used).as("seed %d", seed).hasSize(REACH);
    used.forEach(candidate -> draws.assertProbability(candidate, 1.0 / REACH, seed));
  }

  @Test
  void select_asManyCandidatesAsItsReach_usesAll() {
    List<Candidate> candidates = FakeCandidate.list(REACH);

    Draws draws = Draws.of(20_000, selector, candidates);

    assertThat(candidates).as("seed %d", seed).allMatch(candidate -> draws.count(candidate) > 0);
  }

  @Test
  void select_oneOfAThousandCandidatesLeaves_usesOneOtherAtMost() {
    List<Candidate> candidates = FakeCandidate.list(1000);
    Set<Candidate> before = usedOf(candidates, selector);
    for (int leaving = 0; leaving < candidates.size(); leaving += 37) {
      Candidate left = candidates.get(leaving);
      Set<Candidate> after =
          usedOf(candidates.stream().filter(c -> !c.equals(left)).toList(), selector);
      after.removeAll(before);

      assertThat(after).as("seed %d, without %d", seed, leaving).hasSizeLessThanOrEqualTo(1);
    }
  }

  @Test
  void select_manySelectors_useEveryCandidateTogether() {
    List<Candidate> candidates = FakeCandidate.list(200);
    SplittableRandom random = new SplittableRandom(seed);
    Set<Candidate> used = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      used.addAll(usedOf(candidates, SeededSelectors.leastLoaded(random.split())));
    }

    assertThat(used).as("seed %d", seed).hasSameSizeAs(candidates);
  }

  private static Set<Candidate> usedOf(List<Candidate> candidates, NodeSelector selector) {
    Set<Candidate> used = new HashSet<>();
    for (int i = 0; i < 3_000; i++) {
      used.add(selector.select(candidates, Draws.DESTINATION));
    }
    return used;
  }
}
