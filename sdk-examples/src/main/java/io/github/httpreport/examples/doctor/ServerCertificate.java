package io.github.httpreport.examples.doctor;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;

/**
 * The certificate of a server, as far as its users have to know it.
 *
 * @param certificate the certificate itself
 */
record ServerCertificate(X509Certificate certificate) {

  /** Kinds of alternative names (RFC 5280): a host name, and an address. */
  private static final List<Integer> HOSTS = List.of(2, 7);

  Instant notAfter() {
    return certificate.getNotAfter().toInstant();
  }

  /** The hosts that the certificate is made out to. */
  List<String> names() {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null
          ? List.of()
          : names.stream()
              .filter(name -> HOSTS.contains((Integer) name.get(0)))
              .map(name -> String.valueOf(name.get(1)))
              .toList();
    } catch (CertificateParsingException unreadable) {
      return List.of();
    }
  }

  String describe() {
    String names = String.join(", ", names());
    return "certificate for "
        + (names.isEmpty() ? "no host name (" + certificate.getSubjectX500Principal() + ')' : names)
        + ", valid until "
        + notAfter().atZone(ZoneOffset.UTC).toLocalDate()
        + ", issued by "
        + certificate.getIssuerX500Principal();
  }

  Finding addTo(Finding finding) {
    return finding
        .with("names", names())
        .with("notAfter", notAfter().toString())
        .with("issuer", certificate.getIssuerX500Principal().toString());
  }
}
