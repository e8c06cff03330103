package io.github.httpreport.spring;

import io.github.httpreport.HttpProxySender;
import io.github.httpreport.TlsSettings;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/** TLS of a sender: an SSL bundle of the application, or files. */
final class SenderTls {

  private final ObjectProvider<SslBundles> bundles;

  SenderTls(ObjectProvider<SslBundles> bundles) {
    this.bundles = bundles;
  }

  void apply(HttpProxySender.Builder builder, SenderProperties.Tls properties) {
    if (properties.bundle() != null && properties.hasFiles()) {
      throw new IllegalArgumentException(
          "tls.bundle must not be set together with files of certificates");
    }
    if (properties.bundle() != null) {
      builder.tls(TlsSettings.of(bundle(properties.bundle()).createSslContext()));
    } else if (properties.hasFiles()) {
      builder.tls(files(properties));
    }
  }

  /** Options of a bundle are refused: the sender chooses protocols and ciphers itself. */
  private SslBundle bundle(String name) {
    SslBundles known = bundles.getIfAvailable();
    if (known == null) {
      throw new IllegalArgumentException("tls.bundle must name an SSL bundle, and there is none");
    }
    try {
      SslBundle bundle = known.getBundle(name);
      if (bundle.getOptions().isSpecified()) {
        throw new IllegalArgumentException(
            "tls.bundle must name an SSL bundle without options (ciphers, enabled-protocols), which"
                + " a sender cannot apply, but is "
                + name);
      }
      return bundle;
    } catch (NoSuchSslBundleException e) {
      throw new IllegalArgumentException("tls.bundle names no SSL bundle: " + name, e);
    }
  }

  private static TlsSettings files(SenderProperties.Tls properties) {
    TlsSettings.Builder settings = TlsSettings.builder();
    if (properties.trustCertificates() != null) {
      settings.trustCertificates(properties.trustCertificates());
    }
    if (properties.clientCertificate() != null) {
      settings.clientCertificate(
          properties.clientCertificate(), password(properties.clientCertificatePassword()));
    }
    return settings.build();
  }

  private static char[] password(@Nullable String text) {
    return text == null ? new char[0] : text.toCharArray();
  }
}
