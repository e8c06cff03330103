package io.github.httpreport.faults;

import static io.github.httpreport.faults.Expected.delivered;
import static io.github.httpreport.faults.Expected.failedPerhapsStored;
import static io.github.httpreport.faults.TimeoutProfile.AMPLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.Attempt;
import io.github.httpreport.CloseSummary;
import io.github.httpreport.Destination;
import io.github.httpreport.SenderMetrics;
import io.github.httpreport.error.DeliveryTimeoutException;
import io.github.httpreport.testsupport.Gate;
import io.github.httpreport.testsupport.ScriptedConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** An application that does to its sender what it should not. */
final class ApplicationCases {

  private static final Duration LONGER_THAN_A_TEST = Duration.ofMinutes(10);

  private ApplicationCases() {}

  static Stream<FaultCase> all() {
    return Stream.of(
        new FaultCase(
            "callbacks that throw",
            () -> withCallbacks(ApplicationCases::throwing),
            AMPLE,
            delivered()),
        new FaultCase("a callback that blocks", ApplicationCases::blocking, AMPLE, delivered()),
        new FaultCase(
            "metrics that throw",
            () ->
                ScriptedFaultScenario.node(ScriptedFaultScenario::serve)
                    .counting(new ThrowingMetrics()),
            AMPLE,
            delivered()),
        new FaultCase(
            "callbacks that close the sender",
            () -> closing(LONGER_THAN_A_TEST),
            AMPLE,
            delivered()),
        new FaultCase(
            "callbacks that close the sender at once",
            () -> closing(Duration.ZERO),
            AMPLE,
            failedPerhapsStored(DeliveryTimeoutException.class).orDelivered()),
        new FaultCase(
            "interrupts during send", ApplicationCases::interrupting, AMPLE, delivered()));
  }

  /** A node that has everything, and answers when the callbacks are there. */
  private static ScriptedFaultScenario withCallbacks(Consumer<Traffic> callbacks) {
    Gate responses = new Gate();
    StoredMessages arrived = new StoredMessages();
    return ScriptedFaultScenario.node((c, store) -> response(c, store, arrived, responses))
        .sending(
            traffic -> {
              traffic.fourRequests();
              // One that is still on its way to the sender would find it closed.
              int messages = traffic.sent().stream().mapToInt(s -> s.bodies().size()).sum();
              traffic.await("all have left").until(() -> arrived.messages().size() == messages);
              callbacks.accept(traffic);
              responses.openForAll();
            });
  }

  private static void response(
      ScriptedConnection connection, StoredMessages store, StoredMessages arrived, Gate gate)
      throws IOException {
    while (true) {
      String request = connection.readRequest();
      arrived.keep(request);
      gate.pass();
      store.keep(request);
      connection.write(ScriptedFaultScenario.OK);
    }
  }

  private static void throwing(Traffic traffic) {
    traffic.sent().forEach(s -> s.future().whenComplete((r, e) -> throwError()));
    traffic.sent().forEach(s -> s.future().whenComplete((r, e) -> throwException()));
  }

  private static void throwError() {
    throw new AssertionError("an application's");
  }

  private static void throwException() {
    throw new IllegalStateException("an application's");
  }

  private static FaultScenario blocking() {
    CountDownLatch unblocked = new CountDownLatch(1);
    return withCallbacks(
            traffic ->
                traffic.sent().stream()
                    .findFirst()
                    .orElseThrow()
                    .future()
                    .whenComplete((result, error) -> block(unblocked)))
        .owning(unblocked::countDown);
  }

  /** For longer than anybody waits for anything here. */
  private static void block(CountDownLatch unblocked) {
    try {
      assertThat(unblocked.await(LONGER_THAN_A_TEST.toMinutes(), TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** None of them waits for the message that it is called for, which has its end already. */
  private static FaultScenario closing(Duration time) {
    Queue<CompletableFuture<CloseSummary>> closed = new ConcurrentLinkedQueue<>();
    return withCallbacks(traffic -> closing(traffic, time, closed))
        .then(
            traffic ->
                traffic.await("callbacks have closed").until(() -> allEqual(traffic, closed)));
  }

  private static void closing(
      Traffic traffic, Duration time, Queue<CompletableFuture<CloseSummary>> closed) {
    traffic
        .sent()
        .forEach(
            s -> closed.add(s.future().handle((result, error) -> traffic.sender().close(time))));
  }

  /** Each told of every message, and the same as the others. */
  private static boolean allEqual(Traffic traffic, Queue<CompletableFuture<CloseSummary>> closed) {
    int messages = traffic.sent().stream().mapToInt(s -> s.bodies().size()).sum();
    return closed.stream().allMatch(CompletableFuture::isDone)
        && closed.stream().map(CompletableFuture::join).distinct().count() == 1
        && closed.element().join().total() == messages;
  }

  private static final class ThrowingMetrics implements SenderMetrics {
    @Override
    public void attempted(Destination destination, Attempt attempt) {
      throwException();
    }

    @Override
    public void sent(Destination destination, int messages, Duration elapsed) {
      throwException();
    }

    @Override
    public void bufferUsed(long usedBytes, long maxBytes) {
      throwException();
    }
  }

  /** Who is interrupted gives up waiting; the message goes its way nevertheless. */
  private static FaultScenario interrupting() {
    return withCallbacks(traffic -> traffic.interruptedSend())
        .then(traffic -> traffic.sender().flush().join());
  }
}
