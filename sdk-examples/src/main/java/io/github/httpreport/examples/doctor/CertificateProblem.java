package io.github.httpreport.examples.doctor;

import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Optional;

/** The words for a TLS handshake that failed: the same as those of a sender. */
final class CertificateProblem {

  private CertificateProblem() {}

  static String textOf(Throwable failure) {
    if (find(failure, CertificateExpiredException.class).isPresent()) {
      return "expired certificate";
    } else if (find(failure, CertificateNotYetValidException.class).isPresent()) {
      return "certificate that is not valid yet";
    }
    return find(failure, CertificateException.class)
        .map(CertificateProblem::ofCertificate)
        .orElseGet(() -> failure.getClass().getSimpleName() + ": " + Text.of(failure));
  }

  /** The JDK begins with "No" where only the name differs. */
  private static String ofCertificate(CertificateException problem) {
    String text = Text.of(problem);
    return text.startsWith("No ")
        ? "certificate for another host name (" + text + ')'
        : "untrusted certificate (" + text + ')';
  }

  /** The innermost error of a type, which is nearest to the reason. */
  private static <T extends Throwable> Optional<T> find(Throwable failure, Class<T> type) {
    Optional<T> found = Optional.empty();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        found = Optional.of(type.cast(cause));
      }
    }
    return found;
  }
}
