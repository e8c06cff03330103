package io.github.httpreport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.httpreport.testsupport.Certificates;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsSettingsTest {

  private static final char[] PASSWORD = Certificates.PASSWORD.toCharArray();

  @TempDir private static Path directory;

  private static Path authority;
  private static Path identity;

  @BeforeAll
  static void makeCertificates() {
    Certificates certificates = Certificates.in(directory).signed("client");
    authority = certificates.authorityFile();
    identity = certificates.keyFile("client");
  }

  @Test
  void of_context_isThatContext() throws GeneralSecurityException {
    SSLContext context = SSLContext.getDefault();

    assertThat(TlsSettings.of(context).sslContext()).isSameAs(context);
    assertThatNullPointerException().isThrownBy(() -> TlsSettings.of(null)).withMessage("context");
  }

  @Test
  void build_nothingSet_trustsWhatTheRuntimeTrusts() {
    assertThat(TlsSettings.builder().build().sslContext()).isNotNull();
  }

  @Test
  void build_goodFiles_succeeds() {
    TlsSettings settings =
        TlsSettings.builder()
            .trustCertificates(authority)
            .clientCertificate(identity, PASSWORD)
            .build();

    assertThat(settings.sslContext().getProtocol()).isEqualTo("TLS");
  }

  @Test
  void clientCertificate_passwordChangedAfterwards_wasCopied() {
    char[] password = PASSWORD.clone();
    TlsSettings.Builder builder = TlsSettings.builder().clientCertificate(identity, password);
    password[0] = '?';

    assertThat(builder.build()).isNotNull();
  }

  @Test
  void build_missingFiles_areRefusedByName() {
    Path missing = directory.resolve("missing");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> TlsSettings.builder().trustCertificates(missing).build())
        .withMessageContaining("cannot read " + missing);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TlsSettings.builder().clientCertificate(missing, PASSWORD).build())
        .withMessageContaining("cannot read " + missing);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no certificate at all",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\n&&&&",
      })
  void build_authoritiesThatAreNone_areRefusedByName(String content) throws IOException {
    Path file = Files.writeString(directory.resolve("bad.pem"), content);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> TlsSettings.builder().trustCertificates(file).build())
        .withMessageContaining(file.toString());
  }

  @Test
  void build_keyFileThatIsNone_isRefusedByName() throws IOException {
    Path file = Files.writeString(directory.resolve("bad.p12"), "not PKCS#12");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> TlsSettings.builder().clientCertificate(file, PASSWORD).build())
        .withMessageContaining(file.toString());
  }

  @Test
  void build_wrongPassword_isRefusedAndShowsNeither() {
    String wrong = "wr0ng-guess";

    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> TlsSettings.builder().clientCertificate(identity, wrong.toCharArray()).build())
        .withMessageContaining("cannot read " + identity)
        .satisfies(
            e ->
                assertThat(stackTrace(e))
                    .doesNotContain(wrong)
                    .doesNotContain(Certificates.PASSWORD));
  }

  @Test
  void build_keyFileWithoutKey_isRefusedByName() throws Exception {
    Path file = directory.resolve("empty.p12");
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (var out = Files.newOutputStream(file)) {
      store.store(out, PASSWORD);
    }

    assertThatIllegalArgumentException()
        .isThrownBy(() -> TlsSettings.builder().clientCertificate(file, PASSWORD).build())
        .withMessage(file + " holds no private key");
  }

  @Test
  void builder_null_isRefusedByName() {
    TlsSettings.Builder builder = TlsSettings.builder();

    assertThatNullPointerException()
        .isThrownBy(() -> builder.trustCertificates(null))
        .withMessage("pem");
    assertThatNullPointerException()
        .isThrownBy(() -> builder.clientCertificate(null, PASSWORD))
        .withMessage("pkcs12");
    assertThatNullPointerException()
        .isThrownBy(() -> builder.clientCertificate(identity, null))
        .withMessage("keyPassword");
  }

  private static String stackTrace(Throwable error) {
    StringWriter text = new StringWriter();
    error.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }
}
