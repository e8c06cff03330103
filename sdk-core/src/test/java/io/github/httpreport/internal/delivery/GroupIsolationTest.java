package io.github.httpreport.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.Destination;
import io.github.httpreport.SendResult;
import io.github.httpreport.http.ExchangeException;
import io.github.httpreport.http.ExchangeException.Kind;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.internal.node.Lists;
import io.github.httpreport.internal.transport.CannedResponses;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Groups with dead nodes beside groups with nodes that answer, in virtual time: 15 seconds each,
 * with the default settings. What the healthy ones get is compared with what they get alone.
 */
class GroupIsolationTest {

  private static final Duration STEP = Duration.ofMillis(1);
  private static final int STEPS = 15_000;

  /** Healthy nodes answer after so many steps. */
  private static final int LATENCY = 5;

  private static final int PER_SECOND = 160;

  private static final double ENOUGH = 0.95;

  /** What the nodes of a dead group do with a request. */
  enum Death {
    BLACK_HOLE,
    NO_RESPONSE,
    REFUSED,
    QUEUE_FULL
  }

  /**
   * What came of the messages of the healthy groups.
   *
   * @param p99 in steps; what was not acknowledged counts as endless
   */
  private record Outcome(int offered, int acknowledged, int p99) {}

  /** A sender of several groups, the first of which may be dead. */
  private static final class Groups implements AutoCloseable {
    private final DeliveryRig rig = new DeliveryRig();
    private final Random random = new Random(42);
    private final int dead;
    private final int groups;
    private final Death death;
    private final double healthyQueueFull;
    private final List<CompletableFuture<SendResult>> offered = new ArrayList<>();
    private final List<Integer> latencies = new ArrayList<>();
    private boolean deathHasCome;
    private int step;

    Groups(int groups, int dead, Death death, double healthyQueueFull) {
      this.dead = dead;
      this.groups = groups;
      this.death = death;
      this.healthyQueueFull = healthyQueueFull;
      rig.transport.always(this::response);
      rig.transport.onProbe(request -> isDead(request) ? die() : CannedResponses.ok());
      IntStream.range(0, groups)
          .forEach(group -> rig.nodes(name(group), Lists.of(2 * group, 2 * group + 1)));
    }

    private static String name(int group) {
      return "group-" + group;
    }

    private boolean isDead(Request request) {
      int node = Integer.parseInt(request.origin().host().substring(1));
      return deathHasCome && node / 2 < dead;
    }

    private CompletableFuture<Response> response(Request request) {
      if (isDead(request)) {
        return die();
      }
      CompletableFuture<Response> response = new CompletableFuture<>();
      boolean full = random.nextDouble() < healthyQueueFull;
      Response body =
          full ? CannedResponses.response("114", "full") : CannedResponses.response("0", "Ok");
      rig.scheduler.schedule(STEP.multipliedBy(LATENCY), () -> response.complete(body));
      return response;
    }

    private CompletableFuture<Response> die() {
      CompletableFuture<Response> response = new CompletableFuture<>();
      switch (death) {
        case REFUSED -> response.completeExceptionally(notConnected("refused"));
        case QUEUE_FULL -> response.complete(CannedResponses.response("114", "full"));
        case BLACK_HOLE ->
            rig.scheduler.schedule(
                Duration.ofSeconds(3),
                () -> response.completeExceptionally(notConnected("timed out")));
        case NO_RESPONSE -> {}
      }
      return response;
    }

    private static ExchangeException notConnected(String why) {
      return new ExchangeException(Kind.NOT_CONNECTED, why, null);
    }

    /** Lets 15 seconds pass, with so many messages a second for the dead and the healthy. */
    Outcome run(int deadPerSecond) {
      for (step = 0; step < STEPS; step++) {
        if (isDue(deadPerSecond)) {
          send(random.nextInt(Math.max(1, dead)), false);
        }
        if (isDue(PER_SECOND)) {
          send(dead + random.nextInt(groups - dead), true);
        }
        rig.scheduler.advance(STEP);
        // Nobody asks for them, and to copy them for each request takes longer than all the rest.
        rig.transport.reports().clear();
      }
      latencies.sort(Integer::compare);
      int last = offered.size() * 99 / 100;
      return new Outcome(
          offered.size(),
          latencies.size(),
          last < latencies.size() ? latencies.get(last) : Integer.MAX_VALUE);
    }

