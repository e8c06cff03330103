package io.github.httpreport.compatibility;

import static io.github.httpreport.testsupport.ScriptedServer.always;
import static io.github.httpreport.testsupport.ScriptedServer.ok;

import io.github.httpreport.HttpProxySender;
import io.github.httpreport.RetryPolicy;
import io.github.httpreport.TlsSettings;
import io.github.httpreport.testsupport.Certificates;
import io.github.httpreport.testsupport.ScriptedServer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** TLS to nodes, Managers and proxies, and the servers that must be refused. */
final class TlsSteps extends SmokeSteps {

  static final String STORED = "{\"code\":\"0\",\"msg\":\"Ok\"}";

  private static final String HERE = "san=ip:127.0.0.1,dns:localhost,dns:node.invalid";
  private static final String ELSEWHERE = "san=ip:127.0.0.2,dns:elsewhere.invalid";

  private static final String WRONG_HOST = "subject alternative";

  private final Certificates certificates;
  private final TlsSettings trusting;

  /** Certificates for all versions, made once: each costs a run of the JDK's keytool. */
  static void makeCertificates(Path directory) {
    Certificates.in(directory)
        .signed("good", "-ext", HERE)
        .signed("elsewhere", "-ext", ELSEWHERE)
        .signed("expired", "-ext", HERE, "-startdate", "-10d", "-validity", "5")
        .selfSigned("self-signed", "-ext", HERE)
        .selfSigned("pinned-expired", "-ext", HERE, "-startdate", "-10d", "-validity", "5");
  }

  TlsSteps(Path directory) {
    certificates = Certificates.madeBefore(directory);
    trusting = TlsSettings.builder().trustCertificates(certificates.authorityFile()).build();
    step("TLS to a node", this::node);
    step("TLS to a Manager", this::manager);
    step("a client certificate", this::clientCertificate);
    step("a node with a certificate for another host is refused", this::nodeOfAnotherHost);
    step("a Manager with a certificate for another host is refused", this::managerOfAnotherHost);
    step("an expired certificate is refused", () -> refusedNode("expired", "validity"));
    step("an untrusted certificate is refused", () -> refusedNode("self-signed", "certification"));
    step("a pinned certificate that has expired is refused", this::pinnedExpired);
    step("TLS through the tunnel of a proxy", () -> tunnel("good", null));
    step("another host behind a proxy is refused", () -> tunnel("elsewhere", WRONG_HOST));
    step("an expired certificate behind a proxy is refused", () -> tunnel("expired", "validity"));
    step("TLS to a proxy", () -> secureProxy("good", null));
    step("a proxy with a certificate for another host is refused", this::proxyOfAnotherHost);
  }

  private HttpProxySender.Builder secure() {
    return secure(trusting);
  }

  private static HttpProxySender.Builder secure(TlsSettings tls) {
    return builder().tls(tls).retry(RetryPolicy.builder().maxAttempts(1).build());
  }

  private ScriptedServer server(String alias, String body) {
    return ScriptedServer.start(certificates.serverSocket(alias), always(ok(body)));
  }

  private void node() throws Exception {
    try (ScriptedServer node = server("good", STORED)) {
      sendBothWays(secure().nodes("https://127.0.0.1:" + node.port()));
      sendBothWays(secure().nodes("https://localhost:" + node.port()));
      equal(node.requests().size(), 4);
    }
  }

  private void manager() throws Exception {
    try (ScriptedServer node = ScriptedServer.start(always(ok(STORED)));
        ScriptedServer manager = server("good", listOf(node))) {
      sendBothWays(secure().manager("https://127.0.0.1:" + manager.port()));
      equal(node.requests().size(), 2);
    }
  }

  private static String listOf(ScriptedServer node) {
    return "{\"success\":true,\"errMsg\":null,\"data\":{\"nodeList\":[{\"id\":1,\"ip\":\"127.0.0.1\","
        + ("\"port\":" + node.port() + ",\"protocolType\":\"HTTP\",\"nodeLoad\":0}]}}");
  }

  private void clientCertificate() throws Exception {
    TlsSettings known =
        TlsSettings.builder()
            .trustCertificates(certificates.authorityFile())
            .clientCertificate(certificates.keyFile("good"), Certificates.PASSWORD.toCharArray())
            .build();
    try (ScriptedServer node =
        ScriptedServer.start(
            certificates.serverSocketForKnownClients("good"), always(ok(STORED)))) {
      sendBothWays(secure(known).nodes("https://127.0.0.1:" + node.port()));
    }
  }

  private void nodeOfAnotherHost() throws Exception {
    refusedNode("elsewhere", WRONG_HOST);
    try (ScriptedServer node = server("elsewhere", STORED)) {
      failsBothWays(secure().nodes("https://localhost:" + node.port()), "localhost");
      equal(node.requests().size(), 0);
    }
  }

  private void refusedNode(String alias, String why) throws Exception {
    refusedNode(trusting, alias, why);
  }

  private void refusedNode(TlsSettings tls, String alias, String why) throws Exception {
    try (ScriptedServer node = server(alias, STORED)) {
      failsBothWays(secure(tls).nodes("https://127.0.0.1:" + node.port()), why);
      equal(node.requests().size(), 0);
    }
  }

  private void managerOfAnotherHost() throws Exception {
    try (ScriptedServer node = ScriptedServer.start(always(ok(STORED)));
        ScriptedServer manager = server("elsewhere", listOf(node))) {
      failsBothWays(secure().manager("https://127.0.0.1:" + manager.port()), WRONG_HOST);
      equal(manager.requests().size(), 0);
      equal(node.requests().size(), 0);
    }
  }

  private void pinnedExpired() throws Exception {
    TlsSettings pinned =
        TlsSettings.builder()
            .trustCertificates(certificates.certificateFile("pinned-expired"))
            .build();
    refusedNode(pinned, "pinned-expired", "expired");
  }

  private void tunnel(String alias, @Nullable String refusal) throws Exception {
    try (ScriptedServer proxy =
        ScriptedServer.start(
            c -> {
              contains(c.readRequest(), "CONNECT node.invalid:46801 ");
              c.write("HTTP/1.1 200 Connection established\r\n\r\n");
              c.startTls(certificates.context(alias));
              c.readRequest();
              c.write(ok(STORED));
              c.awaitEnd();
            })) {
      through("https://node.invalid:46801", "127.0.0.1:" + proxy.port(), refusal);
      isTrue(
          refusal == null || proxy.requests().stream().noneMatch(r -> r.startsWith("POST")),
          "a request was written");
    }
  }

  private void secureProxy(String alias, @Nullable String refusal) throws Exception {
    try (ScriptedServer proxy = server(alias, STORED)) {
      through("node.invalid:46801", "https://127.0.0.1:" + proxy.port(), refusal);
      equal(proxy.requests().size(), refusal == null ? 2 : 0);
    }
  }

  private void proxyOfAnotherHost() throws Exception {
    secureProxy("elsewhere", WRONG_HOST);
  }

  private void through(String node, String proxy, @Nullable String refusal) throws Exception {
    HttpProxySender.Builder builder = secure().nodes(node).proxy(proxy);
    if (refusal == null) {
      sendBothWays(builder);
    } else {
      failsBothWays(builder, refusal);
    }
  }
}
