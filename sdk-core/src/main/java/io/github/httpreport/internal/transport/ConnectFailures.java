package io.github.httpreport.internal.transport;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.jspecify.annotations.Nullable;

/**
 * The words for a connection that could not be made, the same whichever part of the JDK failed.
 *
 * <p>An operator reads them in a log line that may come once an hour, so each names what is to be
 * done where only an operator can do it. The texts of the JDK are kept where they name a host, a
 * date or an alert; none of them quotes what a server sent, but for the names in its certificate.
 */
final class ConnectFailures {

  private ConnectFailures() {}

  /**
   * What to call the failure, in the words of the README. The cause counts first: the failure of a
   * handshake holds that of the certificate, and says less.
   */
  static String words(Throwable failure) {
    CertificateException certificate = certificate(failure);
    if (certificate != null) {
      return ofCertificate(certificate);
    } else if (failure instanceof UnknownHostException) {
      return "unknown host";
    } else if (failure instanceof NoRouteToHostException) {
      return "no route to host";
    }
    String text = failure.getMessage();
    if (failure instanceof ConnectException && isRefusal(text)) {
      return "connection refused";
    }
    return text == null ? failure.getClass().getSimpleName() : text;
  }

  /** Whether the address that was connected to refused, and not a server behind a proxy. */
  static boolean isOfAddress(Throwable failure) {
    return failure instanceof ConnectException && isRefusal(failure.getMessage());
  }

  /** The exception stands for unreachable networks and time-outs of the system as well. */
  private static boolean isRefusal(@Nullable String text) {
    return text == null || text.toLowerCase(Locale.ROOT).contains("refused");
  }

  private static @Nullable CertificateException certificate(Throwable failure) {
    return ExceptionUtils.throwableOfType(failure, CertificateException.class);
  }

  private static boolean has(Throwable failure, Class<? extends Throwable> type) {
    return ExceptionUtils.throwableOfType(failure, type) != null;
  }

  /** Says what to do as well: time mends none of these. */
  private static String ofCertificate(CertificateException problem) {
    if (has(problem, CertificateExpiredException.class)) {
      return "expired certificate (" + problem.getMessage() + "); renew it on the server";
    } else if (has(problem, CertificateNotYetValidException.class)) {
      return "certificate that is not valid yet (" + problem.getMessage() + ')';
    }
    String text = String.valueOf(problem.getMessage());
    // The words of the JDK for a name that differs: "No name matching", "No subject alternative".
    return text.startsWith("No ")
        ? "certificate for another host name (" + text + "); use a name that it is made out to"
        : "untrusted certificate (" + text + "); name its CA with tls(...)";
  }
}
