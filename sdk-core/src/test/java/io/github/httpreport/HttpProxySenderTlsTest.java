package io.github.httpreport;

import static io.github.httpreport.testsupport.ScriptedServer.always;
import static io.github.httpreport.testsupport.ScriptedServer.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.github.httpreport.error.NoNodeAvailableException;
import io.github.httpreport.testsupport.Certificates;
import io.github.httpreport.testsupport.LogCapture;
import io.github.httpreport.testsupport.ScriptedServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TLS to Manager and nodes, with what an application sets and sees. */
class HttpProxySenderTlsTest {

  private static final String HERE = "san=ip:127.0.0.1";
  private static final String STORED = ok("{\"code\":\"0\",\"msg\":\"Ok\"}");

  @TempDir private static Path directory;

  private static Certificates certificates;
  private static TlsSettings tls;

  @BeforeAll
  static void makeCertificates() {
    certificates =
        Certificates.in(directory)
            .signed("good", "-ext", HERE)
            .signed("elsewhere", "-ext", "san=ip:127.0.0.2")
            .signed("expired", "-ext", HERE, "-startdate", "-10d", "-validity", "5")
            .selfSigned("self-signed", "-ext", HERE);
    tls =
        TlsSettings.builder()
            .trustCertificates(certificates.authorityFile())
            .clientCertificate(certificates.keyFile("good"), Certificates.PASSWORD.toCharArray())
            .build();
  }

  private static HttpProxySender.Builder builder() {
    return HttpProxySender.builder()
        .tls(tls)
        .retry(
            RetryPolicy.builder()
                .maxAttempts(2)
                .backoff(Duration.ofMillis(1), Duration.ofMillis(1))
                .build());
  }

  private static SendResult sendBy(HttpProxySender.Builder builder) {
    try (HttpProxySender sender = builder.build()) {
      return sender.send(List.of("a"), "group", "stream");
    }
  }

  private static String address(ScriptedServer server) {
    return "https://127.0.0.1:" + server.port();
  }

  @Test
  void send_trustedManagerAndNode_areShownTheClientCertificate() {
    try (ScriptedServer node = trusted(STORED)) {
      assertThat(sendBy(builder().nodes(address(node))).messageCount()).isEqualTo(1);
      assertThat(node.requests()).hasSize(1);
    }
    try (ScriptedServer plainNode = ScriptedServer.start(always(STORED));
        ScriptedServer manager = trusted(listOf(plainNode))) {
      assertThat(sendBy(builder().manager(address(manager))).messageCount()).isEqualTo(1);
      assertThat(manager.requests()).hasSize(1);
      assertThat(plainNode.requests()).hasSize(1);
    }
  }

  private static ScriptedServer trusted(String response) {
    return ScriptedServer.start(
        certificates.serverSocketForKnownClients("good"),
        c -> {
          c.readRequest();
          c.write(response);
          c.awaitEnd();
        });
  }

  private static String listOf(ScriptedServer node) {
    return ok(
        "{\"success\":true,\"errMsg\":null,\"data\":{\"nodeList\":[{\"id\":1,\"ip\":\"127.0.0.1\","
            + ("\"port\":" + node.port() + ",\"protocolType\":\"HTTP\",\"nodeLoad\":0}]}}"));
  }

  @ParameterizedTest
  @CsvSource({
    "elsewhere, subject alternative names",
    "expired, validity",
    "self-signed, unable to find valid certification path",
    "plain text, plaintext connection",
  })
  void send_serverThatIsNotTrusted_failsAndSaysWhy(String alias, String why) {
    try (ScriptedServer server = serverWith(alias)) {
      assertFails(builder().nodes(address(server)), why);
      assertFails(builder().manager(address(server)), why);
      assertThat(server.requests()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "elsewhere, certificate for another host name",
    "expired, expired certificate",
    "self-signed, name its CA with tls(...)",
  })
  void enqueue_serverThatIsNotTrusted_isLoggedLongBeforeTheDeadline(String alias, String why) {
    try (ScriptedServer server = serverWith(alias)) {
      assertWarns(HttpProxySender.builder().nodes(address(server)), "NodeTable", why);
      assertWarns(HttpProxySender.builder().manager(address(server)), "NodeSourceLog", why);
    }
  }

  private static void assertWarns(HttpProxySender.Builder builder, String logger, String why) {
    try (LogCapture log = LogCapture.of("io.github.httpreport.internal.node." + logger);
        HttpProxySender sender = builder.tls(tls).closeTimeout(Duration.ZERO).build()) {
      var unused = sender.enqueue("a", "group", "stream");

      await()
          .untilAsserted(
              () ->
                  assertThat(log.lines())
                      .first()
                      .asString()
                      .startsWith("WARN ")
                      .contains("no connection to 127.0.0.1:", why));
    }
  }

  private static ScriptedServer serverWith(String alias) {
    if (alias.equals("plain text")) {
      return ScriptedServer.start(
          c -> {
            c.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
            c.awaitEnd();
          });
    }
    return ScriptedServer.start(certificates.serverSocket(alias), always(STORED));
  }

  private static void assertFails(HttpProxySender.Builder builder, String why) {
    assertThatExceptionOfType(NoNodeAvailableException.class)
        .isThrownBy(() -> sendBy(builder))
        .withMessageContaining("no connection to 127.0.0.1:")
        .withMessageContaining(why)
        .satisfies(e -> assertThat(e.mayHaveBeenStored()).isFalse());
  }
}
