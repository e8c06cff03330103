package io.github.httpreport.internal.spool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.internal.telemetry.LossLog;
import io.github.httpreport.internal.transport.CannedResponses;
import io.github.httpreport.internal.transport.FakeTransport;
import io.github.httpreport.node.NodeList;
import io.github.httpreport.node.NodeSourceException;
import io.github.httpreport.protocol.Payload;
import io.github.httpreport.testsupport.LogCapture;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Several groups in one spool, in virtual time. */
@Timeout(60)
class SpoolDrainerTest {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final int MANY = 400;

  @TempDir private Path temp;

  private static Consumer<DrainRig> node(Supplier<CompletableFuture<Response>> response) {
    return rig -> rig.node("dead", request -> response.get());
  }

  private static Consumer<DrainRig> manager(NodeSourceException.Kind kind) {
    return rig -> rig.lists.put("dead", () -> DrainRig.noList(kind));
  }

  private static Arguments no(String name, Consumer<DrainRig> fault) {
    return Arguments.argumentSet(name, fault);
  }

  /** What makes a group undeliverable, and none of it the fault of its messages. */
  static Stream<Arguments> noes() {
    return Stream.of(
        no("Manager refuses the group", manager(NodeSourceException.Kind.REFUSED)),
        no("Manager refuses the key", manager(NodeSourceException.Kind.UNAUTHENTICATED)),
        no("Manager silent", manager(NodeSourceException.Kind.UNAVAILABLE)),
        no(
            "Manager lists nothing",
            rig ->
                rig.lists.put(
                    "dead", () -> CompletableFuture.completedFuture(NodeList.of(List.of())))),
        no("115", node(() -> CannedResponses.code("115", "Topic not configured"))),
        no("10", node(() -> CannedResponses.code("10", "illegal ip"))),
        no("100", node(() -> CannedResponses.code("100", "Field groupId must exist"))),
        no("114", node(CannedResponses::queueFull)),
        no("104", node(() -> CannedResponses.code("104", "too long"))),
        no("103", node(() -> CannedResponses.code("103", "Field body is not exist"))),
        no("301", node(() -> CannedResponses.status(301))),
        no("400", node(() -> CannedResponses.status(400))),
        no("401", node(() -> CannedResponses.status(401))),
        no("403", node(() -> CannedResponses.status(403))),
        no("407", node(() -> CannedResponses.status(407))),
        no("413", node(() -> CannedResponses.status(413))),
        no("500", node(() -> CannedResponses.status(500))),
        no("refused", node(CannedResponses::refused)),
        no("reset", node(CannedResponses::lost)),
        no("black hole", node(CannedResponses::pending)));
  }

