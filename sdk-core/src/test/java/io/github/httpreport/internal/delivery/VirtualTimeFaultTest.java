package io.github.httpreport.internal.delivery;

import static io.github.httpreport.internal.delivery.DeliveryRig.DESTINATION;
import static io.github.httpreport.internal.delivery.DeliveryRig.errorOf;
import static io.github.httpreport.internal.delivery.DeliveryRig.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.RetryPolicy;
import io.github.httpreport.SendResult;
import io.github.httpreport.error.DeliveryTimeoutException;
import io.github.httpreport.http.ExchangeException;
import io.github.httpreport.http.ExchangeException.Kind;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.internal.node.GroupNodes;
import io.github.httpreport.internal.node.Lists;
import io.github.httpreport.internal.node.NodeDirectory;
import io.github.httpreport.internal.transport.CannedResponses;
import io.github.httpreport.node.NodeSourceException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Faults that take longer than a test may, or that only a test can bring about: a clock's. */
class VirtualTimeFaultTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration TICK = Duration.ofNanos(1);

  private final DeliveryRig rig = new DeliveryRig();

  @AfterEach
  void close() {
    rig.close();
  }

  static Stream<Duration> jumps() {
    return Stream.of(
        Duration.ofHours(1), Duration.ofHours(-1), Duration.ofDays(3_650), Duration.ofDays(-3_650));
  }

  @ParameterizedTest
  @MethodSource("jumps")
  void clockJumps_whileARetryWaits_isRetriedWhenItsTimeHasCome(Duration jump) {
    rig.transport.then(CannedResponses.retryAfter(30));
    rig.nodes(1);
    CompletableFuture<SendResult> future = rig.send("a");

    rig.scheduler.jump(jump);
    rig.scheduler.advance(Duration.ofSeconds(30).minus(TICK));
    assertThat(future).isNotDone();
    rig.scheduler.advance(TICK);

    assertThat(resultOf(future).attempts()).hasSize(2);
  }

  @ParameterizedTest
  @MethodSource("jumps")
  void clockJumps_whileAnAnswerIsDue_theDeadlineStays(Duration jump) {
    rig.policy = RetryPolicy.builder().deadline(SECOND).build();
    rig.transport.always(request -> CannedResponses.pending());
    rig.nodes(1);
    CompletableFuture<SendResult> future = rig.send("a");

    rig.scheduler.jump(jump);
    rig.scheduler.advance(SECOND.minus(TICK));
    assertThat(future).isNotDone();
    rig.scheduler.advance(TICK);

    errorOf(future, DeliveryTimeoutException.class);
  }

  @ParameterizedTest
  @MethodSource("jumps")
  void clockJumps_whileANodeIsEjected_itComesBackInItsTime(Duration jump) {
    CompletableFuture<Response> late = new CompletableFuture<>();
    rig.transport.then(late, CannedResponses.refused());
    rig.nodes(2);
    CompletableFuture<SendResult> underWay = rig.send("a");
    resultOf(rig.send("b"));
    assertThat(healthyNodes()).isEqualTo(1);

    rig.scheduler.jump(jump);
    late.completeExceptionally(new ExchangeException(Kind.NOT_CONNECTED, "refused", null));
    resultOf(underWay);
    rig.scheduler.advance(SECOND.minus(TICK));
    assertThat(healthyNodes()).isEqualTo(1);
    rig.scheduler.advance(TICK);

    assertThat(healthyNodes()).isEqualTo(2);
  }

  @ParameterizedTest
  @MethodSource("jumps")
  void clockJumps_whileAListIsGood_theNextIsAskedForInItsTime(Duration jump) {
    rig.nodes(1);

    rig.scheduler.jump(jump);
    rig.scheduler.advance(MINUTE.minus(TICK));
    assertThat(rig.source.count()).isEqualTo(1);
    rig.scheduler.advance(TICK);

    assertThat(rig.source.count()).isEqualTo(2);
  }

  @ParameterizedTest
  @MethodSource("jumps")
  void clockJumps_whileAListIsOutOfUse_theNextIsAskedForInItsTime(Duration jump) {
    rig.nodes(1);
    rig.scheduler.advance(MINUTE);
    rig.source.last().list(Lists.upTo(1));
    rig.scheduler.advance(SECOND);

    rig.scheduler.jump(jump);
    resultOf(rig.send("a"));
    rig.scheduler.advance(MINUTE.minus(SECOND).minus(TICK));
    assertThat(rig.source.count()).isEqualTo(2);
    rig.scheduler.advance(TICK);

    assertThat(rig.source.count()).isEqualTo(3);
  }

  @ParameterizedTest
  @MethodSource("jumps")
  void clockJumps_whileNodesFail_aListIsAskedForEarlyInItsTime(Duration jump) {
    rig.transport.then(CannedResponses.refused());
    rig.nodes(2);
    rig.scheduler.advance(SECOND);

    rig.scheduler.jump(jump);
    resultOf(rig.send("a"));
    rig.scheduler.advance(SECOND.multipliedBy(4).minus(TICK));
    assertThat(rig.source.count()).isEqualTo(1);
    rig.scheduler.advance(TICK);

    assertThat(rig.source.count()).isEqualTo(2);
  }

  @ParameterizedTest
  @MethodSource("jumps")
  void clockJumps_afterNoListCame_itIsAskedForAgainInItsTime(Duration jump) {
    NodeDirectory directory = rig.context().directory();
    assertThat(directory.nodes(DESTINATION.groupId())).isNotDone();
    rig.source.last().fail(NodeSourceException.Kind.UNAVAILABLE);

    rig.scheduler.jump(jump);
    rig.scheduler.advance(SECOND.minus(TICK));
    assertThat(directory.nodes(DESTINATION.groupId())).isCompletedExceptionally();
    assertThat(rig.source.count()).isEqualTo(1);
    rig.scheduler.advance(TICK);

    assertThat(directory.nodes(DESTINATION.groupId())).isNotDone();
    assertThat(rig.source.count()).isEqualTo(2);
  }

  @Test
  void allNodesDead_forAMinute_everythingIsDeliveredWithTheDefaults() {
    long start = rig.scheduler.nanoTime();
    Function<Request, CompletableFuture<Response>> deadForAMinute =
        request ->
            rig.scheduler.nanoTime() - start < MINUTE.toNanos()
                ? CannedResponses.refused()
                : CannedResponses.ok();
    rig.transport.always(deadForAMinute);
    rig.transport.onProbe(deadForAMinute);
    rig.nodes(3);
    CompletableFuture<SendResult> future = rig.send("a");

    rig.scheduler.advance(MINUTE.minus(TICK));
    assertThat(future).isNotDone();
    rig.scheduler.advance(MINUTE);

    assertThat(resultOf(future).possibleDuplicate()).isFalse();
    rig.scheduler.advance(MINUTE.dividedBy(2));
    assertThat(healthyNodes()).isEqualTo(3);
  }

  private int healthyNodes() {
    GroupNodes group = rig.context().directory().known(DESTINATION.groupId());
    return (int) group.all().stream().filter(node -> node.ejection().isHealthy()).count();
  }
}