    private boolean isDue(int perSecond) {
      return (long) (step + 1) * perSecond / 1_000 > (long) step * perSecond / 1_000;
    }

    private void send(int group, boolean counted) {
      int begin = step;
      CompletableFuture<SendResult> future =
          rig.send(new Destination(name(group), "stream"), Runnable::run, "a");
      if (counted) {
        offered.add(future);
        future.thenAccept(result -> latencies.add(step - begin));
      }
    }

    Groups warmUp() {
      for (step = 0; step < 1_000; step++) {
        send(step % groups, false);
        rig.scheduler.advance(STEP);
      }
      return this;
    }

    Groups deathComes() {
      deathHasCome = true;
      return this;
    }

    @Override
    public void close() {
      rig.close();
    }
  }

  private static Outcome alone(int groups, double queueFull) {
    try (Groups healthy = new Groups(groups, 0, Death.REFUSED, queueFull)) {
      return healthy.run(0);
    }
  }

  private static void assertUndisturbed(Outcome outcome, Outcome alone) {
    assertThat(alone.acknowledged()).isGreaterThan(alone.offered() * 99 / 100);
    assertThat(outcome.acknowledged())
        .as("%s, alone %s", outcome, alone)
        .isGreaterThanOrEqualTo((int) (ENOUGH * alone.acknowledged()));
    assertThat(outcome.p99())
        .as("%s, alone %s", outcome, alone)
        .isLessThanOrEqualTo(2 * alone.p99());
  }

  static Stream<Arguments> cells() {
    return Stream.of(0.0, 0.05)
        .flatMap(
            queueFull ->
                Stream.of(
                    Arguments.of(Death.BLACK_HOLE, 10, queueFull),
                    Arguments.of(Death.BLACK_HOLE, 1_000, queueFull),
                    Arguments.of(Death.NO_RESPONSE, 20, queueFull),
                    Arguments.of(Death.NO_RESPONSE, 1_000, queueFull),
                    Arguments.of(Death.REFUSED, 200, queueFull),
                    Arguments.of(Death.QUEUE_FULL, 50, queueFull)));
  }

  @ParameterizedTest
  @MethodSource("cells")
  void deadFromTheBeginning_otherGroup_keepsItsRate(
      Death death, int deadPerSecond, double queueFull) {
    try (Groups groups = new Groups(2, 1, death, queueFull)) {
      assertUndisturbed(groups.deathComes().run(deadPerSecond), alone(1, queueFull));
    }
  }

  @ParameterizedTest
  @MethodSource("cells")
  void diesUnderLoad_otherGroup_keepsItsRate(Death death, int deadPerSecond, double queueFull) {
    try (Groups groups = new Groups(2, 1, death, queueFull)) {
      assertUndisturbed(groups.warmUp().deathComes().run(deadPerSecond), alone(1, queueFull));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "BLACK_HOLE, 160, 0.05",
    "NO_RESPONSE, 160, 0.05",
    "REFUSED, 200, 0.05",
    "QUEUE_FULL, 160, 0.05"
  })
  void halfOfAHundredGroupsDie_theOthers_keepTheirRate(
      Death death, int deadPerSecond, double queueFull) {
    try (Groups groups = new Groups(100, 50, death, queueFull)) {
      assertUndisturbed(groups.warmUp().deathComes().run(deadPerSecond), alone(50, queueFull));
    }
  }

  @ParameterizedTest
  @CsvSource({"BLACK_HOLE", "NO_RESPONSE", "REFUSED", "QUEUE_FULL"})
  void halfOfAHundredGroupsDeadFromTheBeginning_theOthers_keepTheirRate(Death death) {
    try (Groups groups = new Groups(100, 50, death, 0)) {
      assertUndisturbed(groups.deathComes().run(160), alone(50, 0));
    }
  }
}
