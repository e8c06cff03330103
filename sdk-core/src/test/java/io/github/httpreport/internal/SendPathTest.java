package io.github.httpreport.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.Batching;
import io.github.httpreport.RetryPolicy;
import io.github.httpreport.SenderMetrics;
import io.github.httpreport.WhenFull;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.internal.delivery.FakeProtocol;
import io.github.httpreport.internal.node.Lists;
import io.github.httpreport.internal.transport.CannedResponses;
import io.github.httpreport.internal.transport.Transport;
import io.github.httpreport.node.NodeSelector;
import io.github.httpreport.node.NodeSource;
import java.lang.StackWalker.StackFrame;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The way of the bodies through {@code send}, as {@code docs/architecture.md} lists it. */
class SendPathTest {

  private static final int MAX_STOPS = 25;

  /** What each stop calls and comes back from, with the public method and the end, by that page. */
  private static final Set<String> BESIDE_THE_STACK =
      Set.of(
          "HttpProxySender.send",
          "MessageValidator.check",
          "MessageValidator.sizeOf",
          "WireProtocol.encode",
          "WireProtocol.request",
          "SingleFutureCompletion.completeFuture",
          "Engine.await");

  /** The metrics that the test looks from, and how they are reached. */
  private static final Predicate<String> ACCOUNTING =
      stop -> stop.matches("(IncompleteBatches|MemoryBudget)\\..*|.*Metrics\\..*");

  private final Set<String> stops = new TreeSet<>(BESIDE_THE_STACK);

  private final class StackRecordingTransport implements Transport {

    @Override
    public CompletableFuture<Response> executeHere(
        Request request, Predicate<Response> keepConnection, Duration timeLeft) {
      record();
      return execute(request, keepConnection, timeLeft);
    }

    @Override
    public CompletableFuture<Response> execute(
        Request request, Predicate<Response> keepConnection, Duration timeLeft) {
      CompletableFuture<Response> response = CannedResponses.ok();
      assertThat(keepConnection.test(response.join())).isTrue();
      return response;
    }

    @Override
    public CompletableFuture<Response> execute(
        Request request, Predicate<Response> keepConnection) {
      return execute(request, keepConnection, Duration.ZERO);
    }

    @Override
    public void close(Duration timeout) {}
  }

  private void record() {
    StackWalker.getInstance()
        .forEach(
            frame -> {
              if (isOnPath(frame)) {
                stops.add(stop(frame));
              }
            });
  }

  private static boolean isOnPath(StackFrame frame) {
    String type = frame.getClassName();
    return type.startsWith("io.github.httpreport.")
        && !type.contains("Test")
        && !type.contains(".transport.")
        && !type.contains(".telemetry.")
        && !frame.getMethodName().startsWith("lambda$");
  }

  /** Two methods of one name are two stops. */
  private static String stop(StackFrame frame) {
    String type = frame.getClassName().replaceAll(".*\\.", "").replaceAll("\\$.*", "");
    long parameters = frame.getDescriptor().chars().filter(c -> c == ';').count();
    boolean overloaded =
        type.equals("AttemptRunner") && Set.of("start", "exchange").contains(frame.getMethodName());
    return type + '.' + frame.getMethodName() + (overloaded ? "/" + parameters : "");
  }

  @Test
  void send_bodies_passAtMostAsManyStopsAsTheDocumentAllows() {
    Engine engine =
        new Engine(
            new SenderSettings(
                "test",
                new FakeProtocol(),
                NodeSource.fixed(List.of(Lists.node(0))),
                NodeSelector.roundRobin(),
                RetryPolicy.defaults(),
                Batching.defaults(),
                1 << 20,
                WhenFull.fail(),
                Duration.ofSeconds(20),
                Duration.ofSeconds(20),
                64,
                null,
                null,
                null,
                null,
                new SenderMetrics() {
                  @Override
                  public void bufferUsed(long usedBytes, long maxBytes) {
                    if (usedBytes == 0) {
                      record();
                    }
                  }
                },
                null),
            (any, scheduler, callbacks) -> new StackRecordingTransport());

    engine.send(List.of("a", "b"), "group", "stream", null);
    engine.close(Duration.ZERO);

    Set<String> path =
        stops.stream().filter(ACCOUNTING.negate()).collect(Collectors.toCollection(TreeSet::new));
    assertThat(path).contains("AttemptRunner.classify", "Delivery.complete", "BatchCompletion.end");
    assertThat(path).hasSizeLessThanOrEqualTo(MAX_STOPS);
  }
}
