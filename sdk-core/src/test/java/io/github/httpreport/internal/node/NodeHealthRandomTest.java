package io.github.httpreport.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.Destination;
import io.github.httpreport.SenderMetrics;
import io.github.httpreport.internal.concurrent.ManualScheduler;
import io.github.httpreport.internal.delivery.FakeProtocol;
import io.github.httpreport.internal.node.NodeTable.FailureKind;
import io.github.httpreport.internal.transport.CannedResponses;
import io.github.httpreport.internal.transport.FakeTransport;
import io.github.httpreport.node.Node;
import io.github.httpreport.node.Seed;
import io.github.httpreport.node.SeededSelectors;
import io.github.httpreport.protocol.WireProtocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whatever happens to the nodes of a group, some things always hold. */
class NodeHealthRandomTest {

  private static final Destination DESTINATION = new Destination("group", "stream");
  private static final int NODES = 7;
  private static final int STEPS = 4_000;

  private final long seed = Seed.next();
  private final Random random = new Random(seed);
  private final ManualScheduler scheduler = new ManualScheduler();
  private final FakeTransport transport = new FakeTransport(scheduler);
  private final List<NodeState> onTheWay = new ArrayList<>();
  private final Set<String> out = new HashSet<>();
  private NodeTable table;
  private GroupNodes group;
  private int step;

  @Test
  void anything_protocolWithProbe_keepsTheRules() {
    play(new FakeProtocol(), true);
  }

  @Test
  void anything_protocolWithoutProbe_keepsTheRules() {
    play(FakeProtocol.withoutProbe(), true);
  }

  @Test
  void anything_sameNodesAllTheTime_halfAtMostAreOutForSlowness() {
    play(FakeProtocol.withoutProbe(), false);
  }

  private void play(WireProtocol protocol, boolean listChanges) {
    transport.onProbe(
        request -> random.nextBoolean() ? CannedResponses.ok() : CannedResponses.refused());
    table =
        new NodeTable(
            SeededSelectors.random(random),
            new NodeProbe(protocol, transport),
            scheduler,
            new SenderMetrics() {
              @Override
              public void nodeEjected(String node, boolean ejected) {
                assertThat(ejected ? out.add(node) : out.remove(node)).as(where()).isTrue();
              }
            },
            random::nextDouble);
    group = table.swap(null, Lists.upTo(1 + random.nextInt(NODES)));
    for (step = 0; step < STEPS; step++) {
      act(listChanges);
      assertThat(outOfGroup()).as(where()).isSubsetOf(out);
      if (!listChanges) {
        long slow = group.all().stream().filter(s -> s.ejection().isForSlowness()).count();
        assertThat(2 * slow).as(where()).isLessThanOrEqualTo(group.all().size());
      }
    }
    recover();
  }

  private void act(boolean listChanges) {
    switch (random.nextInt(listChanges ? 12 : 10)) {
      case 0, 1, 2, 3 -> select();
      case 4, 5, 6 -> fail();
      case 7 -> succeed();
      case 8, 9 -> scheduler.advance(Duration.ofMillis(random.nextInt(3_000)));
      default -> group = table.swap(group, Lists.of(someNodes()));
    }
  }

  private int[] someNodes() {
    int[] some = IntStream.range(0, NODES).filter(i -> random.nextInt(4) != 0).toArray();
    return some.length == 0 ? new int[] {random.nextInt(NODES)} : some;
  }

  private void select() {
    Set<Node> tried = new HashSet<>();
    group.all().stream()
        .filter(state -> random.nextInt(4) == 0)
        .forEach(state -> tried.add(state.node()));
    List<NodeState> healthy =
        group.all().stream().filter(state -> state.ejection().isHealthy()).toList();
    boolean freshOnes = healthy.stream().anyMatch(state -> !tried.contains(state.node()));

    NodeState selected = table.select(group, DESTINATION, tried);

    assertThat(group.all()).as(where()).contains(selected);
    if (!healthy.isEmpty() && !selected.ejection().isHalfOpen()) {
      assertThat(healthy).as(where()).contains(selected);
    }
    if (freshOnes) {
      assertThat(tried).as(where()).doesNotContain(selected.node());
    }
    selected.started();
    onTheWay.add(selected);
  }

  private void fail() {
    if (!onTheWay.isEmpty()) {
      NodeState node = onTheWay.remove(random.nextInt(onTheWay.size()));
      node.ended();
      FailureKind[] kinds = FailureKind.values();
      table.failed(group, node, kinds[random.nextInt(kinds.length)], "no luck");
    }
  }

  private void succeed() {
    if (!onTheWay.isEmpty()) {
      NodeState node = onTheWay.remove(random.nextInt(onTheWay.size()));
      node.ended();
      long took = 1L + random.nextInt(1_000_000);
      boolean wasHealthy = node.ejection().isHealthy();
      boolean late = node.ejection().beganAfter(scheduler.nanoTime() - took);
      table.succeeded(node, took);
      if (group.all().contains(node)) {
        assertThat(node.ejection().isHealthy()).as(where()).isEqualTo(wasHealthy || !late);
      }
    }
  }

  /** Once nothing fails any more every node comes back. */
  private void recover() {
    transport.onProbe(request -> CannedResponses.ok());
    onTheWay.forEach(node -> table.succeeded(node, 1));
    for (int i = 0; i < 20; i++) {
      scheduler.advance(Duration.ofSeconds(80));
      for (int request = 0; request < 2 * NODES; request++) {
        table.succeeded(table.select(group, DESTINATION, Set.of()), 1);
      }
    }
    assertThat(outOfGroup()).as(where()).isEmpty();
    assertThat(out).as(where()).isEmpty();
    assertThat(scheduler.pending()).as(where()).isZero();
  }

  private List<String> outOfGroup() {
    return group.all().stream()
        .filter(state -> !state.ejection().isHealthy())
        .map(state -> state.node().address())
        .toList();
  }

  private String where() {
    return "step " + step + ", seed " + seed;
  }
}
