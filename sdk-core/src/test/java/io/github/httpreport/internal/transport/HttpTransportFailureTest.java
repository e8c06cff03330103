package io.github.httpreport.internal.transport;

import static io.github.httpreport.internal.transport.TransportFixture.KEEP;
import static io.github.httpreport.internal.transport.TransportFixture.REQUEST_TIMEOUT;
import static io.github.httpreport.internal.transport.TransportFixture.await;
import static io.github.httpreport.internal.transport.TransportFixture.failure;
import static io.github.httpreport.internal.transport.TransportFixture.get;
import static io.github.httpreport.internal.transport.TransportFixture.post;
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
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@EnumSource(TransportFixture.Kind.class)
class HttpTransportFailureTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final TransportFixture.Kind kind;
  private final TransportFixture fixture;

  HttpTransportFailureTest(TransportFixture.Kind kind) {
    this.kind = kind;
    fixture = TransportFixture.create(kind);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void execute_nobodyListens_isNotConnected() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Request request = Request.get(new Origin(false, "127.0.0.1", port), "/secret/path").build();

    ExchangeException failure = fixture.failure(request);

    assertThat(failure.kind()).isEqualTo(Kind.NOT_CONNECTED);
    assertThat(failure)
        .hasMessageContaining("127.0.0.1:" + port)
        .hasMessageContaining("refused")
        .hasMessageNotContaining("secret");
    assertThat(fixture.openCalls()).isZero();
  }

  @Test
  void execute_nameIsLookedUpForEver_isNotConnectedAfterTheConnectTimeout() {
    ManualScheduler timer = new ManualScheduler();
    List<Runnable> lookUps = new ArrayList<>();
    Duration limit = Duration.ofSeconds(3);
    HttpTransport transport =
        new HttpTransport(
            TransportFixture.settings(null, limit), timer, TransportFixture.lookUpLater(lookUps));
    try (ScriptedServer server = ScriptedServer.start(always(ok("")))) {
      Request request = Request.get(new Origin(false, "localhost", server.port()), "/").build();
      CompletableFuture<Response> answer = transport.execute(request, response -> true);
      await().until(() -> lookUps.size() == 1);

      timer.advance(limit);

      ExchangeException failure = failure(answer);
      assertThat(failure.kind()).isEqualTo(Kind.NOT_CONNECTED);
      assertThat(failure).hasMessageEndingWith("timed out after 3000 ms");
      assertThat(transport.openCalls()).isZero();
      lookUps.get(0).run();
      transport.close(Duration.ofSeconds(5));
      assertThat(server.connectionCount()).as("nobody waits for it any more").isZero();
    }
  }

  @Test
  void execute_unknownHost_isNotConnected() {
    Request request = Request.get(new Origin(false, "nosuchhost.invalid", 80), "/").build();

    ExchangeException failure = fixture.failure(request);

    assertThat(failure.kind()).isEqualTo(Kind.NOT_CONNECTED);
    assertThat(failure).hasMessage("no connection to nosuchhost.invalid:80: unknown host");
  }

  @Test
  void execute_nobodyAccepts_isNotConnectedAfterTheConnectTimeout() throws IOException {
    List<SocketChannel> inLine = new ArrayList<>();
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        TransportFixture hasty = TransportFixture.connectingWithin(Duration.ofMillis(200), kind)) {
      for (int i = 0; i < 8; i++) {
        SocketChannel channel = SocketChannel.open();
        inLine.add(channel);
        channel.configureBlocking(false);
        channel.connect(full.getLocalSocketAddress());
      }
      Origin origin = new Origin(false, "127.0.0.1", full.getLocalPort());

      CompletableFuture<Response> answer = hasty.send(Request.get(origin, "/").build());
      await().until(() -> hasty.timer.pending() > 0);
      hasty.timer.advance(Duration.ofMillis(200));

      ExchangeException failure = failure(answer);

      assertThat(failure.kind()).isEqualTo(Kind.NOT_CONNECTED);
      assertThat(failure)
          .hasMessageContaining(origin.authority())
          .hasMessageEndingWith("timed out after 200 ms");
    } finally {
      for (SocketChannel channel : inLine) {
        channel.close();
      }
    }
  }

  @Test
  void execute_silenceWhileConnecting_isNotConnectedAfterTheConnectTimeoutTlsIncluded() {
    try (ScriptedServer server = ScriptedServer.start(c -> c.awaitEnd())) {
      CompletableFuture<Response> answer =
          fixture.send(Request.get(server.secureOrigin(), "/").build());
      await().until(() -> server.connectionCount() == 1);
      fixture.timer.advance(TransportFixture.CONNECT_TIMEOUT);

      assertThat(failure(answer).kind()).isEqualTo(Kind.NOT_CONNECTED);
    }
  }

  @Test
  void execute_noAnswer_timesOutAndCloses() {
    Gate arrived = new Gate();
    try (ScriptedServer server = ScriptedServer.start(silent(arrived))) {
      CompletableFuture<Response> answer = fixture.send(post(server, "secret"));
      arrived.pass();
      fixture.timer.advance(REQUEST_TIMEOUT.minusNanos(1));
      assertThat(answer).isNotDone();
      fixture.timer.advance(Duration.ofNanos(1));

      ExchangeException failure = failure(answer);
      assertThat(failure.kind()).isEqualTo(Kind.TIMED_OUT);
      assertThat(failure)
          .hasMessage("no answer from 127.0.0.1:" + server.port() + " within 10000 ms");
      await().until(() -> server.connection(0).ended());
      assertThat(fixture.openCalls()).isZero();
    }
  }

  @Test
  void execute_timeOfItsOwn_countsInsteadOfTheDefault() {
    Gate arrived = new Gate();
    try (ScriptedServer server = ScriptedServer.start(silent(arrived))) {
      CompletableFuture<Response> answer =
          fixture.transport.execute(get(server), KEEP, Duration.ofMillis(1500));
      arrived.pass();
      fixture.timer.advance(Duration.ofMillis(1500));

      assertThat(failure(answer)).hasMessageContaining("within 1500 ms");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nx-long-header: and so on and on",
      })
  void execute_oneByteASecond_timesOutNevertheless(String answer) {
    Gate arrived = new Gate();
    Gate perByte = new Gate();
    try (ScriptedServer server =
        ScriptedServer.start(
            c -> {
              c.readRequest();
              arrived.open();
              c.writeSlowly(answer + "x".repeat(100), perByte);
            })) {
      CompletableFuture<Response> future = fixture.send(get(server));
      arrived.pass();
      for (int second = 0; second < REQUEST_TIMEOUT.toSeconds(); second++) {
        assertThat(future).isNotDone();
        perByte.open();
        fixture.timer.advance(SECOND);
      }
      perByte.openForAll();

      assertThat(failure(future).kind()).isEqualTo(Kind.TIMED_OUT);
    }
  }

  @Test
  void execute_endlessInterimAnswers_timeOut() {
    AtomicLong written = new AtomicLong();
    try (ScriptedServer server =
        ScriptedServer.start(
            c -> {
              c.readRequest();
              written.set(c.writeUntilBroken("HTTP/1.1 103 Wait\r\n\r\n", Long.MAX_VALUE));
            })) {
      CompletableFuture<Response> answer = fixture.send(get(server));
      await().until(() -> !server.requests().isEmpty());
      fixture.timer.advance(REQUEST_TIMEOUT);

      assertThat(failure(answer).kind()).isEqualTo(Kind.TIMED_OUT);
      await().until(() -> server.connection(0).ended());
    }
  }

  @Test
  void execute_anotherServerWritesWithoutEnd_isAnsweredMeanwhile() {
    AtomicLong written = new AtomicLong();
    try (ScriptedServer endless =
            ScriptedServer.start(
                c -> {
                  c.readRequest();
                  String interim = "HTTP/1.1 103 Wait\r\n\r\n".repeat(1000);
                  written.set(c.writeUntilBroken(interim, Long.MAX_VALUE));
                });
        ScriptedServer server = ScriptedServer.start(always(ok("meanwhile")))) {
      CompletableFuture<Response> flooded = fixture.send(get(endless));
      await().until(() -> !endless.requests().isEmpty());

      for (int i = 0; i < 20; i++) {
        assertThat(fixture.exchange(get(server)).text()).isEqualTo("meanwhile");
      }
      assertThat(flooded).isNotDone();
      fixture.timer.advance(REQUEST_TIMEOUT);
      assertThat(failure(flooded).kind()).isEqualTo(Kind.TIMED_OUT);
    }
  }

  @Test
  void execute_resetBeforeTheRequestIsRead_failsAtOnce() {
    try (ScriptedServer server = ScriptedServer.start(c -> c.reset())) {
      // Whether the request has left by then is a matter of luck.
      assertThat(fixture.failure(get(server)).kind()).isNotEqualTo(Kind.TIMED_OUT);
    }
  }

  @Test
  void execute_closedAfterAccept_failsAtOnce() {
    try (ScriptedServer server = ScriptedServer.start(c -> c.close())) {
      assertThat(fixture.failure(get(server)).kind()).isNotEqualTo(Kind.TIMED_OUT);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\nServer: x\r\n",
        "HTTP/1.1 204 No Content\r\nServer: x",
        "HTTP/1.1 200 OK\r\nContent-Le",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n123",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n",
      })
  void execute_brokenOffAnswer_isConnectionLost(String half) {
    try (ScriptedServer closing =
            ScriptedServer.start(
                c -> {
                  c.readRequest();
                  c.write(half);
                });
        ScriptedServer resetting =
            ScriptedServer.start(
                c -> {
                  c.readRequest();
                  c.write(half);
                  c.reset();
                })) {
      ExchangeException closed = fixture.failure(post(closing, "secret"));
      ExchangeException reset = fixture.failure(post(resetting, "secret"));

      assertThat(closed.kind()).isEqualTo(Kind.CONNECTION_LOST);
      assertThat(closed).hasMessageContaining("127.0.0.1:" + closing.port());
      assertThat(reset.kind()).isEqualTo(Kind.CONNECTION_LOST);
      assertThat(fixture.openCalls()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "220 mail.example ESMTP with secret\r\n",
        "HTTP/1.1 two hundred secret\r\n\r\n",
        "HTTP/1.1 42 secret\r\n\r\n",
        "HTTP/2.0 200 secret\r\n\r\n",
        "SSH-2.0-secret\r\n",
        "\u0015\u0003\u0003\u0000\u0002\u0002secret\r\n",
        "HTTP/1.1 200 OK\r\nno colon secret\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: secret\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nsecret",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nsecret\r\n",
        "{\"code\":\"secret\"}\r\n\r\n",
      })
  void execute_answerThatIsNotHttp_isConnectionLostWithoutQuotingIt(String garbage) {
    try (ScriptedServer server =
        ScriptedServer.start(
            c -> {
              c.readRequest();
              c.write(garbage);
              c.awaitEnd();
            })) {
      ExchangeException failure = fixture.failure(post(server, "secret"));

      assertThat(failure.kind()).isEqualTo(Kind.CONNECTION_LOST);
      assertThat(failure).hasMessageNotContaining("secret").hasNoCause();
      await().until(() -> server.connection(0).ended());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x-more: and more\r\n", "and more and more", "a: b\r\n continued\r\n"})
  void execute_endlessHeaders_isConnectionLostInBoundedMemory(String more) {
    AtomicLong written = new AtomicLong();
    long endless = 200_000_000;
    try (ScriptedServer server =
        ScriptedServer.start(
            c -> {
              c.readRequest();
              c.write("HTTP/1.1 200 OK\r\nx: ");
              written.set(c.writeUntilBroken(more.repeat(100), endless));
            })) {
      assertThat(fixture.failure(get(server)).kind()).isEqualTo(Kind.CONNECTION_LOST);

      await().until(() -> server.connection(0).ended());
      assertThat(written.get()).isLessThan(endless / 4);
    }
  }

  @ParameterizedTest
  @CsvSource({"50, 1000, true", "90, 1000, false", "5, 16000, false", "5, 12000, true"})
  void execute_headOfManyBytesInLinesThatAreShortEnough_isBoundedAsAWhole(
      int lines, int length, boolean accepted) {
    String head = ("x: " + "y".repeat(length - 5) + "\r\n").repeat(lines);
    try (ScriptedServer server =
        ScriptedServer.start(
            always("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" + head + "\r\nok"))) {
      if (accepted) {
        assertThat(fixture.exchange(get(server)).text()).isEqualTo("ok");
        assertThat(fixture.exchange(get(server)).reusedConnection()).isTrue();
      } else {
        assertThat(fixture.failure(get(server)).kind()).isEqualTo(Kind.CONNECTION_LOST);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0\r\n", "0\r\nx: y", "1;x=y", "00"})
  void execute_endlessTrailersOrChunkSize_isConnectionLostInBoundedMemory(String end) {
    AtomicLong written = new AtomicLong();
    long endless = 200_000_000;
    String more = end.endsWith("\n") ? "x-more: and more\r\n" : "and more and more ";
    try (ScriptedServer server =
        ScriptedServer.start(
            c -> {
              c.readRequest();
              c.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + end);
              written.set(c.writeUntilBroken(more.repeat(100), endless));
            })) {
      assertThat(fixture.failure(get(server)).kind()).isEqualTo(Kind.CONNECTION_LOST);

      await().until(() -> server.connection(0).ended());
      assertThat(written.get()).isLessThan(endless / 4);
    }
  }

  @Test
  void execute_afterAFailure_takesANewConnection() {
    try (ScriptedServer server =
        ScriptedServer.start(
            c -> {
              c.readRequest();
              c.write("garbage\r\n");
            },
            always(ok("well again")))) {
      fixture.failure(get(server));

      assertThat(fixture.exchange(get(server)).text()).isEqualTo("well again");
    }
  }
}
