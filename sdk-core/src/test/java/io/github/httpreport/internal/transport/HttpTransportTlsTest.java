package io.github.httpreport.internal.transport;

import static io.github.httpreport.internal.transport.TransportFixture.await;
import static io.github.httpreport.testsupport.ScriptedServer.always;
import static io.github.httpreport.testsupport.ScriptedServer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.TlsSettings;
import io.github.httpreport.http.ExchangeException;
import io.github.httpreport.http.ExchangeException.Kind;
import io.github.httpreport.http.Origin;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.testsupport.Certificates;
import io.github.httpreport.testsupport.ScriptedServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@EnumSource(TransportFixture.Kind.class)
class HttpTransportTlsTest {

  private static final String HERE = "san=ip:127.0.0.1,dns:localhost";

  @TempDir private static Path directory;

  private static Certificates certificates;
  private static TlsSettings trusting;

  private final TransportFixture.Kind kind;

  HttpTransportTlsTest(TransportFixture.Kind kind) {
    this.kind = kind;
  }

  @BeforeAll
  static void makeCertificates() {
    certificates =
        Certificates.in(directory)
            .signed("good", "-ext", HERE)
            .signed("elsewhere", "-ext", "san=dns:elsewhere.example,ip:127.0.0.2")
            .signed("expired", "-ext", HERE, "-startdate", "-10d", "-validity", "5")
            .signed("early", "-ext", HERE, "-startdate", "+5d", "-validity", "5")
            .selfSigned("self-signed", "-ext", HERE)
            .selfSigned("pinned-expired", "-ext", HERE, "-startdate", "-10d", "-validity", "5");
    trusting = TlsSettings.builder().trustCertificates(certificates.authorityFile()).build();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost"})
  void execute_trustedServer_isAnswered(String host) {
    try (TransportFixture fixture = TransportFixture.withTls(trusting, kind);
        ScriptedServer server = serverWith("good")) {
      Request request = Request.get(new Origin(true, host, server.port()), "/").build();

      Response first = fixture.exchange(request);
      Response second = fixture.exchange(request);

      assertThat(first.text()).isEqualTo("safe");
      assertThat(first.reusedConnection()).isFalse();
      assertThat(second.reusedConnection()).isTrue();
      assertThat(server.requests().get(0))
          .isEqualTo("GET / HTTP/1.1\r\nHost: " + host + ':' + server.port() + "\r\n\r\n");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "elsewhere, subject alternative names",
    "expired, validity",
    "early, validity",
    "self-signed, unable to find valid certification path",
  })
  void execute_serverThatIsNotTrusted_isNotConnectedAndSaysWhy(String alias, String why) {
    try (TransportFixture fixture = TransportFixture.withTls(trusting, kind);
        ScriptedServer server = serverWith(alias)) {
      ExchangeException failure = fixture.failure(get(server));

      assertThat(failure.kind()).isEqualTo(Kind.NOT_CONNECTED);
      assertThat(failure)
          .hasMessageContaining("no connection to 127.0.0.1:" + server.port())
          .hasMessageContaining(why);
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void execute_certificateOfAnotherHostName_isNotConnectedAndSaysWhichNameIsMissing() {
    try (TransportFixture fixture = TransportFixture.withTls(trusting, kind);
        ScriptedServer server = serverWith("elsewhere")) {
      Origin localhost = new Origin(true, "localhost", server.port());

      ExchangeException failure = fixture.failure(Request.get(localhost, "/").build());

      assertThat(failure.kind()).isEqualTo(Kind.NOT_CONNECTED);
      assertThat(failure).hasMessageContaining("name matching localhost");
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void execute_clientCertificateOfAnUnknownAuthority_failsAndNamesTheServerAndTheAlert() {
    TlsSettings unknown =
        TlsSettings.builder()
            .trustCertificates(certificates.authorityFile())
            .clientCertificate(
                certificates.keyFile("self-signed"), Certificates.PASSWORD.toCharArray())
            .build();
    try (TransportFixture fixture = TransportFixture.withTls(unknown, kind);
        ScriptedServer server =
            ScriptedServer.start(
                certificates.serverSocketForKnownClients("good"), always(ok("no")))) {
      ExchangeException failure = fixture.failure(get(server));

      assertThat(failure.kind()).isIn(Kind.NOT_CONNECTED, Kind.CONNECTION_LOST);
      assertThat(failure)
          .hasMessageContaining("127.0.0.1:" + server.port())
          .hasMessageContaining("fatal alert");
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void execute_pinnedCertificate_isTrustedUntilItExpires() {
    try (TransportFixture fixture = TransportFixture.withTls(pinned("self-signed"), kind);
        ScriptedServer server = serverWith("self-signed")) {
      assertThat(fixture.exchange(get(server)).text()).isEqualTo("safe");
    }
    try (TransportFixture fixture = TransportFixture.withTls(pinned("pinned-expired"), kind);
        ScriptedServer server = serverWith("pinned-expired")) {
      ExchangeException failure = fixture.failure(get(server));

      assertThat(failure.kind()).isEqualTo(Kind.NOT_CONNECTED);
      assertThat(failure).hasMessageContaining("expired");
      assertThat(server.requests()).isEmpty();
    }
  }

  private static TlsSettings pinned(String alias) {
    return TlsSettings.builder().trustCertificates(certificates.certificateFile(alias)).build();
  }

  @Test
  void execute_withoutTlsSettings_trustsWhatTheRuntimeTrusts() {
    try (TransportFixture fixture = TransportFixture.withTls(null, kind);
        ScriptedServer server = serverWith("good")) {
      ExchangeException failure = fixture.failure(get(server));

      assertThat(failure.kind()).isEqualTo(Kind.NOT_CONNECTED);
      assertThat(failure).hasMessageContaining("certification path");
    }
  }

  @Test
  void execute_serverWithoutTls_isNotConnected() {
    try (TransportFixture fixture = TransportFixture.withTls(trusting, kind);
        ScriptedServer server =
            ScriptedServer.start(
                c -> {
                  c.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
                  c.awaitEnd();
                })) {
      ExchangeException failure = fixture.failure(get(server));

      assertThat(failure.kind()).isEqualTo(Kind.NOT_CONNECTED);
      assertThat(failure).hasMessageContaining("plaintext connection");
    }
  }

  @Test
  void execute_closedDuringTheHandshake_isNotConnected() {
    try (TransportFixture fixture = TransportFixture.withTls(trusting, kind);
        ScriptedServer server = ScriptedServer.start(c -> c.close())) {
      ExchangeException failure = fixture.failure(get(server));

      assertThat(failure.kind()).isEqualTo(Kind.NOT_CONNECTED);
      assertThat(failure).hasMessageNotContaining("null");
    }
  }

  @Test
  void execute_silentDuringTheHandshake_isNotConnectedAfterTheConnectTimeout() {
    try (TransportFixture fixture =
            TransportFixture.connectingWithin(Duration.ofMillis(200), kind);
        ScriptedServer server = ScriptedServer.start(c -> c.awaitEnd())) {
      CompletableFuture<Response> answer = fixture.send(get(server));
      await().until(() -> server.connectionCount() == 1);
      fixture.timer.advance(Duration.ofMillis(200));

      ExchangeException failure = TransportFixture.failure(answer);
      assertThat(failure.kind()).isEqualTo(Kind.NOT_CONNECTED);
      assertThat(failure).hasMessageEndingWith("timed out after 200 ms");
    }
  }

  @Test
  void execute_clientCertificate_isShownToTheServer() {
    TlsSettings known =
        TlsSettings.builder()
            .trustCertificates(certificates.authorityFile())
            .clientCertificate(certificates.keyFile("good"), Certificates.PASSWORD.toCharArray())
            .build();
    try (TransportFixture fixture = TransportFixture.withTls(known, kind);
        ScriptedServer server =
            ScriptedServer.start(
                certificates.serverSocketForKnownClients("good"),
                c -> {
                  c.readRequest();
                  c.write(ok("hello " + c.clientName()));
                })) {
      assertThat(fixture.exchange(get(server)).text()).isEqualTo("hello CN=good");
    }
  }

  @Test
  void execute_noClientCertificateWhereOneIsWanted_fails() {
    try (TransportFixture fixture = TransportFixture.withTls(trusting, kind);
        ScriptedServer server =
            ScriptedServer.start(
                certificates.serverSocketForKnownClients("good"), always(ok("no")))) {
      // In TLS 1.3 the server refuses after the client has begun to write.
      assertThat(fixture.failure(get(server)).kind())
          .isIn(Kind.NOT_CONNECTED, Kind.CONNECTION_LOST);
      assertThat(server.requests()).isEmpty();
    }
  }

  private static ScriptedServer serverWith(String alias) {
    return ScriptedServer.start(certificates.serverSocket(alias), always(ok("safe")));
  }

  private static Request get(ScriptedServer server) {
    return Request.get(server.secureOrigin(), "/").build();
  }
}
