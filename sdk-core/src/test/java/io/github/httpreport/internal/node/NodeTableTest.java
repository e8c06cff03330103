package io.github.httpreport.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.httpreport.Destination;
import io.github.httpreport.SenderMetrics;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.internal.concurrent.ManualScheduler;
import io.github.httpreport.internal.delivery.FakeProtocol;
import io.github.httpreport.internal.node.NodeTable.FailureKind;
import io.github.httpreport.internal.transport.CannedResponses;
import io.github.httpreport.internal.transport.FakeTransport;
import io.github.httpreport.node.Candidate;
import io.github.httpreport.node.Node;
import io.github.httpreport.node.NodeSelector;
import io.github.httpreport.protocol.WireProtocol;
import io.github.httpreport.testsupport.Concurrently;
import io.github.httpreport.testsupport.LogCapture;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NodeTableTest {

  private static final Destination DESTINATION = new Destination("group", "stream");
  private static final Duration TICK = Duration.ofNanos(1);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final NodeSelector FIRST = (candidates, destination) -> candidates.get(0);

  private final ManualScheduler scheduler = new ManualScheduler();
  private final FakeTransport transport = new FakeTransport(scheduler);
  private final List<String> ejections = new CopyOnWriteArrayList<>();
  private double random = 0.5;
  private NodeTable table = table(FIRST, new FakeProtocol());

  private NodeTable table(NodeSelector selector, WireProtocol protocol) {
    SenderMetrics metrics =
        new SenderMetrics() {
          @Override
          public void nodeEjected(String node, boolean ejected) {
            ejections.add(node + (ejected ? " out" : " back"));
          }
        };
    return new NodeTable(
        selector, new NodeProbe(protocol, transport), scheduler, metrics, () -> random);
  }

  private GroupNodes group(int size) {
    return table.swap(null, Lists.upTo(size));
  }

  private NodeState select(GroupNodes group, int... tried) {
    Set<Node> nodes = Set.copyOf(IntStream.of(tried).mapToObj(Lists::node).toList());
    return table.select(group, DESTINATION, nodes);
  }

  private List<String> healthy(GroupNodes group) {
    return group.all().stream()
        .filter(state -> state.ejection().isHealthy())
        .map(state -> state.node().origin().host())
        .toList();
  }

  @Test
  void failed_connectionRefused_ejectsAtOnce() {
    GroupNodes group = group(2);

    boolean ejected = table.failed(group, group.all().get(0), FailureKind.UNREACHABLE, "no luck");

    assertThat(ejected).isTrue();
    assertThat(select(group)).isSameAs(group.all().get(1));
    assertThat(ejections).containsExactly("n0:8080 out");
  }

  @ParameterizedTest
  @CsvSource({"SLOW", "UNHEALTHY"})
  void failed_threeInARow_ejects(FailureKind kind) {
    GroupNodes group = group(2);
    NodeState node = group.all().get(0);

    assertThat(table.failed(group, node, kind, "no luck")).isFalse();
    assertThat(table.failed(group, node, kind, "no luck")).isFalse();
    assertThat(select(group)).isSameAs(node);
    assertThat(table.failed(group, node, kind, "no luck")).isTrue();

    assertThat(select(group)).isSameAs(group.all().get(1));
  }

  @Test
  void succeeded_betweenFailures_startsTheCountAgain() {
    GroupNodes group = group(2);
    NodeState node = group.all().get(0);
    table.failed(group, node, FailureKind.UNHEALTHY, "no luck");
    table.failed(group, node, FailureKind.UNHEALTHY, "no luck");

    table.succeeded(node, 1);
    table.failed(group, node, FailureKind.UNHEALTHY, "no luck");
    table.failed(group, node, FailureKind.UNHEALTHY, "no luck");

    assertThat(node.ejection().isHealthy()).isTrue();
    assertThat(node.failures()).isEqualTo(2);
  }

  @Test
  void failed_nodeThatIsOut_saysSoWithoutEjectingItLonger() {
    GroupNodes group = group(2);
    NodeState node = group.all().get(0);
    table.failed(group, node, FailureKind.UNREACHABLE, "no luck");

    assertThat(table.failed(group, node, FailureKind.UNREACHABLE, "no luck")).isTrue();
    scheduler.advance(SECOND);

    assertThat(node.ejection().isHealthy()).isTrue();
    assertThat(ejections).containsExactly("n0:8080 out", "n0:8080 back");
  }

  @Test
  void ejection_probeFailsAgainAndAgain_doublesUpToFifteenSeconds() {
    GroupNodes group = group(2);
    transport.onProbe(request -> CannedResponses.refused());
    table.failed(group, group.all().get(0), FailureKind.UNREACHABLE, "no luck");

    int probes = 0;
    for (int seconds : new int[] {1, 2, 4, 8, 15, 15, 15}) {
      scheduler.advance(Duration.ofSeconds(seconds).minus(TICK));
      assertThat(transport.probes()).as("before %s s", seconds).hasSize(probes);
      scheduler.advance(TICK);
      assertThat(transport.probes()).as("after %s s", seconds).hasSize(++probes);
    }

    assertThat(ejections).containsExactly("n0:8080 out");
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 77, 80, 105, 130, 210, 600})
  void ejection_nodeReturnsWhileAProbeHangs_isBackWithinHalfAMinute(int outage) {
    random = 1;
    Duration timeout = Duration.ofSeconds(10);
    GroupNodes group = group(2);
    boolean[] hangs = {true};
    transport.onProbe(
        request -> {
          CompletableFuture<Response> response =
              hangs[0] ? CannedResponses.pending() : CannedResponses.ok();
          scheduler.schedule(
              timeout, () -> response.completeExceptionally(new IOException("silent")));
          return response;
        });
    table.failed(group, group.all().get(0), FailureKind.UNREACHABLE, "no luck");
    scheduler.advance(Duration.ofSeconds(outage));
    assertThat(healthy(group)).containsExactly("n1");

    hangs[0] = false;
    scheduler.advance(Duration.ofSeconds(30));

    assertThat(healthy(group)).containsExactly("n0", "n1");
  }

  @ParameterizedTest
  @CsvSource({"0, 800", "0.25, 900", "0.5, 1000", "1, 1200"})
  void ejection_jitter_isAFifthToEitherSide(double draw, long millis) {
    random = draw;
    GroupNodes group = group(2);
    table.failed(group, group.all().get(0), FailureKind.UNREACHABLE, "no luck");

    scheduler.advance(Duration.ofMillis(millis).minus(TICK));
    assertThat(transport.probes()).isEmpty();
    scheduler.advance(TICK);

    assertThat(transport.probes()).hasSize(1);
  }

  @Test
  void probe_healthy_revivesAndCountsOnce() {
    try (LogCapture log = LogCapture.of(NodeTable.class)) {
      GroupNodes group = group(2);
      table.failed(group, group.all().get(0), FailureKind.UNREACHABLE, "no luck");
      scheduler.advance(SECOND);
      table.succeeded(group.all().get(0), 1);
      scheduler.advance(Duration.ofMinutes(5));

      assertThat(healthy(group)).containsExactly("n0", "n1");
      assertThat(transport.probes())
          .singleElement()
          .satisfies(
              call -> assertThat(call.request().toString()).contains("http://n0:8080/dataproxy/"));
      assertThat(ejections).containsExactly("n0:8080 out", "n0:8080 back");
      assertThat(log.lines())
          .containsExactly(
              "WARN Node n0:8080 is ejected for 1000 ms; failures in a row: 1, the last: no luck",
              "INFO Node n0:8080 is healthy again");
    }
  }

  @Test
  void probe_nodeThatHungIsHealthy_oneReportDecides() {
    GroupNodes group = group(3);
    NodeState node = group.all().get(0);
    IntStream.range(0, 3).forEach(i -> table.failed(group, node, FailureKind.SLOW, "no luck"));

    scheduler.advance(SECOND);

    assertThat(transport.probes()).hasSize(1);
    assertThat(healthy(group)).containsExactly("n1", "n2");
    assertThat(select(group)).isSameAs(node);
    assertThat(select(group)).isNotSameAs(node);

    table.succeeded(node, 1);

    assertThat(healthy(group)).containsExactly("n0", "n1", "n2");
    assertThat(ejections).containsExactly("n0:8080 out", "n0:8080 back");
  }

  @Test
  void probe_nodeThatHungIsHealthyAndHangsOnTheReport_isOutForLonger() {
    GroupNodes group = group(3);
    NodeState node = group.all().get(0);
    IntStream.range(0, 3).forEach(i -> table.failed(group, node, FailureKind.SLOW, "no luck"));
    scheduler.advance(SECOND);
    assertThat(select(group)).isSameAs(node);

    assertThat(table.failed(group, node, FailureKind.SLOW, "no luck")).isTrue();

    scheduler.advance(Duration.ofSeconds(2).minus(TICK));
    assertThat(transport.probes()).hasSize(1);
    assertThat(select(group)).isNotSameAs(node);
    scheduler.advance(TICK);
    assertThat(transport.probes()).hasSize(2);
    assertThat(select(group)).isSameAs(node);
  }

  @Test
  void probe_answersThatItIsNotReady_keepsTheNodeOut() {
    GroupNodes group = group(2);
    transport.onProbe(request -> CannedResponses.code("1", "Service sink not ready"));
    table.failed(group, group.all().get(0), FailureKind.UNREACHABLE, "no luck");

    scheduler.advance(SECOND);

    assertThat(healthy(group)).containsExactly("n1");
  }

  @Test
  void probe_underWay_nodeGetsNothingMeanwhile() {
    GroupNodes group = group(2);
    transport.onProbe(request -> CannedResponses.pending());
    table.failed(group, group.all().get(0), FailureKind.UNREACHABLE, "no luck");

    scheduler.advance(Duration.ofSeconds(2));

    assertThat(transport.probes()).hasSize(1);
    assertThat(select(group)).isSameAs(group.all().get(1));
  }

  @Test
  void probe_protocolThrows_reportDecides() {
    table =
        table(
            FIRST,
            new FakeProtocol() {
              @Override
              public Optional<Request> probe(Node node) {
                throw new IllegalStateException("no key yet");
              }
            });
    GroupNodes group = group(2);
    table.failed(group, group.all().get(0), FailureKind.UNREACHABLE, "no luck");

    scheduler.advance(SECOND);

    assertThat(select(group)).isSameAs(group.all().get(0));
  }

  @Test
  void halfOpen_manySelectAtOnce_oneRequestDecides() throws Exception {
    table = table(NodeSelector.random(), FakeProtocol.withoutProbe());
    GroupNodes group = group(3);
    NodeState node = group.all().get(0);
    for (int round = 0; round < 200; round++) {
      table.failed(group, node, FailureKind.UNREACHABLE, "no luck");
      scheduler.advance(Duration.ofSeconds(80));

      List<NodeState> selected = Concurrently.call(4, 5, () -> select(group));

      assertThat(selected).filteredOn(state -> state == node).hasSize(1);
      table.succeeded(node, 1);
    }
  }

  @Test
  void halfOpen_requestFails_doublesTheTime() {
    table = table(FIRST, FakeProtocol.withoutProbe());
    GroupNodes group = group(2);
    NodeState node = group.all().get(0);
    table.failed(group, node, FailureKind.UNREACHABLE, "no luck");
    scheduler.advance(SECOND);
    assertThat(select(group)).isSameAs(node);

    table.failed(group, node, FailureKind.UNHEALTHY, "no luck");
    scheduler.advance(Duration.ofSeconds(2).minus(TICK));
    assertThat(select(group)).isNotSameAs(node);
    scheduler.advance(TICK);

    assertThat(select(group)).isSameAs(node);
  }

  @Test
  void halfOpen_requestSucceeds_revives() {
    table = table(FIRST, FakeProtocol.withoutProbe());
    GroupNodes group = group(2);
    NodeState node = group.all().get(0);
    table.failed(group, node, FailureKind.UNREACHABLE, "no luck");
    scheduler.advance(SECOND);
    assertThat(select(group)).isSameAs(node);
    assertThat(select(group)).isNotSameAs(node);

    table.succeeded(node, 1);

    assertThat(select(group)).isSameAs(node);
    assertThat(select(group)).isSameAs(node);
  }

  @Test
  void halfOpen_requestWasNotSent_nextOneDecides() {
    table = table(FIRST, FakeProtocol.withoutProbe());
    GroupNodes group = group(2);
    NodeState node = group.all().get(0);
    table.failed(group, node, FailureKind.UNREACHABLE, "no luck");
    scheduler.advance(SECOND);
    assertThat(select(group)).isSameAs(node);

    table.unused(node);

    assertThat(select(group)).isSameAs(node);
    assertThat(select(group)).isNotSameAs(node);
  }

  @Test
  void halfOpen_nodeWasTriedByThisDelivery_isLeftToAnother() {
    table = table(FIRST, FakeProtocol.withoutProbe());
    GroupNodes group = group(2);
    table.failed(group, group.all().get(0), FailureKind.UNREACHABLE, "no luck");
    scheduler.advance(SECOND);

    assertThat(select(group, 0)).isSameAs(group.all().get(1));
    assertThat(select(group)).isSameAs(group.all().get(0));
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "2, 1", "3, 1", "4, 2", "5, 2"})
  void failed_slowAnswers_ejectHalfOfTheNodesAtMost(int size, int out) {
    GroupNodes group = group(size);

    for (int failures = 0; failures < 10; failures++) {
      group.all().forEach(node -> table.failed(group, node, FailureKind.SLOW, "no luck"));
    }

    assertThat(healthy(group)).hasSize(size - out);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void failed_connectionsRefused_ejectAll(int size) {
    GroupNodes group = group(size);

    group.all().forEach(node -> table.failed(group, node, FailureKind.UNREACHABLE, "no luck"));

    assertThat(healthy(group)).isEmpty();
  }

  @Test
  void failed_nodeOutForAnotherReasonTurnsSlow_doesNotCountAsSlow() {
    table = table(FIRST, FakeProtocol.withoutProbe());
    GroupNodes group = group(3);
    NodeState slow = group.all().get(0);
    NodeState gone = group.all().get(1);
    IntStream.range(0, 3).forEach(i -> table.failed(group, slow, FailureKind.SLOW, "no luck"));
    table.failed(group, gone, FailureKind.UNREACHABLE, "no luck");
    scheduler.advance(SECOND);

    table.failed(group, gone, FailureKind.SLOW, "no luck");

    assertThat(group.all()).filteredOn(s -> s.ejection().isForSlowness()).containsExactly(slow);
  }

  @Test
  void failed_slowNodeIsGoneLater_leavesItsPlaceToAnotherSlowOne() {
    table = table(FIRST, FakeProtocol.withoutProbe());
    GroupNodes group = group(3);
    NodeState gone = group.all().get(0);
    NodeState slow = group.all().get(1);
    IntStream.range(0, 3).forEach(i -> table.failed(group, gone, FailureKind.SLOW, "no luck"));
    scheduler.advance(SECOND);
    table.failed(group, gone, FailureKind.UNREACHABLE, "no luck");

    IntStream.range(0, 3).forEach(i -> table.failed(group, slow, FailureKind.SLOW, "no luck"));

    assertThat(healthy(group)).containsExactly("n2");
  }

  @Test
  void select_allEjected_isTheOneNearestToRevival() {
    GroupNodes group = group(3);
    double[] draws = {0.9, 0.1, 0.5};
    for (int i = 0; i < 3; i++) {
      random = draws[i];
      table.failed(group, group.all().get(i), FailureKind.UNREACHABLE, "no luck");
    }

    assertThat(select(group)).isSameAs(group.all().get(1));
    assertThat(select(group, 1)).isSameAs(group.all().get(1));
  }

  @Test
  void selectUntried_everyHealthyNodeTried_isAnEjectedOneThatWasNot() {
    GroupNodes group = group(3);
    table.failed(group, group.all().get(2), FailureKind.UNREACHABLE, "no luck");

    assertThat(selectUntried(group, 0)).isEqualTo(1);
    assertThat(selectUntried(group, 0, 1)).isEqualTo(2);
    assertThat(selectUntried(group, 0, 1, 2)).isNotEqualTo(2);
  }

  private int selectUntried(GroupNodes group, int... tried) {
    Set<Node> nodes = Set.copyOf(IntStream.of(tried).mapToObj(Lists::node).toList());
    return group.all().indexOf(table.selectUntried(group, DESTINATION, nodes));
  }

  @Test
  void select_triedNodes_areLeftOutWhileThereAreOthers() {
    GroupNodes group = group(3);

    assertThat(select(group, 0)).isSameAs(group.all().get(1));
    assertThat(select(group, 0, 1)).isSameAs(group.all().get(2));
    assertThat(select(group, 0, 1, 2)).isSameAs(group.all().get(0));
  }

  @Test
  void hasUntried_onlyEjectedOnesAreLeft_isFalse() {
    GroupNodes group = group(3);

    assertThat(table.hasUntried(group, Set.of(Lists.node(0), Lists.node(1)))).isTrue();
    table.failed(group, group.all().get(2), FailureKind.UNREACHABLE, "no luck");

    assertThat(table.hasUntried(group, Set.of(Lists.node(0), Lists.node(1)))).isFalse();
  }

  @Test
  void select_selectorReturnsNull_saysWhichSelector() {
    table = table((candidates, destination) -> null, new FakeProtocol());
    GroupNodes group = group(2);

    assertThatThrownBy(() -> select(group))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("chose none of its candidates");
  }

  @Test
  void select_selectorReturnsAnObjectOfItsOwn_isRefused() {
    table =
        table(
            (candidates, destination) -> new SimulatedNode(0, () -> 0L, () -> 0L),
            new FakeProtocol());
    GroupNodes group = group(2);

    assertThatThrownBy(() -> select(group)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void select_selectorKeepsACandidateThatIsNoneAnyMore_isRefused() {
    List<Candidate> kept = new ArrayList<>();
    table =
        table(
            (candidates, destination) -> {
              kept.add(candidates.get(0));
              return kept.get(0);
            },
            new FakeProtocol());
    GroupNodes group = group(2);
    NodeState first = select(group);
    table.failed(group, first, FailureKind.UNREACHABLE, "no luck");

    assertThatThrownBy(() -> select(group)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void swap_nodesThatStay_keepWhatIsKnownOfThem() {
    GroupNodes old = group(3);
    NodeState busy = old.all().get(1);
    NodeState out = old.all().get(2);
    busy.started();
    table.succeeded(busy, 5_000_000);
    table.failed(old, busy, FailureKind.UNHEALTHY, "no luck");
    table.failed(old, out, FailureKind.UNREACHABLE, "no luck");

    GroupNodes swapped = table.swap(old, Lists.withLoad(Lists.of(1, 2, 3), 1, 17));

    assertThat(swapped.all()).startsWith(busy, out).hasSize(3);
    assertThat(busy.inFlight()).isEqualTo(1);
    assertThat(busy.failures()).isEqualTo(1);
    assertThat(busy.latencyNanos()).isEqualTo(5_000_000);
    assertThat(busy.reportedLoad()).isEqualTo(17);
    assertThat(healthy(swapped)).containsExactly("n1", "n3");
  }

  @Test
  void swap_nodesThatLeft_areForgotten() {
    GroupNodes all = group(2);
    table.failed(all, all.all().get(0), FailureKind.UNREACHABLE, "no luck");

    GroupNodes without = table.swap(all, Lists.of(1));
    scheduler.advance(Duration.ofMinutes(5));
    GroupNodes again = table.swap(without, Lists.of(0, 1));

    assertThat(transport.probes()).isEmpty();
    assertThat(scheduler.pending()).isZero();
    assertThat(healthy(again)).containsExactly("n0", "n1");
    assertThat(again.all().get(0)).isNotSameAs(all.all().get(0));
    assertThat(ejections).containsExactly("n0:8080 out", "n0:8080 back");
  }

  @Test
  void failed_nodeThatLeft_changesNothing() {
    GroupNodes all = group(2);
    NodeState left = all.all().get(0);
    table.swap(all, Lists.of(1));

    assertThat(table.failed(all, left, FailureKind.UNREACHABLE, "no luck")).isFalse();

    assertThat(ejections).isEmpty();
    assertThat(scheduler.pending()).isZero();
  }

  @Test
  void swap_probeUnderWayForANodeThatLeft_isNotRepeated() {
    List<CompletableFuture<Response>> asked = new ArrayList<>();
    transport.onProbe(
        request -> {
          asked.add(CannedResponses.pending());
          return asked.get(asked.size() - 1);
        });
    GroupNodes all = group(2);
    table.failed(all, all.all().get(0), FailureKind.UNREACHABLE, "no luck");
    scheduler.advance(SECOND);
    table.swap(all, Lists.of(1));

    asked.get(0).completeExceptionally(new IOException("gone"));
    scheduler.advance(Duration.ofMinutes(5));

    assertThat(asked).hasSize(1);
  }

  @Test
  void swap_nodeOfTwoGroups_staysKnownWhileOneListsIt() {
    GroupNodes one = table.swap(null, Lists.of(0, 1));
    GroupNodes other = table.swap(null, Lists.of(1, 2));

    GroupNodes shrunk = table.swap(one, Lists.of(0));
    GroupNodes again = table.swap(shrunk, Lists.of(0, 1));

    assertThat(again.all().get(1)).isSameAs(other.all().get(0));
  }

  @Test
  void succeeded_requestBegunBeforeTheEjection_doesNotRevive() {
    GroupNodes group = group(2);
    NodeState node = group.all().get(0);
    scheduler.advance(Duration.ofMillis(5));
    table.failed(group, node, FailureKind.UNREACHABLE, "no luck");

    scheduler.advance(Duration.ofMillis(5));
    table.succeeded(node, Duration.ofMillis(6).toNanos());

    assertThat(healthy(group)).containsExactly("n1");
  }

  @Test
  void succeeded_requestBegunSince_revives() {
    GroupNodes group = group(2);
    NodeState node = group.all().get(0);
    table.succeeded(node, 90);
    table.failed(group, node, FailureKind.UNREACHABLE, "no luck");

    scheduler.advance(Duration.ofMillis(5));
    table.succeeded(node, 100);

    assertThat(healthy(group)).containsExactly("n0", "n1");
    assertThat(node.failures()).isZero();
    scheduler.advance(Duration.ofMinutes(5));
    assertThat(transport.probes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"59, 4", "60, 4", "61, 1"})
  void ejection_afterBeingHealthy_isLongerUnlessThatWasForMoreThanAMinute(int well, int seconds) {
    GroupNodes group = group(2);
    NodeState node = group.all().get(0);
    for (int i = 0; i < 2; i++) {
      table.failed(group, node, FailureKind.UNREACHABLE, "no luck");
      scheduler.advance(Duration.ofSeconds(i + 1));
    }
    assertThat(node.ejection().isHealthy()).isTrue();
    scheduler.advance(Duration.ofSeconds(well));

    table.failed(group, node, FailureKind.UNREACHABLE, "no luck");

    scheduler.advance(Duration.ofSeconds(seconds).minus(TICK));
    assertThat(node.ejection().isHealthy()).isFalse();
    scheduler.advance(TICK);
    assertThat(node.ejection().isHealthy()).isTrue();
  }
}
