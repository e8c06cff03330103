package io.github.httpreport.internal.transport;

import static io.github.httpreport.internal.transport.TransportFixture.KEEP;
import static io.github.httpreport.internal.transport.TransportFixture.answer;
import static io.github.httpreport.internal.transport.TransportFixture.await;
import static io.github.httpreport.internal.transport.TransportFixture.failure;
import static io.github.httpreport.internal.transport.TransportFixture.get;
import static io.github.httpreport.testsupport.ScriptedServer.always;
import static io.github.httpreport.testsupport.ScriptedServer.ok;
import static io.github.httpreport.testsupport.ScriptedServer.silent;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.http.ExchangeException;
import io.github.httpreport.http.ExchangeException.Kind;
import io.github.httpreport.http.Origin;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.internal.concurrent.ManualScheduler;
import io.github.httpreport.testsupport.Gate;
import io.github.httpreport.testsupport.ScriptedServer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What only the reactor's pool of connections does. */
class ReactorTransportPoolTest {

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void execute_everyConnectionInUse_isNotConnectedAfterTheConnectTimeout() {
    Gate arrived = new Gate();
    try (TransportFixture single = TransportFixture.withOneConnection(SECOND);
        ScriptedServer server = ScriptedServer.start(silent(arrived))) {
      CompletableFuture<Response> first = single.send(get(server));
      arrived.pass();
      CompletableFuture<Response> second = single.send(get(server));
      single.timer.advance(SECOND);

      assertThat(failure(second).kind()).isEqualTo(Kind.NOT_CONNECTED);
      assertThat(first).isNotDone();
      assertThat(server.connectionCount()).isEqualTo(1);
    }
  }

  @Test
  void execute_ioThreadIsBusy_requestOnAKeptConnectionLeavesNevertheless() {
    Gate busy = new Gate();
    Gate arrived = new Gate();
    Gate free = new Gate();
    try (TransportFixture fixture = TransportFixture.create(TransportFixture.Kind.REACTOR);
        ScriptedServer kept = ScriptedServer.start(twoRequests(arrived));
        ScriptedServer other = ScriptedServer.start(always(ok("")))) {
      fixture.exchange(get(kept));
      CompletableFuture<Response> held =
          fixture.transport.execute(
              get(other),
              response -> {
                busy.open();
                free.pass();
                return true;
              });
      busy.pass();
      CompletableFuture<Response> second = fixture.send(get(kept));
      arrived.pass();

      assertThat(second).isNotDone();
      free.open();
      assertThat(answer(second).text()).isEqualTo("second");
      answer(held);
    }
  }

  private static ScriptedServer.Script twoRequests(Gate secondArrived) {
    return connection -> {
      connection.readRequest();
      connection.write(ok("first"));
      connection.readRequest();
      secondArrived.open();
      connection.write(ok("second"));
      connection.awaitEnd();
    };
  }

  @Test
  void execute_lookUpThatHangs_isNotConnectedInTimeAndSendsNothingLater() {
    Queue<Runnable> lookUps = new ArrayDeque<>();
    ManualScheduler timer = new ManualScheduler();
    ReactorTransport transport =
        new ReactorTransport(
            TransportFixture.settings(null, Duration.ofSeconds(5)),
            timer,
            (host, task) -> lookUps.add(task));
    try (ScriptedServer server = ScriptedServer.start(always(ok("")))) {
      Origin named = new Origin(false, "localhost", server.port());
      CompletableFuture<Response> answer =
          transport.execute(Request.get(named, "/").build(), KEEP, SECOND);
      timer.advance(SECOND.minusNanos(1));
      assertThat(answer).isNotDone();
      timer.advance(Duration.ofNanos(1));

      ExchangeException failure = failure(answer);
      assertThat(failure.kind()).isEqualTo(Kind.NOT_CONNECTED);
      assertThat(failure)
          .hasMessage("no connection to localhost:" + server.port() + ": timed out after 1000 ms");
      assertThat(lookUps).hasSize(1);
      lookUps.remove().run();
      await().until(() -> server.connectionCount() == 1 && server.connection(0).ended());
      assertThat(server.requests()).isEmpty();
      assertThat(timer.pending()).isZero();
    } finally {
      transport.close(Duration.ofSeconds(5));
    }
  }

  @Test
  void close_requestThatWaitsForAConnection_failsIt() {
    Gate arrived = new Gate();
    try (TransportFixture fixture = TransportFixture.withOneConnection(PATIENCE);
        ScriptedServer server = ScriptedServer.start(silent(arrived))) {
      CompletableFuture<Response> first = fixture.send(get(server));
      arrived.pass();
      CompletableFuture<Response> second = fixture.send(get(server));

      fixture.transport.close(PATIENCE);

      assertThat(failure(first).kind()).isEqualTo(Kind.CONNECTION_LOST);
      assertThat(failure(second).kind()).isEqualTo(Kind.NOT_CONNECTED);
    }
  }
}
