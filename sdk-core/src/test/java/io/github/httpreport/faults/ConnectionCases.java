package io.github.httpreport.faults;

import static io.github.httpreport.faults.Expected.delivered;
import static io.github.httpreport.faults.Expected.deliveredPerhapsTwice;
import static io.github.httpreport.faults.Expected.failed;
import static io.github.httpreport.faults.Expected.failedPerhapsStored;
import static io.github.httpreport.faults.ScriptedFaultScenario.OK;
import static io.github.httpreport.faults.TimeoutProfile.AMPLE;
import static io.github.httpreport.faults.TimeoutProfile.HASTY;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.Attempt;
import io.github.httpreport.error.DeliveryTimeoutException;
import io.github.httpreport.error.NoNodeAvailableException;
import io.github.httpreport.error.UnknownOutcomeException;
import io.github.httpreport.faults.ScriptedFaultScenario.NodeScript;
import io.github.httpreport.testsupport.Gate;
import io.github.httpreport.testsupport.ScriptedConnection;
import io.github.httpreport.testsupport.ScriptedServer;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Nodes that cannot be reached, break off, say nothing, say it slowly or never stop. */
final class ConnectionCases {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final String FAREWELL =
      ScriptedServer.ok("{\"code\":\"2147483647\",\"msg\":\"Process message failure: null\"}");
  private static final String BUSY = ScriptedServer.response("503 Service Unavailable", "");
  private static final int STATUS_LINE = BUSY.indexOf("\r\n") + 2;
  private static final int HEAD = OK.indexOf("\r\n\r\n") + 4;
  private static final int TICK_MILLIS = 100;

  private ConnectionCases() {}

  static Stream<FaultCase> all() {
    return Stream.of(unreachable(), broken(), silent(), unasked(), endless()).flatMap(rows -> rows);
  }

  private static Stream<FaultCase> unreachable() {
    return Stream.of(
            unreachable("refused", UnresponsiveAddress::refusing, AMPLE),
            unreachable("black hole", UnresponsiveAddress::blackHole, HASTY),
            Stream.of(
                new FaultCase(
                    "unknown host, and a neighbour",
                    () -> neighbour().andNobodyAt("nosuchhost.invalid:8080"),
                    AMPLE,
                    delivered()),
                new FaultCase(
                    "unknown host, for good",
                    () -> ScriptedFaultScenario.empty().andNobodyAt("nosuchhost.invalid:8080"),
                    AMPLE.attempts(2),
                    failed(NoNodeAvailableException.class).after(2))))
        .flatMap(rows -> rows);
  }

  private static Stream<FaultCase> unreachable(
      String fault, Supplier<UnresponsiveAddress> unresponsive, TimeoutProfile timeouts) {
    return Stream.of(
        new FaultCase(
            fault + ", and a neighbour",
            () -> with(neighbour(), unresponsive.get()),
            timeouts,
            timeouts.equals(AMPLE) ? delivered() : deliveredPerhapsTwice()),
        new FaultCase(
            fault + ", for good",
            () -> with(ScriptedFaultScenario.empty(), unresponsive.get()),
            timeouts.attempts(3),
            failed(NoNodeAvailableException.class).after(3)),
        new FaultCase(
            fault + ", until the deadline",
            () -> with(ScriptedFaultScenario.empty(), unresponsive.get()),
            TimeoutProfile.until(SECOND),
            failed(DeliveryTimeoutException.class, NoNodeAvailableException.class)));
  }

  private static ScriptedFaultScenario neighbour() {
    return ScriptedFaultScenario.node(ScriptedFaultScenario::serve);
  }

  private static ScriptedFaultScenario with(
      ScriptedFaultScenario scenario, UnresponsiveAddress unresponsive) {
    return scenario.andNobodyAt(unresponsive.address()).owning(unresponsive);
  }

