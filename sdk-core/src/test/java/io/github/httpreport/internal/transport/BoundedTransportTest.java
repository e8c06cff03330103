package io.github.httpreport.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.httpreport.Batching;
import io.github.httpreport.RetryPolicy;
import io.github.httpreport.SenderMetrics;
import io.github.httpreport.WhenFull;
import io.github.httpreport.error.DeliveryTimeoutException;
import io.github.httpreport.http.ExchangeException.Kind;
import io.github.httpreport.http.Origin;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.internal.Engine;
import io.github.httpreport.internal.SenderSettings;
import io.github.httpreport.internal.concurrent.ManualScheduler;
import io.github.httpreport.internal.delivery.FakeProtocol;
import io.github.httpreport.internal.node.Lists;
import io.github.httpreport.node.NodeSelector;
import io.github.httpreport.node.NodeSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Transports that lose an exchange: its future is never completed. */
@Timeout(60)
class BoundedTransportTest {

  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration REQUEST = Duration.ofSeconds(10);
  private static final Duration TWICE_BOTH = Duration.ofSeconds(26);
  private static final Duration LIMIT = Duration.ofSeconds(4);
  private static final Duration GRACE = Duration.ofMillis(10);
  private static final Request REQUEST_TO_NODE =
      Request.get(new Origin(false, "127.0.0.1", 80), "/").build();

  private final ManualScheduler timer = new ManualScheduler();
  private final Losing losing = new Losing();
  private final BoundedTransport transport = new BoundedTransport(losing, CONNECT, REQUEST, timer);

  @Test
  void execute_answerIsLost_failsAfterItsLimit() {
    CompletableFuture<Response> answer =
        transport.execute(REQUEST_TO_NODE, response -> true, LIMIT);

    timer.advance(LIMIT);
    assertThat(answer).isNotDone();
    timer.advance(GRACE);

    assertThat(TransportFixture.failure(answer).kind()).isEqualTo(Kind.TIMED_OUT);
    assertThat(transport.openCalls()).isZero();
  }

  @Test
  void executeHere_answerIsLost_failsAfterItsLimit() {
    CompletableFuture<Response> answer =
        transport.executeHere(REQUEST_TO_NODE, response -> true, LIMIT);

    timer.advance(LIMIT.plus(GRACE));

    assertThat(TransportFixture.failure(answer).kind()).isEqualTo(Kind.TIMED_OUT);
  }

  @Test
  void execute_limitIsFarAway_failsOnceEveryStepHadItsTimeTwice() {
    List<CompletableFuture<Response>> answers =
        List.of(
            transport.execute(REQUEST_TO_NODE, response -> true),
            transport.execute(REQUEST_TO_NODE, response -> true, Duration.ofDays(365)));

    timer.advance(TWICE_BOTH);
    assertThat(answers).noneMatch(CompletableFuture::isDone);
    timer.advance(GRACE);

    assertThat(answers)
        .allSatisfy(
            answer ->
                assertThat(TransportFixture.failure(answer).kind()).isEqualTo(Kind.TIMED_OUT));
  }

  @Test
  void execute_answerComes_nothingIsLeftOfIt() {
    CompletableFuture<Response> answer = transport.execute(REQUEST_TO_NODE, response -> true);

    losing.last.complete(CannedResponses.response("0", "Ok"));
    timer.advance(TWICE_BOTH.plus(GRACE));

    assertThat(TransportFixture.answer(answer).status()).isEqualTo(200);
    assertThat(transport.openCalls()).isZero();
  }

  @Test
  void close_answersAreLost_failsThem() {
    CompletableFuture<Response> answer = transport.execute(REQUEST_TO_NODE, response -> true);

    transport.close(Duration.ZERO);

    assertThat(TransportFixture.failure(answer).kind()).isEqualTo(Kind.CONNECTION_LOST);
    assertThat(TransportFixture.failure(transport.execute(REQUEST_TO_NODE, r -> true)).kind())
        .isEqualTo(Kind.CONNECTION_LOST);
  }

  @Test
  void send_everyAnswerIsLost_endsAtTheDeadlineOfTheDelivery() {
    RetryPolicy policy = RetryPolicy.builder().deadline(Duration.ofMillis(300)).build();
    Engine engine = new Engine(settings(policy), (any, itsTimer, completions) -> losing);

    CompletableFuture<?> async = engine.sendAsync(List.of("a"), "group", "stream", null);
    assertThatThrownBy(() -> engine.send(List.of("a"), "group", "stream", null))
        .isInstanceOf(DeliveryTimeoutException.class);

    assertThat(async)
        .failsWithin(Duration.ofSeconds(20))
        .withThrowableThat()
        .withCauseInstanceOf(DeliveryTimeoutException.class);
    engine.close(Duration.ZERO);
  }

  private static SenderSettings settings(RetryPolicy policy) {
    return new SenderSettings(
        "test",
        new FakeProtocol(),
        NodeSource.fixed(List.of(Lists.node(0), Lists.node(1))),
        NodeSelector.roundRobin(),
        policy,
        Batching.defaults(),
        1 << 20,
        WhenFull.fail(),
        CONNECT,
        REQUEST,
        64,
        null,
        null,
        null,
        null,
        SenderMetrics.NONE,
        null);
  }

  /** Gives a future and forgets it. */
  private static final class Losing implements Transport {
    private volatile CompletableFuture<Response> last = new CompletableFuture<>();

    @Override
    public CompletableFuture<Response> execute(
        Request request, Predicate<Response> keepConnection) {
      last = new CompletableFuture<>();
      return last;
    }

    @Override
    public CompletableFuture<Response> execute(
        Request request, Predicate<Response> keepConnection, Duration limit) {
      return execute(request, keepConnection);
    }

    @Override
    public void close(Duration timeout) {
      // Nothing to free.
    }
  }
}
