package io.github.httpreport.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.httpreport.Destination;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ConsistentHashSelectorTest {

  private static final int KEYS = 100_000;

  private final NodeSelector selector = NodeSelector.consistentHash(Destination::streamId);

  @Test
  void select_sameKey_choosesTheSameNode() {
    List<Candidate> candidates = FakeCandidate.list(20);

    assertThat(owners(candidates)).isEqualTo(owners(candidates));
    assertThat(owners(candidates))
        .as("another sender")
        .isEqualTo(owners(NodeSelector.consistentHash(Destination::streamId), candidates));
  }

  @Test
  void select_manyKeys_spreadsThemEvenly() {
    List<Candidate> candidates = FakeCandidate.list(100);
    Map<Node, Integer> counts = new HashMap<>();

    owners(candidates).forEach((key, node) -> counts.merge(node, 1, Integer::sum));

    assertThat(counts).hasSize(100);
    assertThat(counts.values()).allSatisfy(count -> assertThat(count).isBetween(750, 1250));
  }

  @Test
  void select_nodeLeaves_movesItsKeysOnlyAndToAllOthers() {
    List<Candidate> before = FakeCandidate.list(10);
    List<Candidate> after = before.subList(1, 10);
    Node left = before.get(0).node();
    Map<String, Node> owners = owners(before);
    Map<String, Node> newOwners = owners(after);
    Map<Node, Integer> heirs = new HashMap<>();

    owners.forEach(
        (key, node) -> {
          if (node.equals(left)) {
            heirs.merge(newOwners.get(key), 1, Integer::sum);
          } else {
            assertThat(newOwners.get(key)).as(key).isEqualTo(node);
          }
        });

    int fair = KEYS / 10 / 9;
    assertThat(heirs).hasSize(9);
    assertThat(heirs.values())
        .allSatisfy(count -> assertThat(count).isBetween(fair * 3 / 4, fair * 5 / 4));
  }

  @Test
  void select_nodeJoins_takesOnlyItsShare() {
    List<Candidate> before = FakeCandidate.list(9);
    List<Candidate> after = FakeCandidate.list(10);
    Node joined = after.get(9).node();
    Map<String, Node> owners = owners(before);
    Map<String, Node> moved = owners(after);

    moved.entrySet().removeIf(entry -> entry.getValue().equals(owners.get(entry.getKey())));

    assertThat(moved.values()).containsOnly(joined);
    assertThat(moved.size()).isBetween(KEYS / 10 * 9 / 10, KEYS / 10 * 11 / 10);
  }

  @Test
  void select_listReordered_movesNothing() {
    long seed = Seed.next();
    List<Candidate> candidates = FakeCandidate.list(50);
    List<Candidate> shuffled = new ArrayList<>(candidates);
    Collections.shuffle(shuffled, new Random(seed));

    assertThat(owners(shuffled)).as("seed %d", seed).isEqualTo(owners(candidates));
  }

  @Test
  void select_portsOfOneHost_areDifferentNodes() {
    List<Candidate> candidates = new ArrayList<>();
    for (int port = 46801; port <= 46804; port++) {
      candidates.add(new FakeCandidate(Node.of("127.0.0.1", port), 0, -1, 0));
    }

    assertThat(owners(candidates).values()).containsAll(nodes(candidates));
  }

  @Test
  void select_groupsWithDifferentNodesAlternate_eachKeepsToItsOwn() {
    List<Candidate> some = FakeCandidate.list(10).subList(0, 5);
    List<Candidate> others = FakeCandidate.list(10).subList(5, 10);

    for (int i = 0; i < 100; i++) {
      String stream = "stream-" + i;
      assertThat(selector.select(some, new Destination("some", stream))).isIn(some);
      assertThat(selector.select(others, new Destination("others", stream))).isIn(others);
    }
  }

  @Test
  void select_groupsAlternate_readsEachListOnce() {
    CountingList some = new CountingList(FakeCandidate.list(10));
    CountingList others = new CountingList(FakeCandidate.list(10));
    int choices = 100;

    for (int i = 0; i < choices; i++) {
      selector.select(some, new Destination("some", "stream-" + i));
      selector.select(others, new Destination("others", "stream-" + i));
    }

    assertThat(some.reads()).as("all once, then the chosen").isEqualTo(10 + choices);
    assertThat(others.reads()).isEqualTo(10 + choices);
  }

  @Test
  void select_keyOfAllIsTheSame_allGoToOneNode() {
    NodeSelector byGroup = NodeSelector.consistentHash(Destination::groupId);

    assertThat(owners(byGroup, FakeCandidate.list(10)).values())
        .containsOnly(
            byGroup.select(FakeCandidate.list(10), new Destination("group", "any")).node());
  }

  @Test
  void select_keyIsNull_saysWhoseKey() {
    @SuppressWarnings("NullAway") // what a careless caller does
    NodeSelector careless = NodeSelector.consistentHash(destination -> null);

    assertThatThrownBy(() -> careless.select(FakeCandidate.list(2), Draws.DESTINATION))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the key function of consistentHash returned null for group/stream");
  }

  @Test
  @SuppressWarnings("NullAway") // what a careless caller does
  void consistentHash_noFunction_isRefusedByName() {
    assertThatThrownBy(() -> NodeSelector.consistentHash(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("key");
  }

  private Map<String, Node> owners(List<Candidate> candidates) {
    return owners(selector, candidates);
  }

  private static Map<String, Node> owners(NodeSelector selector, List<Candidate> candidates) {
    Map<String, Node> owners = new HashMap<>();
    for (int i = 0; i < KEYS; i++) {
      String key = "stream-" + i;
      owners.put(key, selector.select(candidates, new Destination("group", key)).node());
    }
    return owners;
  }

  private static List<Node> nodes(List<Candidate> candidates) {
    return candidates.stream().map(Candidate::node).toList();
  }
}