  private static Stream<FaultCase> broken() {
    String chunk = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{\"code\":";
    return Stream.of(
            NodeFault.of("accepts and closes", (c, store) -> c.close()),
            NodeFault.of("reset before the request", (c, store) -> c.reset()),
            NodeFault.of("reset during the request", ConnectionCases::resetWithinRequest)
                .sending(ConnectionCases::large),
            NodeFault.of("reset after the request", ConnectionCases::resetBehindRequest),
            NodeFault.of("stored, then reset", storing(c -> c.reset())),
            NodeFault.of("stored, then closed", storing(c -> c.close())),
            NodeFault.of("answer cut in the status line", responding(OK.substring(0, 10))),
            NodeFault.of("answer cut in the head", responding(OK.substring(0, 20))),
            NodeFault.of("refusal cut in the head", responding(BUSY.substring(0, STATUS_LINE))),
            NodeFault.of("answer cut behind the head", responding(OK.substring(0, HEAD))),
            NodeFault.of("answer cut in the body", responding(OK.substring(0, OK.length() - 1))),
            NodeFault.of("chunked answer cut in the body", responding(chunk)),
            NodeFault.of("answer that is no HTTP", responding("220 " + Canary.BODY + "\r\n")))
        .map(f -> f.leavingOpen(UnknownOutcomeException.class, NoNodeAvailableException.class))
        .flatMap(NodeFault::rows);
  }

  private static void resetWithinRequest(ScriptedConnection connection, StoredMessages store)
      throws IOException {
    connection.readHead();
    connection.reset();
  }

  private static void large(Traffic traffic) {
    traffic.large(300_000);
    traffic.wave();
  }

  private static void resetBehindRequest(ScriptedConnection connection, StoredMessages store)
      throws IOException {
    connection.readRequest();
    connection.reset();
  }

  private static NodeScript storing(ScriptedServer.Script then) {
    return (connection, store) -> {
      store.keep(connection.readRequest());
      then.run(connection);
    };
  }

  /** Stores, writes this, and closes. */
  private static NodeScript responding(String bytes) {
    return storing(connection -> connection.write(bytes));
  }

  private static Stream<FaultCase> silent() {
    Stream<FaultCase> outwaited =
        Stream.of(
                NodeFault.of("no answer", ConnectionCases::ignore),
                NodeFault.of("stored and no answer", storing(ScriptedConnection::awaitEnd)),
                NodeFault.of("one byte a second", storing(c -> drip(c, OK))),
                NodeFault.of(
                    "endless interim answers",
                    storing(c -> drip(c, "HTTP/1.1 103 Wait\r\n\r\n".repeat(100)))))
            .map(f -> f.leavingOpen(UnknownOutcomeException.class).outwaited())
            .flatMap(NodeFault::rows);
    Stream<FaultCase> untilTheDeadline =
        Stream.of(
            untilTheDeadline("no answer", ConnectionCases::ignore),
            untilTheDeadline("one byte a second", storing(c -> drip(c, OK))));
    return Stream.concat(outwaited, untilTheDeadline);
  }

  private static FaultCase untilTheDeadline(String fault, NodeScript script) {
    return new FaultCase(
        fault + ", until the deadline",
        () -> ScriptedFaultScenario.node(script),
        TimeoutProfile.until(SECOND),
        failedPerhapsStored(DeliveryTimeoutException.class));
  }

  private static void ignore(ScriptedConnection connection, StoredMessages store)
      throws IOException {
    connection.readRequest();
    connection.awaitEnd();
  }

  /** Seconds are a tenth of that here. */
  private static void drip(ScriptedConnection connection, String response) throws IOException {
    Gate gate = new Gate();
    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    ScheduledFuture<?> ticks =
        clock.scheduleAtFixedRate(gate::open, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
    try {
      connection.writeSlowly(response, gate);
    } finally {
      ticks.cancel(true);
      clock.shutdownNow();
    }
  }

  private static Stream<FaultCase> unasked() {
    return Stream.of(
            unasked("idle farewell and close", FAREWELL, c -> {}),
            unasked("idle farewell", FAREWELL, ScriptedConnection::awaitEnd),
            unasked("an answer too many", OK, ConnectionCases::ignoreNext),
            unaskedPart("one byte of an answer", 1),
            unaskedPart("a part of a head", 30),
            unaskedPart("all but one byte of an answer", OK.length() - 1))
        .flatMap(rows -> rows);
  }

  /** The rest of the answer follows the next request, which is not stored. */
  private static Stream<FaultCase> unaskedPart(String fault, int length) {
    return unasked(
        fault,
        OK.substring(0, length),
        connection -> {
          connection.readRequest();
          connection.write(OK.substring(length));
        });
  }

  /** The extra answer lies there before the next request, whose own answer it is not. */
  private static Stream<FaultCase> unasked(
      String fault, String additional, ScriptedServer.Script then) {
    NodeScript script =
        storing(
            connection -> {
              connection.write(OK + additional);
              then.run(connection);
            });
    return Stream.of(
        new FaultCase(
            "unasked on an idle connection: " + fault,
            () -> ScriptedFaultScenario.node(script).sending(ConnectionCases::wavesInTurn),
            AMPLE,
            deliveredPerhapsTwice()));
  }

  private static void ignoreNext(ScriptedConnection connection) throws IOException {
    connection.readRequest();
    connection.close();
  }

  private static void wavesInTurn(Traffic traffic) {
    for (int i = 0; i < 3; i++) {
      traffic.wave();
      traffic.awaitCompleted();
    }
    assertThat(traffic.sent())
        .flatExtracting(sent -> sent.future().join().attempts())
        .extracting(Attempt::code)
        .as("codes of answers, of which the unasked ones are none")
        .isSubsetOf("", "0");
  }

  private static Stream<FaultCase> endless() {
    return Stream.of(
        flood(
            "100 MB behind a good start",
            () -> Flood.ofBody("{\"code\":\"0\",\"msg\":\""),
            failedPerhapsStored(UnknownOutcomeException.class).after(2)),
        flood(
            "100 MB without meaning",
            () -> Flood.ofBody("<html>" + Canary.BODY),
            failedPerhapsStored(UnknownOutcomeException.class).after(2)),
        flood(
            "endless headers",
            () -> Flood.ofHeaders("x-" + Canary.BODY + ": and more\r\n"),
            failedPerhapsStored(UnknownOutcomeException.class).after(2)),
        flood(
            "endless header",
            () -> Flood.ofHeaders(Canary.BODY),
            failedPerhapsStored(UnknownOutcomeException.class).after(2)));
  }

  private static FaultCase flood(String fault, Supplier<Flood> makeFlood, Expected expected) {
    return new FaultCase(
        fault,
        () -> {
          Flood flood = makeFlood.get();
          return ScriptedFaultScenario.node(flood).checking(flood::assertCutOff);
        },
        AMPLE.attempts(2),
        expected);
  }
}
