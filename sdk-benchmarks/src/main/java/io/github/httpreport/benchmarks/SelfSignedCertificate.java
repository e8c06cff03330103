package io.github.httpreport.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.httpreport.TlsSettings;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;

/**
 * The key and certificate of a server of the benchmark, made by the JDK's keytool for one run, in
 * files because the server is another process.
 */
record SelfSignedCertificate(Path directory) {

  private static final String ALIAS = "node";
  private static final String TYPE = "PKCS12";

  /** Guards a key on loopback that lives as long as one run. */
  private static final String PASSWORD = "bench-only";

  private static final long SECONDS_TO_GENERATE = 60;

  /** Generates both. */
  static SelfSignedCertificate create() throws IOException {
    SelfSignedCertificate created =
        new SelfSignedCertificate(Files.createTempDirectory("http-report-bench"));
    try {
      created.generate();
      return created;
    } catch (IOException e) {
      created.delete();
      throw e;
    }
  }

  private void generate() throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            ALIAS,
            "-dname",
            "CN=" + ALIAS,
            "-ext",
            "san=ip:127.0.0.1",
            "-keyalg",
            "EC",
            "-storetype",
            TYPE,
            "-storepass",
            PASSWORD,
            "-keystore",
            keyFile().toString());
    Process keytool =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (!keytool.waitFor(SECONDS_TO_GENERATE, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
        keytool.destroyForcibly();
        throw new IOException("keytool made no key in " + directory);
      }
    } catch (InterruptedException e) {
      keytool.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** The PKCS#12 file with both. */
  Path keyFile() {
    return directory.resolve("node.p12");
  }

  /** What a client that trusts this certificate alone is built with. */
  TlsSettings trust() throws IOException {
    try {
      String der =
          Base64.getMimeEncoder()
              .encodeToString(load(keyFile()).getCertificate(ALIAS).getEncoded());
      Path pem =
          Files.writeString(
              directory.resolve("node.pem"),
              "-----BEGIN CERTIFICATE-----\n" + der + "\n-----END CERTIFICATE-----\n",
              US_ASCII);
      return TlsSettings.builder().trustCertificates(pem).build();
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  /** What a server with this key file is built with. */
  static SslContext serverContext(Path keyFile) throws IOException {
    try {
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(load(keyFile), PASSWORD.toCharArray());
      return SslContextBuilder.forServer(keys).build();
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private static KeyStore load(Path keyFile) throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(keyFile)) {
      KeyStore store = KeyStore.getInstance(TYPE);
      store.load(in, PASSWORD.toCharArray());
      return store;
    }
  }

  /** Deletes the files, as far as they can be. */
  void delete() {
    for (String name : List.of("node.p12", "node.pem", "")) {
      directory.resolve(name).toFile().delete();
    }
  }
}
