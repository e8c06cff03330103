package io.github.httpreport.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.httpreport.Destination;
import io.github.httpreport.ProxySender;
import io.github.httpreport.SendResult;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LinePumpTest {

  private final LineCounters counters = new LineCounters();

  @Test
  void awaitOutcomes_lineOnItsWay_waitsUntilItIsCounted() {
    CompletableFuture<SendResult> outcome = new CompletableFuture<>();
    LinePump pump = pump(() -> outcome);
    pump.offer(line(), "in");

    CompletableFuture<Void> waiting = CompletableFuture.runAsync(pump::awaitOutcomes);
    assertThatExceptionOfType(TimeoutException.class)
        .isThrownBy(() -> waiting.get(50, TimeUnit.MILLISECONDS));
    outcome.complete(SendResult.builder().build());

    assertThat(waiting).succeedsWithin(Duration.ofSeconds(20));
    assertThat(counters.acknowledged.sum()).isEqualTo(1);
  }

  @Test
  void awaitOutcomes_senderClosedBeforeTheLine_doesNotWaitForIt() {
    LinePump pump =
        pump(
            () -> {
              throw new IllegalStateException("sender is closed");
            });

    assertThat(pump.offer(line(), "in")).isFalse();
    pump.awaitOutcomes();

    assertThat(counters.read.sum()).isZero();
  }

  private LinePump pump(Supplier<CompletableFuture<SendResult>> enqueue) {
    ProxySender sender =
        (ProxySender)
            Proxy.newProxyInstance(
                ProxySender.class.getClassLoader(),
                new Class<?>[] {ProxySender.class},
                (proxy, method, arguments) -> enqueue.get());
    return new LinePump(
        sender,
        new Destination("g", "s"),
        counters,
        (bytes, place, why) -> {},
        UnaryOperator.identity());
  }

  private static Line line() {
    return new Line.TextLine(1, "a");
  }
}
