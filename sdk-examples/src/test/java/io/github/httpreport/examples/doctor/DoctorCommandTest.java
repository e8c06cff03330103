package io.github.httpreport.examples.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.httpreport.examples.CliRun;
import io.github.httpreport.testkit.Fault;
import io.github.httpreport.testkit.LocalCluster;
import io.github.httpreport.testkit.LocalDataHub;
import io.github.httpreport.testkit.LocalEkuiper;
import io.github.httpreport.testkit.LocalMemphis;
import io.github.httpreport.testsupport.Certificates;
import io.github.httpreport.testsupport.ScriptedServer;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code doctor} as its user runs it. */
class DoctorCommandTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;

  @Test
  void doctor_healthyCluster_passesAndStoresNothing() throws IOException {
    try (LocalCluster cluster = LocalCluster.start(3)) {
      CliRun run = DoctorRuns.on(cluster);

      assertThat(run.exitCode()).as(run.toString()).isZero();
      JsonNode report = JSON.readTree(run.out());
      assertThat(report.get("healthy").booleanValue()).isTrue();
      assertThat(report.get("failed").intValue()).isZero();
      assertThat(report.get("warnings").intValue()).isZero();
      assertThat(steps(report))
          .startsWith("name look-up", "connection", "credentials", "answer", "clock")
          .endsWith("size limits")
          .filteredOn("heartbeat"::equals)
          .hasSize(3);
      assertThat(step(report, "heartbeat").at("/facts/millis").doubleValue()).isPositive();
      assertThat(step(report, "answer").at("/facts/nodes")).hasSize(3);
      assertThat(step(report, "size limits").at("/facts/maxRequestBytes").longValue())
          .isEqualTo(524_288);
      assertThat(cluster.stored()).isEmpty();
      assertThat(run.err()).isEmpty();
    }
  }

  @Test
  void doctor_send_storesOneMessageAndNamesTheNode() throws IOException {
    try (LocalCluster cluster = LocalCluster.start(1)) {
      CliRun run = DoctorRuns.on(cluster, "--send", "--body", "hello");

      assertThat(run.exitCode()).as(run.toString()).isZero();
      assertThat(cluster.stored()).singleElement().extracting("body").isEqualTo("hello");
      JsonNode sent = step(JSON.readTree(run.out()), "send");
      assertThat(sent.at("/facts/node").textValue()).isEqualTo(cluster.node(0).address());
    }
  }

  @Test
  void doctor_oneNodeOfThreeAway_isAWarning() throws IOException {
    try (LocalCluster cluster = LocalCluster.start(3)) {
      cluster.node(1).stop();
      CliRun run = DoctorRuns.on(cluster);

      assertThat(run.exitCode()).isZero();
      JsonNode report = JSON.readTree(run.out());
      assertThat(report.get("warnings").intValue()).isEqualTo(1);
      assertThat(problem(report).get("subject").textValue())
          .isEqualTo("Node " + cluster.node(1).address());
      assertThat(problem(report).get("detail").textValue())
          .isEqualTo("no connection to " + cluster.node(1).address() + ": connection refused");
    }
  }

  @Test
  void doctor_allNodesAway_fails() throws IOException {
    try (LocalCluster cluster = LocalCluster.start(2)) {
      cluster.nodes().forEach(node -> node.stop());
      CliRun run = DoctorRuns.on(cluster);

      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(JSON.readTree(run.out()).get("failed").intValue()).isEqualTo(2);
    }
  }

  @Test
  void doctor_oneManagerOfTwoAway_isAWarning() throws IOException {
    try (LocalCluster cluster = LocalCluster.start(1)) {
      CliRun run = DoctorRuns.on(cluster, "--manager", "http://127.0.0.1:1");

      assertThat(run.exitCode()).as(run.toString()).isZero();
      assertThat(JSON.readTree(run.out()).get("warnings").intValue()).isEqualTo(1);
    }
  }

  @Test
  void doctor_nodeThatAnswersItsOwnWords_repeatsThem() throws IOException {
    try (LocalCluster cluster = LocalCluster.start(1)) {
      cluster.node(0).script(Fault.sinkNotReady());
      JsonNode report = JSON.readTree(DoctorRuns.on(cluster).out());
      assertThat(problem(report).get("step").textValue()).isEqualTo("heartbeat");
      assertThat(problem(report).get("detail").textValue())
          .isEqualTo("answered 1 (Service sink not ready)");
    }
  }

  @Test
  void doctor_limitOfTheCluster_isShown() throws IOException {
    try (LocalCluster cluster =
        LocalCluster.builder().maxRequestBytes(70_000).reportLimit(true).start()) {
      JsonNode limits = step(JSON.readTree(DoctorRuns.on(cluster).out()), "size limits");
      assertThat(limits.get("detail").textValue())
          .isEqualTo(
              "70,000 bytes a request, encoded (from the Manager); messages a request: 100,000");
    }
  }

  @Test
  void doctor_credentials_areSaidToBeAcceptedOrNotNeeded() throws IOException {
    String key = file("key", "s3cret-key");
    String[] login = {"--secret-id", "me", "--secret-key-file", key};
    try (LocalCluster cluster = LocalCluster.builder().authentication("me", "s3cret-key").start()) {
      CliRun accepted = DoctorRuns.on(cluster, login);
      assertThat(accepted.exitCode()).isZero();
      assertThat(credentials(accepted)).isEqualTo("secretId \"me\" is accepted");
      cluster.manager().noAuthentication();
      assertThat(credentials(DoctorRuns.on(cluster, login)))
          .isEqualTo("secretId \"me\" is given, and not asked for");
      assertThat(credentials(DoctorRuns.on(cluster))).isEqualTo("none given, and none asked for");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "json"})
  void doctor_wrongCredentials_showsNoSecret(String form) throws IOException {
    String key = file("key", "s3cret-key");
    try (LocalCluster cluster = LocalCluster.builder().authentication("me", "other").start()) {
      String[] login = {"--secret-id", "me", "--secret-key-file", key, "--send", "--verbose"};
      CliRun run = form.equals("json") ? DoctorRuns.on(cluster, login) : text(cluster, login);
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.out()).contains("me").doesNotContain("s3cret-key", "other");
      assertThat(run.err()).doesNotContain("s3cret-key");
    }
  }

  @Test
  void doctor_tls_showsNamesAndEndOfTheCertificate() throws IOException {
    Certificates certificates =
        Certificates.in(directory)
            .signed("good", "-ext", "san=ip:127.0.0.1,dns:node.example", "-validity", "100")
            .signed("ending", "-ext", "san=ip:127.0.0.1", "-validity", "10");
    String[] trust = {"--ca-file", certificates.authorityFile().toString()};
    try (LocalCluster cluster = LocalCluster.start(1);
        TlsFront good = TlsFront.before(cluster.node(0), certificates.serverSocket("good"));
        TlsFront ending = TlsFront.before(cluster.node(0), certificates.serverSocket("ending"))) {
      CliRun run = DoctorRuns.onNode(good.address(), trust);
      assertThat(run.exitCode()).as(run.toString()).isZero();
      JsonNode tls = step(JSON.readTree(run.out()), "TLS");
      assertThat(tls.get("outcome").textValue()).isEqualTo("ok");
      assertThat(tls.at("/facts/names"))
          .extracting(JsonNode::textValue)
          .containsExactly("127.0.0.1", "node.example");
      assertThat(Instant.parse(tls.at("/facts/notAfter").textValue()))
          .isBetween(
              Instant.now().plus(98, ChronoUnit.DAYS), Instant.now().plus(101, ChronoUnit.DAYS));

      JsonNode soon = step(JSON.readTree(DoctorRuns.onNode(ending.address(), trust).out()), "TLS");
      assertThat(soon.get("outcome").textValue()).isEqualTo("warning");
      assertThat(soon.get("detail").textValue()).endsWith("the certificate ends soon");
    }
  }

  @Test
  void doctor_untrustedServer_showsItsCertificateNevertheless() throws IOException {
    Certificates certificates =
        Certificates.in(directory).signed("good", "-ext", "san=dns:node.example");
    try (LocalCluster cluster = LocalCluster.start(1);
        TlsFront front = TlsFront.before(cluster.node(0), certificates.serverSocket("good"))) {
      JsonNode tls = step(JSON.readTree(DoctorRuns.onNode(front.address()).out()), "TLS");
      assertThat(tls.get("outcome").textValue()).isEqualTo("failed");
      assertThat(tls.at("/facts/names/0").textValue()).isEqualTo("node.example");
      assertThat(tls.at("/facts/notAfter").textValue()).isNotBlank();
      assertThat(cluster.node(0).requests()).isZero();
    }
  }

  @Test
  void doctor_otherServers_pass() throws IOException {
    try (LocalEkuiper server = LocalEkuiper.start("/api/data")) {
      CliRun run =
          DoctorRuns.json(
              "--protocol", "ekuiper", "--node", server.address(), "--path", "/api/data", "--send");
      assertThat(run.exitCode()).as(run.toString()).isZero();
      assertThat(server.tuples()).hasSize(1);
    }
    try (LocalMemphis gateway = LocalMemphis.start()) {
      gateway.user("me", "word");
      CliRun run =
          DoctorRuns.json(
              "--protocol",
              "memphis",
              "--node",
              gateway.address(),
              "--station",
              "orders",
              "--user",
              "me",
              "--password-file",
              file("password", "word"),
              "--send");
      assertThat(run.exitCode()).as(run.toString()).isZero();
      assertThat(gateway.storedCount()).isEqualTo(1);
    }
    try (LocalDataHub hub = LocalDataHub.start()) {
      CliRun run =
          DoctorRuns.json(
              "--protocol",
              "ckafka",
              "--endpoint",
              hub.url(),
              "--data-hub",
              "datahub-x",
              "--secret-id",
              hub.secretId(),
              "--secret-key-file",
              file("key", hub.secretKey()),
              "--send");
      assertThat(run.exitCode()).as(run.toString()).isZero();
      assertThat(hub.storedCount()).isEqualTo(1);
    }
  }

  @Test
  void doctor_withoutSend_storesNothingOnOtherServers() {
    try (LocalEkuiper server = LocalEkuiper.start("/api/data")) {
      DoctorRuns.json("--protocol", "ekuiper", "--node", server.address(), "--path", "/api/data");
      assertThat(server.tuples()).isEmpty();
      assertThat(server.lost()).isZero();
    }
  }

  @Test
  void doctor_throughAProxy_looksAtTheProxyFirst() throws IOException {
    try (LocalCluster cluster = LocalCluster.start(1);
        ScriptedServer proxy =
            ScriptedServer.start(ScriptedServer.always(ScriptedServer.ok("nonsense")))) {
      JsonNode report =
          JSON.readTree(DoctorRuns.on(cluster, "--proxy", "127.0.0.1:" + proxy.port()).out());
      assertThat(report.at("/steps/0/subject").textValue())
          .isEqualTo("Manager " + cluster.managerUrl() + ", proxy 127.0.0.1:" + proxy.port());
      assertThat(proxy.requests())
          .anySatisfy(request -> assertThat(request).startsWith("POST " + cluster.managerUrl()));
    }
  }

  @Test
  void doctor_in60Columns_doesNotOverflow() {
    try (LocalCluster cluster = LocalCluster.start(3)) {
      cluster.node(0).stop();
      cluster.node(1).always(Fault.code("36", "Only support [form] content type!"));
      CliRun run = text(cluster, "--send", "--body", "x".repeat(600_000));
      assertThat(run.outLines())
          .hasSizeGreaterThan(15)
          .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(60));
      assertThat(run.out()).contains("  WARNING  connection: ", "What to do: ", "Likely cause: ");
      assertThat(run.exitCode()).isEqualTo(1);
    }
  }

  @Test
  void doctor_silentNode_isGivenUpInTime() throws IOException {
    try (LocalCluster cluster = LocalCluster.start(1)) {
      cluster.node(0).slow(Duration.ofMinutes(5));
      JsonNode report = JSON.readTree(DoctorRuns.on(cluster, "--request-timeout", "200ms").out());
      assertThat(problem(report).get("detail").textValue())
          .isEqualTo("no answer from " + cluster.node(0).address() + " within 200 ms");
    }
  }

  @Test
  void doctor_answerOfSomethingElse_isNoManager() throws IOException {
    try (ScriptedServer other =
        ScriptedServer.start(ScriptedServer.always(ScriptedServer.ok("<html>welcome</html>")))) {
      CliRun run = DoctorRuns.onManager("http://127.0.0.1:" + other.port());
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(problem(JSON.readTree(run.out())).get("detail").textValue())
          .contains("gave no node list");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "http://no_such_host, unknown host no_such_host",
    "https://no-such-host.invalid/gateway, unknown host no-such-host.invalid",
    "http://[::1]:1, no connection to [::1]:1: connection refused",
    "HTTP://127.0.0.1:1/gateway, no connection to 127.0.0.1:1: connection refused",
  })
  void doctor_managerUrl_isTakenApart(String url, String detail) throws IOException {
    CliRun run = DoctorRuns.onManager(url);
    assertThat(run.exitCode()).as(run.toString()).isEqualTo(1);
    assertThat(problem(JSON.readTree(run.out())).get("detail").textValue()).startsWith(detail);
  }

  @Test
  void refusingTrustManager_acceptsNothing() {
    RefusingTrustManager refusing = new RefusingTrustManager();
    X509Certificate[] chain = {null};
    assertThatExceptionOfType(CertificateException.class)
        .isThrownBy(() -> refusing.checkServerTrusted(chain, "RSA"));
    assertThatExceptionOfType(CertificateException.class)
        .isThrownBy(() -> refusing.checkServerTrusted(chain, "RSA", (Socket) null));
    assertThatExceptionOfType(CertificateException.class)
        .isThrownBy(() -> refusing.checkServerTrusted(chain, "RSA", (SSLEngine) null));
    assertThat(refusing.getAcceptedIssuers()).isEmpty();
  }

  @Test
  void doctor_badArguments_areErrorsOfUsage() {
    assertUsage("--manager or --node", "doctor", "--group", "g", "--stream", "s");
    assertUsage("--stream", "doctor", "--manager", "http://m", "--group", "g");
    assertUsage("Manager URL", "doctor", "--manager", "m", "--group", "g", "--stream", "s");
    assertUsage(
        "--path is for --protocol ekuiper",
        "doctor",
        "--manager",
        "http://m",
        "--group",
        "g",
        "--stream",
        "s",
        "--path",
        "/x");
  }

  private static void assertUsage(String text, String... arguments) {
    CliRun run = CliRun.of(arguments);
    assertThat(run.exitCode()).as(run.toString()).isEqualTo(2);
    assertThat(run.err()).startsWith("error: ").contains(text);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void explain_unknownText_endsWithOne() throws IOException {
    CliRun run = DoctorRuns.explain("the moon is full");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(JSON.readTree(run.out()).get("known").booleanValue()).isFalse();
    CliRun known =
        CliRun.of("doctor", "--explain", "g/s: node n:1 answered 115 (Topic not configured for x)");
    assertThat(known.exitCode()).isZero();
    assertThat(known.out()).startsWith("Likely cause: the node does not know the stream");
  }

  @Test
  void explain_errorWithItsReason_beginsWithTheReason() throws IOException {
    JsonNode rows =
        JSON.readTree(
                DoctorRuns.explain(
                        "not acknowledged within 300 ms: no connection to h:1: unknown host")
                    .out())
            .get("explanations");
    assertThat(rows)
        .extracting(row -> row.at("/messages/0").textValue())
        .containsExactly(
            "unknown host", "no connection to HOST:PORT", "not acknowledged within 120000 ms");
  }

  private static CliRun text(LocalCluster cluster, String... more) {
    String[] fixed = {
      "doctor", "--manager", cluster.managerUrl(), "--group", "group", "--stream", "stream"
    };
    return CliRun.narrow(60, Stream.of(fixed, more).flatMap(Stream::of).toArray(String[]::new));
  }

  private static String credentials(CliRun run) throws IOException {
    return step(JSON.readTree(run.out()), "credentials").get("detail").textValue();
  }

  private static List<String> steps(JsonNode report) {
    return report.get("steps").findValuesAsText("step");
  }

  private static JsonNode step(JsonNode report, String name) {
    for (JsonNode step : report.get("steps")) {
      if (step.get("step").textValue().equals(name)) {
        return step;
      }
    }
    throw new AssertionError("no step " + name + " in " + report);
  }

  private static JsonNode problem(JsonNode report) {
    for (JsonNode step : report.get("steps")) {
      if (step.has("explanations")) {
        return step;
      }
    }
    throw new AssertionError("no problem in " + report);
  }

  private String file(String name, String content) throws IOException {
    return Files.writeString(directory.resolve(name), content).toString();
  }
}
