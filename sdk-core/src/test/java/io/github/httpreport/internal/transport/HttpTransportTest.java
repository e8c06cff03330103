package io.github.httpreport.internal.transport;

import static io.github.httpreport.internal.transport.TransportFixture.CLOSE;
import static io.github.httpreport.internal.transport.TransportFixture.KEEP;
import static io.github.httpreport.internal.transport.TransportFixture.answer;
import static io.github.httpreport.internal.transport.TransportFixture.await;
import static io.github.httpreport.internal.transport.TransportFixture.failure;
import static io.github.httpreport.internal.transport.TransportFixture.get;
import static io.github.httpreport.internal.transport.TransportFixture.post;
import static io.github.httpreport.testsupport.ScriptedServer.always;
import static io.github.httpreport.testsupport.ScriptedServer.ok;
import static io.github.httpreport.testsupport.ScriptedServer.responding;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.greaterThan;

import io.github.httpreport.http.ExchangeException;
import io.github.httpreport.http.Origin;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.testsupport.Gate;
import io.github.httpreport.testsupport.ScriptedServer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@EnumSource(TransportFixture.Kind.class)
class HttpTransportTest {

  private final TransportFixture fixture;

  HttpTransportTest(TransportFixture.Kind kind) {
    fixture = TransportFixture.create(kind);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void execute_get_writesRequestLineAndHostOnly() {
    try (ScriptedServer server = ScriptedServer.start(always(ok("")))) {
      fixture.exchange(Request.get(server.origin(), "/dataproxy/heartbeat?a=%20").build());

      assertThat(server.requests())
          .containsExactly(
              "GET /dataproxy/heartbeat?a=%20 HTTP/1.1\r\nHost: 127.0.0.1:"
                  + server.port()
                  + "\r\n\r\n");
    }
  }

  @Test
  void execute_post_writesTheFewestHeaders() {
    try (ScriptedServer server = ScriptedServer.start(always(ok("")))) {
      fixture.exchange(
          Request.post(server.origin(), "/p")
              .header("authorization", "Basic eA==")
              .body("a=1&b=2".getBytes(ISO_8859_1), "application/x-www-form-urlencoded")
              .build());

      assertThat(server.requests())
          .containsExactly(
              "POST /p HTTP/1.1\r\nHost: 127.0.0.1:"
                  + server.port()
                  + "\r\nContent-Length: 7\r\nContent-Type: application/x-www-form-urlencoded"
                  + "\r\nauthorization: Basic eA==\r\n\r\na=1&b=2");
    }
  }

  @Test
  void execute_postWithoutBody_saysSo() {
    try (ScriptedServer server = ScriptedServer.start(always(ok("")))) {
      fixture.exchange(Request.post(server.origin(), "/p").build());

      assertThat(server.requests())
          .containsExactly(
              "POST /p HTTP/1.1\r\nHost: 127.0.0.1:"
                  + server.port()
                  + "\r\nContent-Length: 0\r\n\r\n");
    }
  }

  @Test
  void execute_hostName_isLookedUpAndNamedInHost() {
    try (ScriptedServer server = ScriptedServer.start(always(ok("found")))) {
      Origin origin = new Origin(false, "localhost", server.port());

      Response response = fixture.exchange(Request.get(origin, "/").build());

      assertThat(response.text()).isEqualTo("found");
      assertThat(server.requests().get(0)).contains("\r\nHost: localhost:" + server.port());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16_384, 3_000_000})
  void execute_bodyOfAnyBytes_arrivesByteForByte(int size) {
    byte[] body = new byte[size];
    new Random(size).nextBytes(body);
    try (ScriptedServer server = ScriptedServer.start(always(ok("")))) {
      fixture.exchange(Request.put(server.origin(), "/").body(body, "x/y").build());

      String request = server.requests().get(0);
      assertThat(request.substring(request.indexOf("\r\n\r\n") + 4).getBytes(ISO_8859_1))
          .isEqualTo(body);
    }
  }

  @Test
  void execute_keepConnectionSaysTrue_usesOneConnectionForAll() {
    try (ScriptedServer server = ScriptedServer.start(responding(r -> ok(r.substring(0, 6))))) {
      List<Boolean> reused = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        Request request = Request.get(server.origin(), "/" + (10 + i)).build();
        Response response = fixture.exchange(request);
        assertThat(response.text()).isEqualTo("GET /" + (10 + i) / 10);
        reused.add(response.reusedConnection());
      }

      assertThat(server.connectionCount()).isEqualTo(1);
      assertThat(reused.get(0)).isFalse();
      assertThat(reused.subList(1, 20)).containsOnly(true);
    }
  }

