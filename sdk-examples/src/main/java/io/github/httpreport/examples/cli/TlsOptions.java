package io.github.httpreport.examples.cli;

import io.github.httpreport.HttpProxySender;
import io.github.httpreport.TlsSettings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whom to trust over TLS, and who to be. The password stands on no command line. */
final class TlsOptions {

  static final String PASSWORD = "HTTP_REPORT_CLIENT_CERT_PASSWORD";

  @Option(
      names = "--ca-file",
      paramLabel = "FILE",
      description =
          "Trust the certificate authorities in this PEM or DER file, and no others, for Manager"
              + " and nodes. Default: those of the Java runtime.")
  private @Nullable Path caFile;

  @Option(
      names = "--client-cert",
      paramLabel = "FILE",
      description =
          "Show this client certificate: a PKCS#12 file with one private key, whose password is"
              + " in --client-cert-password-file or in the environment's "
              + PASSWORD
              + ".")
  private @Nullable Path clientCertificate;

  @Option(
      names = "--client-cert-password-file",
      paramLabel = "FILE",
      description = "A file that holds nothing but the password of --client-cert.")
  private @Nullable Path passwordFile;

  private Map<String, String> environment = System.getenv();

  TlsOptions() {}

  TlsOptions(Map<String, String> environment) {
    this.environment = environment;
  }

  /** Sets them on a sender, where one was given. */
  void applyTo(HttpProxySender.Builder sender) {
    settings().ifPresent(sender::tls);
  }

  /**
   * The settings; empty where none was given.
   *
   * @throws IllegalArgumentException if a file or the password is missing or cannot be read; the
   *     text names it
   */
  Optional<TlsSettings> settings() {
    if (clientCertificate == null && passwordFile != null) {
      throw new IllegalArgumentException("--client-cert-password-file goes with --client-cert");
    }
    if (caFile == null && clientCertificate == null) {
      return Optional.empty();
    }
    TlsSettings.Builder tls = TlsSettings.builder();
    if (caFile != null) {
      tls.trustCertificates(caFile);
    }
    if (clientCertificate != null) {
      tls.clientCertificate(clientCertificate, password().toCharArray());
    }
    return Optional.of(tls.build());
  }

  private String password() {
    if (passwordFile != null) {
      return Secrets.in("--client-cert-password-file", passwordFile);
    }
    String value = environment.get(PASSWORD);
    if (value == null) {
      throw new IllegalArgumentException(
          "--client-cert needs a password: give --client-cert-password-file or set " + PASSWORD);
    }
    return value;
  }
}
