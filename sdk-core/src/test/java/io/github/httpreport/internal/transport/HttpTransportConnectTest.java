package io.github.httpreport.internal.transport;

import static io.github.httpreport.internal.transport.TransportFixture.KEEP;
import static io.github.httpreport.internal.transport.TransportFixture.answer;
import static io.github.httpreport.internal.transport.TransportFixture.await;
import static io.github.httpreport.internal.transport.TransportFixture.failure;
import static io.github.httpreport.internal.transport.TransportFixture.get;
import static io.github.httpreport.testsupport.ScriptedServer.always;
import static io.github.httpreport.testsupport.ScriptedServer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.http.ExchangeException;
import io.github.httpreport.http.ExchangeException.Kind;
import io.github.httpreport.http.Origin;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.internal.concurrent.ManualScheduler;
import io.github.httpreport.internal.dns.HostNames;
import io.github.httpreport.testsupport.Gate;
import io.github.httpreport.testsupport.ScriptedServer;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How a request gets to its connection. */
class HttpTransportConnectTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void execute_ioThreadIsBusy_requestOnAKeptConnectionLeavesNevertheless() {
    Gate busy = new Gate();
    Gate arrived = new Gate();
    Gate free = new Gate();
    try (TransportFixture fixture = TransportFixture.create(TransportFixture.Kind.SHARED);
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

  private static InetAddress address(String host, int... digits) {
    byte[] bytes = new byte[digits.length];
    for (int i = 0; i < digits.length; i++) {
      bytes[i] = (byte) digits[i];
    }
    try {
      return InetAddress.getByAddress(host, bytes);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void execute_firstAddressRefuses_triesTheNext() {
    HostNames two =
        host ->
            CompletableFuture.completedFuture(
                List.of(address(host, 127, 0, 0, 2), address(host, 127, 0, 0, 1)));
    HttpTransport transport =
        new HttpTransport(
            TransportFixture.settings(null, Duration.ofSeconds(5)), new ManualScheduler(), two);
    try (ScriptedServer server = ScriptedServer.start(always(ok("second")))) {
      Origin named = new Origin(false, "two.example", server.port());

      Response response = answer(transport.execute(Request.get(named, "/").build(), KEEP));

      assertThat(response.text()).isEqualTo("second");
    } finally {
      transport.close(Duration.ofSeconds(5));
    }
  }

  @Test
  void execute_ioThreadIsBusy_longBodyWaitsForIt() {
    Gate busy = new Gate();
    Gate free = new Gate();
    try (TransportFixture fixture = TransportFixture.create(TransportFixture.Kind.SHARED);
        ScriptedServer kept = ScriptedServer.start(always(ok("")));
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
      CompletableFuture<Response> lengthy =
          fixture.send(TransportFixture.post(kept, "x".repeat(32 * 1024 + 1)));
      CompletableFuture<Response> brief = fixture.send(TransportFixture.post(other, "x"));
      await().until(() -> other.requests().size() == 2);

      assertThat(kept.requests()).as("no thread but the I/O thread writes it").hasSize(1);
      free.open();
      answer(held);
      answer(brief);
      assertThat(answer(lengthy).reusedConnection()).isTrue();
    }
  }

  @Test
  void execute_lookUpThatHangs_isNotConnectedInTimeAndSendsNothingLater() {
    Queue<Runnable> lookUps = new ArrayDeque<>();
    ManualScheduler timer = new ManualScheduler();
    HttpTransport transport =
        new HttpTransport(
            TransportFixture.settings(null, Duration.ofSeconds(5)),
            timer,
            TransportFixture.lookUpLater(lookUps));
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
      assertThat(server.connectionCount()).as("nobody waits for it any more").isZero();
      assertThat(timer.pending()).isZero();
    } finally {
      transport.close(Duration.ofSeconds(5));
    }
  }
}
