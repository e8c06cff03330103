package io.github.httpreport.internal.transport;

import static io.github.httpreport.internal.transport.TransportFixture.await;
import static io.github.httpreport.internal.transport.TransportFixture.failure;
import static io.github.httpreport.internal.transport.TransportFixture.get;
import static io.github.httpreport.internal.transport.TransportFixture.threads;
import static io.github.httpreport.testsupport.ScriptedServer.always;
import static io.github.httpreport.testsupport.ScriptedServer.ok;
import static io.github.httpreport.testsupport.ScriptedServer.silent;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.http.ExchangeException.Kind;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.testsupport.Gate;
import io.github.httpreport.testsupport.ScriptedServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TransportFixture.Kind.class)
class HttpTransportCloseTest {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final TransportFixture.Kind kind;

  HttpTransportCloseTest(TransportFixture.Kind kind) {
    this.kind = kind;
  }

  @Test
  void close_exchangeUnderWay_failsItAndEndsThreadsAndConnection() {
    Gate arrived = new Gate();
    try (TransportFixture fixture = TransportFixture.create(kind);
        ScriptedServer server = ScriptedServer.start(silent(arrived))) {
      CompletableFuture<Response> answer = fixture.send(get(server));
      arrived.pass();
      assertThat(threads()).isEqualTo(kind == TransportFixture.Kind.SHARED ? 1 : 0);

      fixture.transport.close(PATIENCE);

      assertThat(failure(answer).kind()).isEqualTo(Kind.CONNECTION_LOST);
      assertThat(threads()).isZero();
      assertThat(fixture.openCalls()).isZero();
      await().until(() -> server.connection(0).ended());
    }
  }

  @Test
  void close_atAnyMomentOfConnecting_leavesNoConnectionOpen() {
    try (ScriptedServer server =
        ScriptedServer.start(
            c -> {
              c.readRequest();
              c.awaitEnd();
            })) {
      for (int i = 0; i < 400; i++) {
        try (TransportFixture fixture = TransportFixture.create(kind)) {
          List<CompletableFuture<Response>> answers =
              List.of(fixture.send(get(server)), fixture.send(get(server)));
          spin(i % 40 * 25_000L);
          fixture.transport.close(PATIENCE);
          answers.forEach(TransportFixture::failure);
        }
      }
      await().until(() -> server.openConnections() == 0);
    }
  }

  /** To meet the I/O thread in the middle of what it does. */
  private static void spin(long nanos) {
    long start = System.nanoTime();
    while (System.nanoTime() - start < nanos) {
      Thread.onSpinWait();
    }
  }

  @Test
  void close_connectionBeingMade_failsItsRequest() {
    try (TransportFixture fixture = TransportFixture.create(kind);
        ScriptedServer server = ScriptedServer.start(c -> c.awaitEnd())) {
      // A server that says nothing to the first words of TLS.
      CompletableFuture<Response> answer =
          fixture.send(Request.get(server.secureOrigin(), "/").build());
      await().until(() -> server.connectionCount() == 1);

      fixture.transport.close(PATIENCE);

      assertThat(failure(answer).kind()).isEqualTo(Kind.NOT_CONNECTED);
      assertThat(threads()).isZero();
    }
  }

  @Test
  void close_idleConnections_areClosed() {
    try (TransportFixture fixture = TransportFixture.create(kind);
        ScriptedServer server = ScriptedServer.start(always(ok("")))) {
      fixture.exchange(get(server));

      fixture.transport.close(PATIENCE);

      await().until(() -> server.connection(0).ended());
    }
  }

  @Test
  void close_again_doesNothing() {
    try (TransportFixture fixture = TransportFixture.create(kind);
        ScriptedServer server = ScriptedServer.start(always(ok("")))) {
      fixture.exchange(get(server));

      fixture.transport.close(PATIENCE);
      fixture.transport.close(PATIENCE);

      assertThat(threads()).isZero();
    }
  }

  @Test
  void close_neverUsed_startsNothing() {
    try (TransportFixture fixture = TransportFixture.create(kind)) {
      fixture.transport.close(PATIENCE);

      assertThat(threads()).isZero();
    }
  }

  @Test
  void execute_afterClose_isNotConnected() {
    try (ScriptedServer server = ScriptedServer.start(always(ok("")));
        TransportFixture used = TransportFixture.create(kind);
        TransportFixture unused = TransportFixture.create(kind)) {
      used.exchange(get(server));
      used.transport.close(PATIENCE);
      unused.transport.close(PATIENCE);

      assertThat(used.failure(get(server)).kind()).isEqualTo(Kind.NOT_CONNECTED);
      assertThat(unused.failure(get(server)).kind()).isEqualTo(Kind.NOT_CONNECTED);
      assertThat(threads()).isZero();
    }
  }

  @Test
  void close_fromTheThreadThatCompletesAResponse_returns() {
    try (TransportFixture fixture = TransportFixture.create(kind);
        ScriptedServer server = ScriptedServer.start(always(ok("")))) {
      Gate completed = new Gate();
      CompletableFuture<Void> closed =
          fixture
              .transport
              .execute(
                  get(server),
                  response -> {
                    completed.pass();
                    return true;
                  })
              .thenAccept(response -> fixture.transport.close(PATIENCE));
      completed.open();

      assertThat(closed).succeedsWithin(PATIENCE);
      await().until(() -> threads() == 0);
    }
  }
}
