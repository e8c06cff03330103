package io.github.httpreport.testsupport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Keys and certificates of an authority that exists for one test run, made by the JDK's keytool.
 */
public final class Certificates {

  /** Of every file here. */
  public static final String PASSWORD = "p4ssw0rd-of-tests";

  private static final String AUTHORITY = "authority";
  private static final long PATIENCE_SECONDS = 60;

  private final Path directory;
  private volatile @Nullable KeyStore loaded;

  private Certificates(Path directory) {
    this.directory = directory;
  }

  /** An authority whose files lie in this directory. */
  public static Certificates in(Path directory) {
    Certificates made = new Certificates(directory);
    made.generate(AUTHORITY, "-ext", "bc:c");
    return made;
  }

  /** Those that were made in this directory before, perhaps by another process. */
  public static Certificates madeBefore(Path directory) {
    return new Certificates(directory);
  }

  /** Makes a certificate that the authority signs. */
  public Certificates signed(String alias, String... options) {
    List<String> all = new ArrayList<>(List.of("-signer", AUTHORITY));
    all.addAll(List.of(options));
    return generate(alias, all.toArray(String[]::new));
  }

  /** Makes a certificate that nobody else signs. */
  public Certificates selfSigned(String alias, String... options) {
    return generate(alias, options);
  }

  private Certificates generate(String alias, String... options) {
    loaded = null;
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-alias", alias, "-dname", "CN=" + alias));
    command.addAll(List.of("-keyalg", "EC", "-keystore", all().toString()));
    command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
    command.addAll(List.of(options));
    Path log = directory.resolve("keytool.log");
    try {
      Process keytool =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      if (!keytool.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
        keytool.destroyForcibly();
        throw new AssertionError("keytool failed: " + Files.readString(log));
      }
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private Path all() {
    return directory.resolve("all.p12");
  }

  /** The authority's certificate in a PEM file. */
  public Path authorityFile() {
    return certificateFile(AUTHORITY);
  }

  /** A certificate in a PEM file. */
  public Path certificateFile(String alias) {
    try {
      byte[] der = load().getCertificate(alias).getEncoded();
      String base64 =
          Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
      return Files.writeString(
          directory.resolve(alias + ".pem"),
          "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A PKCS#12 file with one key and its certificates. */
  public Path keyFile(String alias) {
    Path file = directory.resolve(alias + ".p12");
    try (OutputStream out = Files.newOutputStream(file)) {
      only(alias).store(out, PASSWORD.toCharArray());
      return file;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A listening socket of a server that shows this certificate. */
  public ServerSocket serverSocket(String alias) {
    try {
      return context(alias)
          .getServerSocketFactory()
          .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same of a server that wants to see a client certificate of the authority. */
  public ServerSocket serverSocketForKnownClients(String alias) {
    SSLServerSocket socket = (SSLServerSocket) serverSocket(alias);
    socket.setNeedClientAuth(true);
    return socket;
  }

  /** What a server that shows this certificate speaks TLS with. */
  public SSLContext context(String alias) {
    try {
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(only(alias), PASSWORD.toCharArray());
      KeyStore trusted = empty();
      trusted.setCertificateEntry(AUTHORITY, load().getCertificate(AUTHORITY));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private KeyStore only(String alias) throws GeneralSecurityException {
    KeyStore all = load();
    char[] password = PASSWORD.toCharArray();
    Certificate[] chain = all.getCertificateChain(alias);
    KeyStore only = empty();
    only.setKeyEntry(alias, all.getKey(alias, password), password, chain);
    return only;
  }

  private static KeyStore empty() throws GeneralSecurityException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      return store;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Read once, because to decrypt it takes long; several threads may do so at once. */
  private KeyStore load() throws GeneralSecurityException {
    KeyStore known = loaded;
    if (known != null) {
      return known;
    }
    try (InputStream in = Files.newInputStream(all())) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, PASSWORD.toCharArray());
      loaded = store;
      return store;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
