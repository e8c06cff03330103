package io.github.httpreport.internal.node;

import static io.github.httpreport.node.NodeList.UNKNOWN_LOAD;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.node.NodeSelector;
import io.github.httpreport.node.Seed;
import io.github.httpreport.node.SeededSelectors;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the selectors promise, as shares of the requests of a sender. A fair share is 1. */
class SelectionSimulationTest {

  private static final Duration HALF_A_MINUTE = Duration.ofSeconds(30);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final long seed = Seed.next();

  static Stream<Arguments> clusters() {
    return IntStream.of(3, 5, 10)
        .boxed()
        .flatMap(
            size -> Arrays.stream(SimulatedTraffic.values()).map(way -> Arguments.of(size, way)));
  }

  @ParameterizedTest
  @MethodSource("clusters")
  void leastLoaded_nodeTenTimesSlower_getsAtMostAFifthOfItsShare(
      int size, SimulatedTraffic traffic) {
    Simulation simulation = leastLoaded(size);
    simulation.node(0).respondsAfter(simulation.noisyMillis(100));

    Shares shares = traffic.run(simulation, MINUTE);

    assertThat(shares.of(0)).as("%s, seed %d", shares, seed).isLessThanOrEqualTo(0.2);
    assertThat(shares.leastFrom(1)).as("%s, seed %d", shares, seed).isGreaterThan(0.7);
  }

