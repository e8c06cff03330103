package io.github.httpreport;

import static java.util.Objects.requireNonNull;

import io.github.httpreport.common.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.Collections;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Whom to trust and who to be over TLS, for Manager and nodes alike. Host names are verified; only
 * an {@link SSLContext} of the application's own, with an {@link X509ExtendedTrustManager} that
 * accepts everything, can switch that off. Immutable.
 */
public final class TlsSettings {

  private final SSLContext sslContext;

  private TlsSettings(SSLContext sslContext) {
    this.sslContext = sslContext;
  }

  /**
   * Settings of the application's own making. What they trust, and whether they look at the dates
   * of a certificate that is trusted by itself, is for the trust managers of the context.
   *
   * @param context an initialized context
   * @return the settings
   */
  public static TlsSettings of(SSLContext context) {
    return new TlsSettings(requireNonNull(context, "context"));
  }

  /**
   * Starts from the trust of the Java runtime and no client certificate.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * What connections are made with.
   *
   * @return the context
   */
  public SSLContext sslContext() {
    return sslContext;
  }

  /** Collects trust and identity; not safe for use by several threads. */
  public static final class Builder {
    private @Nullable Path authorities;
    private @Nullable Path identity;
    private char[] password = {};

    private Builder() {}

    /**
     * Trusts the certificates in this file and no others: those of authorities, and those of single
     * servers. The certificate that a server shows is refused before and after the dates in it,
     * even if it stands in this file itself.
     *
     * @param pem X.509 certificates, PEM or DER
     * @return this builder
     */
    public Builder trustCertificates(Path pem) {
      authorities = requireNonNull(pem, "pem");
      return this;
    }

    /**
     * Shows a client certificate to servers that ask for one.
     *
     * @param pkcs12 a PKCS#12 file with one private key
     * @param keyPassword the password of file and key; copied
     * @return this builder
     */
    public Builder clientCertificate(Path pkcs12, char[] keyPassword) {
      identity = requireNonNull(pkcs12, "pkcs12");
      password = requireNonNull(keyPassword, "keyPassword").clone();
      return this;
    }

    /**
     * Reads the files.
     *
     * @return the settings
     * @throws IllegalArgumentException if a file cannot be read as what it should be; the text
     *     names it
     */
    public TlsSettings build() {
      try {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
            identity == null ? null : keyManagers(identity).getKeyManagers(),
            trustManagers(authorities == null ? null : trusted(authorities)),
            null);
        return new TlsSettings(context);
      } catch (GeneralSecurityException e) {
        throw new IllegalArgumentException("TLS settings are not usable: " + e.getMessage(), e);
      }
    }

    private static KeyStore trusted(Path pem) throws GeneralSecurityException {
      KeyStore store = emptyStore();
      int count = 0;
      for (Certificate certificate : certificates(pem)) {
        store.setCertificateEntry("authority-" + count++, certificate);
      }
      if (count == 0) {
        throw new IllegalArgumentException(escaped(pem) + " holds no certificate");
      }
      return store;
    }

    /** Of the Java runtime when there is no store. */
    private static TrustManager[] trustManagers(@Nullable KeyStore store)
        throws GeneralSecurityException {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return Stream.of(factory.getTrustManagers())
          .map(
              manager ->
                  manager instanceof X509ExtendedTrustManager x509
                      ? new CheckedValidity(x509)
                      : manager)
          .toArray(TrustManager[]::new);
    }

    private static Collection<? extends Certificate> certificates(Path pem)
        throws GeneralSecurityException {
      try (InputStream in = Files.newInputStream(pem)) {
        return CertificateFactory.getInstance("X.509").generateCertificates(in);
      } catch (IOException | CertificateException e) {
        throw unreadable(pem, e);
      }
    }

    private KeyManagerFactory keyManagers(Path pkcs12) throws GeneralSecurityException {
      KeyStore store = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(pkcs12)) {
        store.load(in, password);
      } catch (IOException | CertificateException e) {
        throw unreadable(pkcs12, e);
      }
      if (!holdsKey(store)) {
        throw new IllegalArgumentException(escaped(pkcs12) + " holds no private key");
      }
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, password);
      return factory;
    }

    private static boolean holdsKey(KeyStore store) throws KeyStoreException {
      for (String alias : Collections.list(store.aliases())) {
        if (store.isKeyEntry(alias)) {
          return true;
        }
      }
      return false;
    }

    private static KeyStore emptyStore() throws GeneralSecurityException {
      try {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        return store;
      } catch (IOException e) {
        throw new IllegalStateException("an empty key store cannot fail to load", e);
      }
    }

    private static IllegalArgumentException unreadable(Path file, Exception e) {
      String why = Printable.escaped(String.valueOf(e.getMessage()));
      return new IllegalArgumentException("cannot read " + escaped(file) + ": " + why, e);
    }

    private static String escaped(Path file) {
      return Printable.escaped(file.toString());
    }
  }
}