  @ParameterizedTest
  @MethodSource("noes")
  void drain_oneGroupTakesNothing_theOtherDrainsAsIfAlone(Consumer<DrainRig> fault) {
    Duration alone;
    try (DrainRig rig = new DrainRig(temp.resolve("alone"))) {
      rig.store(rig.payloads("good", 0, MANY));
      rig.start();
      alone = rig.timeUntil("good", MANY, LONG);
    }
    try (DrainRig rig = new DrainRig(temp.resolve("both"))) {
      fault.accept(rig);
      List<Payload> both = new ArrayList<>(rig.payloads("dead", 0, MANY));
      for (int i = 0; i < MANY; i++) {
        both.addAll(rig.payloads("dead", MANY + i, MANY + i + 1));
        both.addAll(rig.payloads("good", i, i + 1));
      }
      rig.store(both);
      rig.start();

      Duration beside = rig.timeUntil("good", MANY, LONG);

      assertThat(beside).isLessThanOrEqualTo(alone.multipliedBy(12).dividedBy(10));
      rig.run(MINUTE);
      assertThat(rig.disk.messages()).isEqualTo(2 * MANY);
      assertThat(rig.failed).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("noes")
  void drain_everythingRefusedFor3Seconds_losesNothing(Consumer<DrainRig> fault) {
    try (DrainRig rig = new DrainRig(temp)) {
      fault.accept(rig);
      List<Payload> promised = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        String[] bodies =
            IntStream.range(100 * i, 100 * i + 100).mapToObj(n -> "m" + n).toArray(String[]::new);
        promised.add(rig.payload("dead", bodies));
      }
      rig.store(promised);
      rig.start();
      rig.run(SECOND.multipliedBy(3));

      rig.rules.clear();
      rig.lists.clear();
      rig.run(LONG);

      assertThat(new HashSet<>(rig.arrived("dead"))).hasSize(10_000);
      assertThat(rig.failed).isEmpty();
      assertThat(rig.disk.messages()).isZero();
    }
  }

  /** A node that refuses the content of every report that holds such a message. */
  private static Function<Request, CompletableFuture<Response>> refusing(String body) {
    return request ->
        new FakeTransport.Call(request, MINUTE, 0).messages().contains(body)
            ? CannedResponses.code("103", "Field body is not exist")
            : CannedResponses.ok();
  }

  @Test
  void drain_contentRefusedTwiceAndOthersTaken_isGivenUpAloneAndCounted() {
    try (DrainRig rig = new DrainRig(temp);
        LogCapture log = LogCapture.of(LossLog.class)) {
      rig.node("group", refusing("bad"));
      rig.store(List.of(rig.payload("group", "a", "b", "bad", "c")));
      rig.store(rig.payloads("group", 0, 10));
      rig.start();
      rig.run(MINUTE.minus(SECOND));
      assertThat(rig.disk.messages()).isEqualTo(4);

      rig.run(MINUTE);

      assertThat(rig.arrived("group")).hasSize(13).doesNotHaveDuplicates().contains("a", "b", "c");
      assertThat(rig.failed).containsExactly(Map.entry("group", 1));
      assertThat(rig.disk.messages()).isZero();
      assertThat(log.lines()).filteredOn(context -> context.contains("lost: 1 failed")).hasSize(1);
    }
  }

  @Test
  void drain_everyOtherRequestRefusedForMinutes_losesNothing() {
    try (DrainRig rig = new DrainRig(temp)) {
      int[] requests = {0};
      rig.node(
          "group",
          request ->
              requests[0]++ % 2 == 0
                  ? CannedResponses.code("115", "not configured")
                  : CannedResponses.ok());
      rig.store(rig.payloads("group", 0, 200));
      rig.start();

      rig.run(LONG);

      assertThat(rig.arrived("group")).hasSize(200).doesNotHaveDuplicates();
      assertThat(rig.failed).isEmpty();
    }
  }

  @Test
  void drain_contentRefusedAndNothingElseTaken_stays() {
    try (DrainRig rig = new DrainRig(temp)) {
      rig.node("group", refusing("bad"));
      rig.store(List.of(rig.payload("group", "bad")));
      rig.start();

      rig.run(LONG);

      assertThat(rig.disk.messages()).isEqualTo(1);
      assertThat(rig.failed).isEmpty();
      assertThat(rig.reportsTo("group")).isLessThan(30);
    }
  }

  @Test
  void drain_partOfABatchTooLarge_restIsSentOnce() {
    try (DrainRig rig = new DrainRig(temp)) {
      rig.node(
          "group",
          request ->
              new String(request.body(), UTF_8).contains("huge")
                  ? CannedResponses.status(413)
                  : CannedResponses.ok());
      rig.store(List.of(rig.payload("group", "a", "huge", "b", "c", "d")));
      rig.start();

      rig.run(MINUTE.multipliedBy(2));

      assertThat(rig.arrived("group")).containsExactlyInAnyOrder("a", "b", "c", "d");
      assertThat(rig.failed).containsExactly(Map.entry("group", 1));
      assertThat(rig.disk.messages()).isZero();
    }
  }

  @Test
  void drain_partOfABatchFailsForAWhile_onlyThatIsSentAgain() {
    try (DrainRig rig = new DrainRig(temp)) {
      boolean[] busy = {true};
      rig.node(
          "group",
          request -> {
            if (request.method().equals("GET")) {
              return CannedResponses.ok();
            }
            List<String> messages = new FakeTransport.Call(request, MINUTE, 0).messages();
            if (messages.size() > 2) {
              return CannedResponses.code("104", "too long");
            }
            return busy[0] && messages.contains("d")
                ? CannedResponses.queueFull()
                : CannedResponses.ok();
          });
      rig.store(List.of(rig.payload("group", "a", "b", "c", "d")));
      rig.start();
      rig.run(SECOND.multipliedBy(5));
      assertThat(rig.arrived("group")).containsExactly("a", "b");
      busy[0] = false;

      rig.run(MINUTE);

      assertThat(rig.arrived("group")).containsExactly("a", "b", "c", "d");
      assertThat(rig.disk.messages()).isZero();
    }
  }

  @Test
  void drain_groupDeadForAnHour_triesOnceAMinute() {
    try (DrainRig rig = new DrainRig(temp)) {
      rig.node("dead", request -> CannedResponses.code("115", "Topic not configured"));
      rig.store(rig.payloads("dead", 0, 100));
      rig.start();

      rig.run(Duration.ofHours(1));

      assertThat(rig.reportsTo("dead")).isBetween(60L, 130L);
    }
  }

  @Test
  void drain_groupRefused_isWarnedOfOnceAndSummarizedAtMostOnceAMinute() {
    try (DrainRig rig = new DrainRig(temp);
        LogCapture log = LogCapture.of(SpoolDrainer.class)) {
      rig.node("dead", request -> CannedResponses.status(403));
      rig.store(rig.payloads("dead", 0, 100));
      rig.start();
      rig.run(Duration.ofHours(1));
      List<String> lines = log.lines();
      rig.rules.clear();
      rig.run(MINUTE);

      assertThat(lines).allMatch(context -> context.startsWith("WARN")).hasSizeBetween(10, 61);
      assertThat(lines.get(0))
          .contains("Refused for group dead: 1 messages", "100 messages stand in it", "HTTP 403");
      assertThat(lines.get(1)).contains("of 1 groups", "100 messages stand");
      assertThat(log.lines()).last().asString().contains("takes messages from the spool again");
    }
  }

  @Test
  void drain_manyGroupsHalfOfThemDead_healthyOnesDrainInSecondsAndStateIsDropped() {
    try (DrainRig rig = new DrainRig(temp)) {
      int groups = 200;
      List<Payload> all = new ArrayList<>();
      for (int n = 0; n < 5; n++) {
        for (int g = 0; g < groups; g++) {
          all.addAll(rig.payloads("g" + g, n, n + 1));
        }
      }
      for (int g = 0; g < groups; g += 2) {
        rig.node(
            "g" + g,
            g % 4 == 0
                ? request -> CannedResponses.pending()
                : request -> CannedResponses.refused());
      }
      rig.store(all);
      rig.start();

      rig.run(MINUTE);

      for (int g = 1; g < groups; g += 2) {
        assertThat(rig.arrived("g" + g)).containsExactlyInAnyOrder(names(g));
      }
      assertThat(rig.drainer.groups()).isEqualTo(groups / 2);
      rig.rules.clear();
      rig.run(LONG);
      assertThat(rig.disk.messages()).isZero();
      assertThat(rig.drainer.groups()).isZero();
    }
  }

  @Test
  void drain_manyGroupsHangAtOnce_aHealthyOneGoesOn() {
    try (DrainRig rig = new DrainRig(temp)) {
      rig.store(rig.payloads("good", 0, 2_000));
      rig.start();
      rig.timeUntil("good", 500, LONG);
      for (int g = 0; g < 200; g++) {
        rig.node("g" + g, request -> CannedResponses.pending());
        rig.store(rig.payloads("g" + g, 0, 4));
      }

      assertThat(rig.timeUntil("good", 2_000, LONG)).isLessThan(SECOND.multipliedBy(3));
    }
  }

  private static String[] names(int group) {
    return IntStream.range(0, 5).mapToObj(n -> "g" + group + '-' + n).toArray(String[]::new);
  }

  @Test
  void drain_entriesAppendedMeanwhile_leaveInOrderBehindThoseThatFailed() {
    try (DrainRig rig = new DrainRig(temp)) {
      rig.node("group", request -> CannedResponses.refused());
      rig.store(rig.payloads("group", 0, 20));
      rig.start();
      rig.run(SECOND.multipliedBy(10));
      rig.store(rig.payloads("group", 20, 40));
      rig.rules.clear();

      rig.run(MINUTE);

      assertThat(rig.arrived("group"))
          .containsExactlyElementsOf(IntStream.range(0, 40).mapToObj(n -> "group-" + n).toList());
    }
  }

  @Test
  void nodeHealthy_groupWaits_isTriedAtOnceAndNoOther() {
    try (DrainRig rig = new DrainRig(temp)) {
      for (String group : List.of("one", "other")) {
        rig.node(group, request -> CannedResponses.code("115", "Topic not configured"));
        rig.store(rig.payloads(group, 0, 1));
      }
      rig.start();
      rig.run(LONG);
      long one = rig.reportsTo("one");
      long other = rig.reportsTo("other");

      rig.drainer.nodeHealthy("one.node:8080");
      rig.run(Duration.ofMillis(1));

      assertThat(rig.reportsTo("one")).isEqualTo(one + 1);
      assertThat(rig.reportsTo("other")).isEqualTo(other);
    }
  }

  @Test
  void expire_groupWaits_isForgotten() {
    try (DrainRig rig = new DrainRig(temp)) {
      rig.node("dead", request -> CannedResponses.status(401));
      rig.store(rig.payloads("dead", 0, 3));
      rig.start();

      rig.run(DrainRig.MAX_AGE.plus(MINUTE));
      rig.run(MINUTE);

      assertThat(rig.failed).containsExactly(Map.entry("dead", 3));
      assertThat(rig.disk.messages()).isZero();
      assertThat(rig.drainer.groups()).isZero();
    }
  }
}