  @Test
  void execute_keepConnectionSaysFalse_closesAndTakesANewOne() {
    try (ScriptedServer server = ScriptedServer.start(always(ok("no")))) {
      fixture.exchange(get(server), CLOSE);
      await().until(() -> server.connection(0).ended());
      Response second = fixture.exchange(get(server), CLOSE);

      assertThat(second.reusedConnection()).isFalse();
      assertThat(server.connectionCount()).isEqualTo(2);
    }
  }

  @Test
  void execute_keepConnection_isAskedOnceAboutTheWholeAnswer() {
    try (ScriptedServer server = ScriptedServer.start(always(ok("whole")))) {
      List<Response> asked = new CopyOnWriteArrayList<>();

      Response response = fixture.exchange(get(server), asked::add);

      assertThat(asked).containsExactly(response);
      assertThat(response.text()).isEqualTo("whole");
    }
  }

  @Test
  void execute_keepConnectionThrows_failsAndCloses() {
    try (ScriptedServer server = ScriptedServer.start(always(ok("")))) {
      CompletableFuture<Response> answer =
          fixture.transport.execute(
              get(server),
              response -> {
                throw new IllegalStateException("a protocol with a mistake");
              });

      assertThat(failure(answer).kind()).isEqualTo(ExchangeException.Kind.CONNECTION_LOST);
      await().until(() -> server.connection(0).ended());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nconnection: Close\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nconnection: foo, close\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
      })
  void execute_answerSaysClose_closesAndTakesANewOne(String text) {
    try (ScriptedServer server = ScriptedServer.start(always(text))) {
      Response first = fixture.exchange(get(server));
      await().until(() -> server.connection(0).ended());
      Response second = fixture.exchange(get(server));

      assertThat(first.text()).isEqualTo("ok");
      assertThat(second.reusedConnection()).isFalse();
      assertThat(server.connectionCount()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.0 200 OK\r\nServer: x\r\n\r\n"})
  void execute_answerUpToTheEnd_isWholeAndTheConnectionOver(String head) {
    try (ScriptedServer server =
        ScriptedServer.start(
            c -> {
              c.readRequest();
              c.write(head + "up to ");
              c.write("the end");
              c.shutdownOutput();
              c.awaitEnd();
            })) {
      Response first = fixture.exchange(get(server));
      Response second = fixture.exchange(get(server));

      assertThat(first.text()).isEqualTo("up to the end");
      assertThat(first.truncated()).isFalse();
      assertThat(second.reusedConnection()).isFalse();
      assertThat(server.connectionCount()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\netag: \"x\"\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n",
      })
  void execute_answerWithoutBody_completesAndKeepsTheConnection(String text) {
    try (ScriptedServer server = ScriptedServer.start(always(text))) {
      Response first = fixture.exchange(post(server, "x"));
      Response second = fixture.exchange(post(server, "y"));

      assertThat(first.body()).isEmpty();
      assertThat(first.status()).isEqualTo(Integer.parseInt(text.substring(9, 12)));
      assertThat(second.reusedConnection()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 100 Again\r\n\r\n",
      })
  void execute_interimAnswers_areSkipped(String interim) {
    try (ScriptedServer server = ScriptedServer.start(always(interim + ok("final")))) {
      Response first = fixture.exchange(post(server, "x"));
      Response second = fixture.exchange(post(server, "y"));

      assertThat(first.status()).isEqualTo(200);
      assertThat(first.text()).isEqualTo("final");
      assertThat(first.header("link")).isEmpty();
      assertThat(second.reusedConnection()).isTrue();
    }
  }

  @Test
  void execute_chunksInSmallPieces_areOneBody() {
    String chunks = "3;x=y\r\nabc\r\n10\r\n0123456789abcdef\r\n0\r\ntrailer: t\r\n\r\n";
    String answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks;
    Gate gate = new Gate();
    gate.openForAll();
    try (ScriptedServer server =
        ScriptedServer.start(
            c -> {
              while (true) {
                c.readRequest();
                c.writeSlowly(answer, gate);
              }
            })) {
      assertThat(fixture.exchange(get(server)).text()).isEqualTo("abc0123456789abcdef");
      assertThat(fixture.exchange(get(server)).reusedConnection()).isTrue();
    }
  }

  @Test
  void execute_headers_areFoundInAnyCaseAndTheFirstOfTwoCounts() {
    String answer =
        "HTTP/1.1 429 Slow Down\r\nRetry-After:  7\r\nX-Two: a\r\nx-two: b\r\nContent-Length: 0\r\n\r\n";
    try (ScriptedServer server = ScriptedServer.start(always(answer))) {
      Response response = fixture.exchange(get(server));

      assertThat(response.status()).isEqualTo(429);
      assertThat(response.header("RETRY-AFTER")).contains("7");
      assertThat(response.header("x-two")).contains("a");
      assertThat(response.header("date")).isEmpty();
    }
  }

  @Test
  void execute_refusalBeforeTheBodyWasRead_isTheAnswer() {
    Gate done = new Gate();
    try (ScriptedServer server =
        ScriptedServer.start(
            c -> {
              c.readHead();
              c.write("HTTP/1.1 413 Request Entity Too Large\r\ncontent-length: 0\r\n\r\n");
              done.pass();
              c.awaitEnd();
            })) {
      // More than the buffers of both sockets hold, so it cannot all have been written.
      Response response = fixture.exchange(post(server, "x".repeat(24_000_000)));

      assertThat(response.status()).isEqualTo(413);
      done.open();
      await().until(() -> server.connection(0).ended());
      fixture.exchange(get(server));
      assertThat(server.connectionCount()).isEqualTo(2);
    }
  }

  @Test
  void execute_successBeforeTheBodyWasRead_closesWhateverKeepConnectionSays() {
    Gate done = new Gate();
    try (ScriptedServer server =
        ScriptedServer.start(
            c -> {
              c.readHead();
              c.write(ok("early"));
              done.pass();
              c.awaitEnd();
            },
            always(ok("")))) {
      Response response = fixture.exchange(post(server, "x".repeat(24_000_000)), KEEP);

      assertThat(response.text()).isEqualTo("early");
      done.open();
      await().until(() -> server.connection(0).ended());
      assertThat(fixture.exchange(get(server)).reusedConnection()).isFalse();
    }
  }

  @Test
  void execute_bodyAtTheLimit_isWholeAndOneByteMoreIsTruncated() {
    try (ScriptedServer server = ScriptedServer.start(always(ok("0123456789")))) {
      Response whole = fixture.exchange(limited(server, 10));
      Response cut = fixture.exchange(limited(server, 9));
      Response afterwards = fixture.exchange(limited(server, 10));

      assertThat(whole.truncated()).isFalse();
      assertThat(whole.text()).isEqualTo("0123456789");
      assertThat(cut.truncated()).isTrue();
      assertThat(cut.text()).isEqualTo("012345678");
      assertThat(cut.reusedConnection()).isTrue();
      assertThat(afterwards.reusedConnection()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 1000000000", "Transfer-Encoding: chunked", "Server: x"})
  void execute_hugeAnswer_isCutAndNotReadToTheEnd(String header) {
    long huge = 100_000_000;
    AtomicLong written = new AtomicLong();
    String block = "3e8\r\n" + "x".repeat(1000) + "\r\n";
    try (ScriptedServer server =
        ScriptedServer.start(
            c -> {
              c.readRequest();
              c.write("HTTP/1.1 200 OK\r\n" + header + "\r\n\r\n");
              written.set(c.writeUntilBroken(block, huge));
            })) {
      Response response = fixture.exchange(limited(server, 5000));

      assertThat(response.truncated()).isTrue();
      assertThat(response.body()).hasSize(5000);
      await().until(() -> server.connection(0).ended());
      await().untilAtomic(written, greaterThan(0L));
      assertThat(written.get()).isLessThan(huge / 2);
    }
  }

  @Test
  void execute_manyAtOnce_eachGetsItsOwnAnswer() {
    try (ScriptedServer server =
        ScriptedServer.start(responding(r -> ok(r.substring(5, r.indexOf(" HTTP")))))) {
      Map<Integer, CompletableFuture<Response>> answers = new HashMap<>();
      for (int round = 0; round < 20; round++) {
        for (int i = 0; i < 20; i++) {
          int number = round * 20 + i;
          Request request = Request.get(server.origin(), "/" + number).build();
          answers.put(number, fixture.send(request));
        }
        answers.values().forEach(TransportFixture::answer);
      }

      assertThat(answers).hasSize(400);
      answers.forEach((i, future) -> assertThat(answer(future).text()).isEqualTo("" + i));
      assertThat(server.connectionCount()).isLessThanOrEqualTo(20);
    }
  }

  @Test
  void execute_afterAnAnswer_leavesNoTimeLimitBehind() {
    try (ScriptedServer server = ScriptedServer.start(always(ok("")))) {
      fixture.exchange(get(server), CLOSE);

      assertThat(fixture.openCalls()).isZero();
    }
  }

  private static Request limited(ScriptedServer server, int maxResponseBytes) {
    return Request.get(server.origin(), "/").maxResponseBytes(maxResponseBytes).build();
  }
}
