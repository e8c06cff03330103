package io.github.httpreport.spring;

import static io.github.httpreport.testsupport.ScriptedServer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.ProxySender;
import io.github.httpreport.testsupport.Certificates;
import io.github.httpreport.testsupport.ScriptedServer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS by SSL bundles of the application and by files; the server wants a client certificate. */
class SenderTlsTest {

  private static final String STORED = ok("{\"code\":\"0\",\"msg\":\"Ok\"}");

  @TempDir private static Path directory;

  private static Certificates certificates;

  @BeforeAll
  static void makeCertificates() {
    certificates = Certificates.in(directory).signed("good", "-ext", "san=ip:127.0.0.1");
  }

  private static void sendsWith(String... properties) {
    try (ScriptedServer node =
        ScriptedServer.start(
            certificates.serverSocketForKnownClients("good"),
            c -> {
              c.readRequest();
              c.write(STORED);
              c.awaitEnd();
            })) {
      Contexts.runner("http-report.nodes=https://127.0.0.1:" + node.port())
          .withPropertyValues(properties)
          .run(
              context -> {
                context.getBean(ProxySender.class).send(List.of("a"), "group", "stream");
                assertThat(node.requests()).hasSize(1);
              });
    }
  }

  private static String[] bundle(String... more) {
    String bundle = "spring.ssl.bundle.jks.mine.";
    return Stream.concat(
            Stream.of(
                bundle + "keystore.location=file:" + certificates.keyFile("good"),
                bundle + "keystore.password=" + Certificates.PASSWORD,
                bundle + "keystore.type=PKCS12",
                "http-report.tls.bundle=mine"),
            Stream.of(more))
        .toArray(String[]::new);
  }

  @Test
  void files_areTrustAndIdentity() {
    sendsWith(
        "http-report.tls.trust-certificates=" + certificates.authorityFile(),
        "http-report.tls.client-certificate=" + certificates.keyFile("good"),
        "http-report.tls.client-certificate-password=" + Certificates.PASSWORD);
  }

  @Test
  void bundle_isTrustAndIdentity() {
    // The certificate of the server is the one to trust: the server and its client share it.
    sendsWith(
        bundle(
            "spring.ssl.bundle.jks.mine.truststore.location=file:" + certificates.keyFile("good"),
            "spring.ssl.bundle.jks.mine.truststore.password=" + Certificates.PASSWORD,
            "spring.ssl.bundle.jks.mine.truststore.type=PKCS12"));
  }

  @Test
  void bundle_withOptions_isRefused() {
    Contexts.runner("http-report.nodes=https://127.0.0.1:1")
        .withPropertyValues(bundle("spring.ssl.bundle.jks.mine.options.enabled-protocols=TLSv1.3"))
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .rootCause()
                    .hasMessageContaining("without options"));
  }

  @Test
  void bundleAndFiles_areRefusedTogether() {
    Contexts.runner("http-report.nodes=https://127.0.0.1:1")
        .withPropertyValues(
            bundle("http-report.tls.trust-certificates=" + certificates.authorityFile()))
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .rootCause()
                    .hasMessageContaining("tls.bundle must not be set together"));
  }
}
