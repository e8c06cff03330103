package io.github.httpreport.internal.transport;

import static io.github.httpreport.internal.transport.TransportFixture.CONNECT_TIMEOUT;
import static io.github.httpreport.internal.transport.TransportFixture.KEEP;
import static io.github.httpreport.internal.transport.TransportFixture.REQUEST_TIMEOUT;
import static io.github.httpreport.internal.transport.TransportFixture.answer;
import static io.github.httpreport.internal.transport.TransportFixture.await;
import static io.github.httpreport.internal.transport.TransportFixture.failure;
import static io.github.httpreport.internal.transport.TransportFixture.threads;
import static io.github.httpreport.testsupport.ScriptedServer.always;
import static io.github.httpreport.testsupport.ScriptedServer.ok;
import static io.github.httpreport.testsupport.ScriptedServer.silent;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.greaterThan;

import io.github.httpreport.TlsSettings;
import io.github.httpreport.http.ExchangeException;
import io.github.httpreport.http.ExchangeException.Kind;
import io.github.httpreport.http.Origin;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.internal.concurrent.ManualScheduler;
import io.github.httpreport.testsupport.Certificates;
import io.github.httpreport.testsupport.Gate;
import io.github.httpreport.testsupport.ScriptedServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyTest {

  private static final String CONNECTED = "HTTP/1.1 200 Connection established\r\n\r\n";

  /** Nobody listens there, so whatever arrives came through the proxy. */
  private static final Origin NODE = new Origin(false, "node.invalid", 46802);

  private static final Origin SECURE_NODE = new Origin(true, "node.invalid", 46803);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final ManualScheduler timer = new ManualScheduler();
  private @Nullable HttpTransport transport;

  @AfterEach
  void close() {
    if (transport != null) {
      transport.close(PATIENCE);
    }
  }

  @Test
  void execute_plainNode_asksTheProxyForTheWholeAddress() {
    try (ScriptedServer proxy = ScriptedServer.start(always(ok("through")))) {
      Response response = answer(send(proxy, post(NODE, "a=1")));

      assertThat(response.text()).isEqualTo("through");
      assertThat(response.reusedConnection()).isFalse();
      assertThat(proxy.requests()).hasSize(1);
      String request = proxy.requests().get(0);
      assertThat(request)
          .startsWith("POST http://node.invalid:46802/dataproxy/message HTTP/1.1\r\n")
          .endsWith("\r\n\r\na=1");
      assertThat(request.toLowerCase(Locale.ROOT))
          .contains("\r\nhost: node.invalid:46802\r\n")
          .contains("\r\ncontent-length: 3\r\n")
          .contains("\r\ncontent-type: application/x-www-form-urlencoded\r\n")
          .contains("\r\nx-own: header\r\n")
          .doesNotContain("\r\ncookie:", "\r\naccept-encoding:", "\r\nexpect:");
    }
  }

  @Test
  void execute_twice_reusesTheConnectionForEveryPlainNode() {
    try (ScriptedServer proxy = ScriptedServer.start(always(ok("")))) {
      Response first = answer(send(proxy, post(NODE, "1")));
      Response second = answer(send(proxy, post(NODE, "2")));
      Response other = answer(send(proxy, post(new Origin(false, "other.invalid", 80), "3")));

      assertThat(first.reusedConnection()).isFalse();
      assertThat(second.reusedConnection()).isTrue();
      assertThat(other.reusedConnection()).isTrue();
      assertThat(proxy.connectionCount()).isEqualTo(1);
      assertThat(proxy.requests().get(2)).startsWith("POST http://other.invalid:80/");
      assertThat(transport.openCalls()).isZero();
    }
  }

  @Test
  void execute_proxySaysClose_takesANewConnection() {
    String closing = ScriptedServer.response("200 OK\r\nProxy-Connection: close", "");
    try (ScriptedServer proxy = ScriptedServer.start(always(closing))) {
      answer(send(proxy, post(NODE, "1")));
      await().until(() -> proxy.connection(0).ended());

      assertThat(answer(send(proxy, post(NODE, "2"))).reusedConnection()).isFalse();
      assertThat(proxy.connectionCount()).isEqualTo(2);
    }
  }

  @Test
  void execute_secureNodeTwice_reusesItsTunnelAndOpensOneForAnother(@TempDir Path directory) {
    Certificates certificates =
        Certificates.in(directory).signed("node", "-ext", "san=dns:node.invalid,dns:other.invalid");
    TlsSettings tls = TlsSettings.builder().trustCertificates(certificates.authorityFile()).build();
    try (ScriptedServer proxy =
        ScriptedServer.start(
            c -> {
              c.readRequest();
              c.write(CONNECTED);
              c.startTls(certificates.context("node"));
              always(ok("end to end")).run(c);
            })) {
      HttpTransport tunnelling = start(proxy.origin(), tls);
      Response first = answer(tunnelling.execute(post(SECURE_NODE, "1"), KEEP));
      Response second = answer(tunnelling.execute(post(SECURE_NODE, "2"), KEEP));
      Origin elsewhere = new Origin(true, "other.invalid", 443);
      Response other = answer(tunnelling.execute(post(elsewhere, "3"), KEEP));

      assertThat(first.reusedConnection()).isFalse();
      assertThat(second.reusedConnection()).isTrue();
      assertThat(other.reusedConnection()).isFalse();
      assertThat(proxy.connectionCount()).isEqualTo(2);
      assertThat(proxy.requests().stream().filter(r -> r.startsWith("CONNECT"))).hasSize(2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"403 Forbidden", "407 Proxy Authentication Required", "502 Bad Gateway"})
  void execute_proxyRespondsItself_itsResponseIsReturned(String status) {
    String answer = ScriptedServer.response(status + "\r\nProxy-Authenticate: Basic", "sorry");
    try (ScriptedServer proxy = ScriptedServer.start(always(answer))) {
      Response response = answer(send(proxy, post(NODE, "a")));

      assertThat(response.status()).isEqualTo(Integer.parseInt(status.substring(0, 3)));
      assertThat(response.text()).isEqualTo("sorry");
      assertThat(proxy.requests()).hasSize(1);
    }
  }

  @Test
  void execute_redirect_isNotFollowed() {
    String answer = ScriptedServer.response("302 Found\r\nLocation: http://elsewhere.invalid/", "");
    try (ScriptedServer proxy = ScriptedServer.start(always(answer))) {
      assertThat(answer(send(proxy, post(NODE, "a"))).status()).isEqualTo(302);
      assertThat(proxy.requests()).hasSize(1);
    }
  }

  @Test
  void execute_noProxyThere_isNotConnectedAndSaysWhy() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    HttpTransport lonely = start(new Origin(false, "127.0.0.1", port), null);

    ExchangeException failure = failure(lonely.execute(post(NODE, "a"), KEEP));

    assertThat(failure.kind()).isEqualTo(Kind.NOT_CONNECTED);
    assertThat(failure)
        .hasMessageContaining("no connection to node.invalid:46802 through the proxy")
        .hasMessageEndingWith("connection refused by 127.0.0.1:" + port);
    assertThat(transport.openCalls()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345", "garbage\r\n"})
  void execute_connectionBreaks_isConnectionLost(String half) {
    try (ScriptedServer proxy =
        ScriptedServer.start(
            c -> {
              c.readRequest();
              c.write(half);
            })) {
      assertThat(failure(send(proxy, post(NODE, "a"))).kind()).isEqualTo(Kind.CONNECTION_LOST);
      assertThat(proxy.requests()).hasSize(1);
    }
  }

  @Test
  void execute_noAnswer_timesOutAndCloses() {
    Gate arrived = new Gate();
    try (ScriptedServer proxy = ScriptedServer.start(silent(arrived))) {
      CompletableFuture<Response> answer = send(proxy, post(NODE, "a"));
      arrived.pass();
      timer.advance(REQUEST_TIMEOUT.plus(CONNECT_TIMEOUT));

      assertThat(failure(answer).kind()).isEqualTo(Kind.TIMED_OUT);
      assertThat(transport.openCalls()).isZero();
      await().until(() -> proxy.connection(0).ended());
    }
  }

  @Test
  void execute_tunnelIsNotMadeInTime_isNotConnected() {
    Gate arrived = new Gate();
    try (ScriptedServer proxy = ScriptedServer.start(silent(arrived))) {
      CompletableFuture<Response> answer = send(proxy, post(SECURE_NODE, "a"));
      arrived.pass();
      timer.advance(REQUEST_TIMEOUT.plus(CONNECT_TIMEOUT));

      assertThat(failure(answer).kind()).isEqualTo(Kind.NOT_CONNECTED);
      assertThat(failure(answer)).hasMessageContaining("timed out after 5000 ms");
      assertThat(transport.openCalls()).isZero();
      await().until(() -> proxy.connection(0).ended());
    }
  }

  @Test
  void execute_proxyIsLookedUpTooLate_isNotConnectedAndAskedForNothing() {
    List<Runnable> lookUps = new ArrayList<>();
    try (ScriptedServer proxy = ScriptedServer.start(always(ok("late")))) {
      Origin named = new Origin(false, "localhost", proxy.port());
      HttpTransport waiting =
          new HttpTransport(
              TransportFixture.settings(null, CONNECT_TIMEOUT, named),
              timer,
              TransportFixture.lookUpLater(lookUps));
      transport = waiting;
      CompletableFuture<Response> answer = waiting.execute(post(SECURE_NODE, "a"), KEEP);
      await().until(() -> lookUps.size() == 1);

      timer.advance(CONNECT_TIMEOUT.plus(REQUEST_TIMEOUT));

      assertThat(failure(answer).kind()).isEqualTo(Kind.NOT_CONNECTED);
      assertThat(waiting.openCalls()).isZero();
      lookUps.get(0).run();
      assertThat(proxy.connectionCount()).as("nobody waits for it any more").isZero();
    }
  }

  @Test
  void execute_hugeAnswer_isCutAndNotReadToTheEnd() {
    long huge = 100_000_000;
    AtomicLong written = new AtomicLong();
    try (ScriptedServer proxy =
        ScriptedServer.start(
            c -> {
              c.readRequest();
              c.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
              written.set(c.writeUntilBroken("x".repeat(1000), huge));
            })) {
      Response response = answer(send(proxy, post(NODE, "a")));

      assertThat(response.truncated()).isTrue();
      assertThat(response.body()).hasSize(Request.DEFAULT_MAX_RESPONSE_BYTES);
      await().untilAtomic(written, greaterThan(0L));
      assertThat(written.get()).isLessThan(huge / 2);
    }
  }

  private static ScriptedServer.Script tunnel(Certificates certificates, String response) {
    return c -> {
      c.readRequest();
      c.write(response);
      c.startTls(certificates.context("node"));
      c.readRequest();
      c.write(ok("end to end"));
      c.awaitEnd();
    };
  }

  @Test
  void execute_secureNode_goesThroughATunnel(@TempDir Path directory) {
    Certificates certificates =
        Certificates.in(directory).signed("node", "-ext", "san=dns:node.invalid");
    TlsSettings tls = TlsSettings.builder().trustCertificates(certificates.authorityFile()).build();
    try (ScriptedServer proxy = ScriptedServer.start(tunnel(certificates, CONNECTED))) {
      HttpTransport tunnelling = start(proxy.origin(), tls);
      Response response = answer(tunnelling.execute(post(SECURE_NODE, "a=1"), KEEP));
      Origin impostor = new Origin(true, "other.invalid", 46803);
      ExchangeException failure = failure(tunnelling.execute(post(impostor, "a=2"), KEEP));

      assertThat(response.text()).isEqualTo("end to end");
      assertThat(proxy.requests().get(0))
          .startsWith("CONNECT node.invalid:46803 HTTP/1.1\r\n")
          .doesNotContain("a=1");
      assertThat(proxy.requests().get(1))
          .startsWith("POST /dataproxy/message HTTP/1.1\r\n")
          .endsWith("\r\n\r\na=1");
      assertThat(failure.kind()).isEqualTo(Kind.NOT_CONNECTED);
      assertThat(failure).hasMessageContaining("subject alternative");
    }
  }

  @Test
  void execute_proxyWithTls_speaksTlsWithIt(@TempDir Path directory) {
    Certificates certificates = WirePath.certificates(directory);
    TlsSettings tls = TlsSettings.builder().trustCertificates(certificates.authorityFile()).build();
    try (ScriptedServer proxy =
        ScriptedServer.start(certificates.serverSocket("node"), always(ok("through")))) {
      HttpTransport through = start(proxy.secureOrigin(), tls);
      Response first = answer(through.execute(post(NODE, "a=1"), KEEP));
      Response second = answer(through.execute(post(NODE, "a=2"), KEEP));

      assertThat(first.text()).isEqualTo("through");
      assertThat(second.reusedConnection()).isTrue();
      assertThat(proxy.requests().get(0)).startsWith("POST http://node.invalid:46802/");
    }
  }

  /** What stands behind the proxy's own response, in plain text, is not the node's. */
  @Test
  void execute_proxyWritesMoreThanItsResponse_isNotConnected(@TempDir Path directory) {
    Certificates certificates =
        Certificates.in(directory).signed("node", "-ext", "san=dns:node.invalid");
    TlsSettings tls = TlsSettings.builder().trustCertificates(certificates.authorityFile()).build();
    try (ScriptedServer proxy =
        ScriptedServer.start(tunnel(certificates, CONNECTED + "HTTP/1.1 200 OK\r\nx: "))) {
      ExchangeException failure =
          failure(start(proxy.origin(), tls).execute(post(SECURE_NODE, "a=1"), KEEP));

      assertThat(failure.kind()).isEqualTo(Kind.NOT_CONNECTED);
      assertThat(proxy.requests()).hasSize(1);
      assertThat(transport.openCalls()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"403 Forbidden", "407 Proxy Authentication Required", "502 Bad Gateway"})
  void execute_tunnelRefused_isNotConnectedAndSaysWhy(String status) {
    String answer = ScriptedServer.response(status + "\r\nProxy-Authenticate: Basic", "sorry");
    try (ScriptedServer proxy = ScriptedServer.start(always(answer))) {
      ExchangeException failure = failure(send(proxy, post(SECURE_NODE, "a")));

      assertThat(failure.kind()).isEqualTo(Kind.NOT_CONNECTED);
      assertThat(failure)
          .hasMessage(
              "no connection to node.invalid:46803 through the proxy: the proxy answered "
                  + status.substring(0, 3));
      assertThat(proxy.requests()).hasSize(1);
      assertThat(transport.openCalls()).isZero();
    }
  }

  @Test
  void close_exchangeUnderWay_failsItAndEndsThreads() {
    Gate arrived = new Gate();
    try (ScriptedServer proxy = ScriptedServer.start(silent(arrived))) {
      CompletableFuture<Response> answer = send(proxy, post(NODE, "a"));
      arrived.pass();
      HttpTransport used = start(proxy.origin(), null);

      used.close(PATIENCE);
      used.close(PATIENCE);

      assertThat(failure(answer).kind()).isEqualTo(Kind.CONNECTION_LOST);
      assertThat(threads()).isZero();
      assertThat(transport.openCalls()).isZero();
      await().until(() -> proxy.connection(0).ended());
      assertThat(failure(used.execute(post(NODE, "b"), KEEP)).kind()).isEqualTo(Kind.NOT_CONNECTED);
    }
  }

  @Test
  void close_tunnelBeingMade_failsItsRequest() {
    Gate arrived = new Gate();
    try (ScriptedServer proxy = ScriptedServer.start(silent(arrived))) {
      CompletableFuture<Response> answer = send(proxy, post(SECURE_NODE, "a"));
      arrived.pass();

      start(proxy.origin(), null).close(PATIENCE);

      assertThat(failure(answer).kind()).isEqualTo(Kind.NOT_CONNECTED);
      assertThat(threads()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void close_whileCallsBegin_endsThemAllAndLeavesNothingOpen(boolean secure) {
    Request request = post(secure ? SECURE_NODE : NODE, "a");
    try (ScriptedServer proxy =
        ScriptedServer.start(
            c -> {
              c.readRequest();
              c.awaitEnd();
            })) {
      for (int i = 0; i < 300; i++) {
        HttpTransport closing =
            new HttpTransport(
                TransportFixture.settings(null, CONNECT_TIMEOUT, proxy.origin()),
                timer,
                TransportFixture.LOOK_UP_HERE);
        Queue<CompletableFuture<Response>> answers = new ConcurrentLinkedQueue<>();
        if (i % 2 == 0) {
          answers.add(closing.execute(request, KEEP));
        }
        CompletableFuture<Void> calls =
            CompletableFuture.runAsync(
                () -> {
                  for (int call = 0; call < 20; call++) {
                    answers.add(closing.execute(request, KEEP));
                  }
                });
        spin(i % 50 * 20_000L);

        closing.close(PATIENCE);

        assertThat(calls).succeedsWithin(PATIENCE);
        assertThat(answers)
            .hasSizeGreaterThanOrEqualTo(20)
            .allSatisfy(answer -> assertThat(answer).failsWithin(PATIENCE));
        assertThat(closing.openCalls()).isZero();
      }
      await().until(() -> proxy.openConnections() == 0);
      await().until(() -> threads() == 0);
    }
  }

  /** To meet the calls in the middle of what they do. */
  private static void spin(long nanos) {
    long start = System.nanoTime();
    while (System.nanoTime() - start < nanos) {
      Thread.onSpinWait();
    }
  }

  private CompletableFuture<Response> send(ScriptedServer proxy, Request request) {
    return start(proxy.origin(), null).execute(request, KEEP);
  }

  /** The transport of this test, started by the first call. */
  private HttpTransport start(Origin proxy, @Nullable TlsSettings tls) {
    HttpTransport started = transport;
    if (started == null) {
      started =
          new HttpTransport(
              TransportFixture.settings(tls, CONNECT_TIMEOUT, proxy),
              timer,
              TransportFixture.LOOK_UP_HERE);
      transport = started;
    }
    return started;
  }

  private static Request post(Origin node, String body) {
    return Request.post(node, "/dataproxy/message")
        .header("x-own", "header")
        .body(body.getBytes(US_ASCII), "application/x-www-form-urlencoded")
        .build();
  }
}