  @ParameterizedTest
  @MethodSource("clusters")
  void leastLoaded_nodeTurnsTenTimesSlower_getsAtMostAFifthOfItsShare(
      int size, SimulatedTraffic traffic) {
    Simulation simulation = leastLoaded(size);
    traffic.run(simulation, MINUTE);
    simulation.node(0).respondsAfter(simulation.noisyMillis(100));

    Shares shares = traffic.run(simulation, HALF_A_MINUTE);

    assertThat(shares.of(0)).as("%s, seed %d", shares, seed).isLessThanOrEqualTo(0.2);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 5, 10})
  void leastLoaded_oneRequestPerSecondAndNode_stillAvoidsTheSlowOne(int size) {
    Simulation simulation = leastLoaded(size);
    simulation.node(0).respondsAfter(simulation.noisyMillis(100));

    Shares shares = simulation.openLoop(size, Duration.ofMinutes(20));

    assertThat(shares.of(0)).as("%s, seed %d", shares, seed).isLessThanOrEqualTo(0.2);
  }

  @ParameterizedTest
  @MethodSource("clusters")
  void leastLoaded_equalNodesWithNoise_getEqualShares(int size, SimulatedTraffic traffic) {
    Shares shares = traffic.run(leastLoaded(size), MINUTE);

    assertThat(shares.leastFrom(0)).as("%s, seed %d", shares, seed).isGreaterThanOrEqualTo(0.7);
  }

  @ParameterizedTest
  @MethodSource("clusters")
  void leastLoaded_slowNodeIsFastAgain_recoversWithinHalfAMinute(
      int size, SimulatedTraffic traffic) {
    Simulation simulation = leastLoaded(size);
    simulation.node(0).respondsAfter(simulation.noisyMillis(100));
    traffic.run(simulation, MINUTE);
    simulation.node(0).respondsAfter(simulation.noisyMillis(10));
    traffic.run(simulation, HALF_A_MINUTE);

    Shares shares = traffic.run(simulation, HALF_A_MINUTE);

    assertThat(shares.of(0)).as("%s, seed %d", shares, seed).isGreaterThanOrEqualTo(0.7);
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 100, 500})
  void leastLoaded_nodeHangs_isLeftAloneBeforeAnythingTimesOut(int perSecondAndNode) {
    Simulation simulation = leastLoaded(3);
    double perSecond = 3.0 * perSecondAndNode;
    simulation.openLoop(perSecond, HALF_A_MINUTE);
    simulation.node(0).respondsAfter(Duration.ofMinutes(5)::toNanos);

    Shares shares = simulation.openLoop(perSecond, MINUTE);

    assertThat(shares.requests(0))
        .as("requests in a minute, seed %d", seed)
        .isLessThanOrEqualTo(Math.max(3, perSecondAndNode / 20));
  }

  @ParameterizedTest
  @EnumSource(SimulatedTraffic.class)
  void leastLoaded_loadsOfStockNodes_changeNothing(SimulatedTraffic traffic) {
    Shares stock = withLoads(traffic, UNKNOWN_LOAD, UNKNOWN_LOAD, UNKNOWN_LOAD);

    assertThat(withLoads(traffic, UNKNOWN_LOAD, 17, UNKNOWN_LOAD)).isEqualTo(stock);
    assertThat(withLoads(traffic, 17, 17, 17)).isEqualTo(stock);
  }

  @ParameterizedTest
  @EnumSource(SimulatedTraffic.class)
  void leastLoaded_differentLoads_moveRequestsToTheLowerOnes(SimulatedTraffic traffic) {
    Shares shares = withLoads(traffic, 39, 19, 9);

    assertThat(shares.of(0)).as("%s, seed %d", shares, seed).isLessThan(0.85 * shares.of(1));
    assertThat(shares.of(1)).as("%s, seed %d", shares, seed).isLessThan(0.85 * shares.of(2));
  }

  @ParameterizedTest
  @EnumSource(SimulatedTraffic.class)
  void leastLoaded_absurdLoad_isNotStarved(SimulatedTraffic traffic) {
    Shares shares = withLoads(traffic, 1_000_000, 9, 9);

    assertThat(shares.of(0)).as("%s, seed %d", shares, seed).isBetween(0.1, 0.6);
  }

  @ParameterizedTest
  @EnumSource(SimulatedTraffic.class)
  void leastLoaded_slowNodeReportsNoLoad_doesNotPullTheRequests(SimulatedTraffic traffic) {
    Simulation simulation = leastLoaded(3);
    simulation.node(0).respondsAfter(simulation.noisyMillis(100));
    report(simulation, 0, 1_000, 1_000);

    Shares shares = traffic.run(simulation, MINUTE);

    assertThat(shares.of(0)).as("%s, seed %d", shares, seed).isLessThanOrEqualTo(1.1);
  }

  @Test
  void random_nodeTenTimesSlower_getsItsShareAllTheSame() {
    Simulation simulation = new Simulation(seed, 3, SeededSelectors::random);
    simulation.node(0).respondsAfter(simulation.noisyMillis(100));

    Shares shares = simulation.openLoop(1_000, MINUTE);

    assertThat(shares.of(0)).as("%s, seed %d", shares, seed).isBetween(0.95, 1.05);
  }

  @Test
  void roundRobin_nodeTenTimesSlower_getsItsShareExactly() {
    Simulation simulation = new Simulation(seed, 3, generator -> NodeSelector.roundRobin());
    simulation.node(0).respondsAfter(simulation.noisyMillis(100));

    Shares shares = simulation.openLoop(900, MINUTE);

    assertThat(shares.requests(0)).as("seed %d", seed).isEqualTo(18_000);
  }

  @Test
  void select_ownSelector_decidesAlone() {
    Simulation simulation =
        new Simulation(seed, 3, generator -> (candidates, destination) -> candidates.get(2));

    Shares shares = simulation.closedLoop(8, MINUTE);

    assertThat(shares.of(2)).isEqualTo(3);
  }

  private Simulation leastLoaded(int size) {
    return new Simulation(seed, size, SeededSelectors::leastLoaded);
  }

  private Shares withLoads(SimulatedTraffic traffic, int... loads) {
    Simulation simulation = leastLoaded(loads.length);
    report(simulation, loads);
    return traffic.run(simulation, MINUTE);
  }

  private static void report(Simulation simulation, int... loads) {
    for (int i = 0; i < loads.length; i++) {
      simulation.node(i).reports(loads[i]);
    }
  }
}
