package io.github.httpreport.examples.doctor;

import io.github.httpreport.http.Origin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/** Performs a TLS handshake as a sender does, and shows the certificate of the server. */
final class TlsCheck {

  private static final String STEP = "TLS";

  /** Renewals are commonly due a month before the end. */
  private static final Duration SOON = Duration.ofDays(30);

  private final Network network;
  private final Dialer dialer;
  private final Clock clock;

  TlsCheck(Network network, Dialer dialer, Clock clock) {
    this.network = network;
    this.dialer = dialer;
    this.clock = clock;
  }

  Finding check(String subject, Origin origin, InetAddress address) {
    try {
      SSLSession session = handshake(network.tls(), origin, address);
      Certificate first = session.getPeerCertificates()[0];
      return first instanceof X509Certificate certificate
          ? accepted(subject, session.getProtocol(), new ServerCertificate(certificate))
          : Finding.ok(subject, STEP, session.getProtocol());
    } catch (IOException refused) {
      return refused(subject, refused, shownBy(origin, address));
    }
  }

  private SSLSession handshake(SSLContext context, Origin origin, InetAddress address)
      throws IOException {
    try (Socket plain = dialer.connect(origin, address);
        SSLSocket socket =
            (SSLSocket)
                context
                    .getSocketFactory()
                    .createSocket(plain, origin.host(), origin.port(), true)) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket.getSession();
    }
  }

  private Finding accepted(String subject, String version, ServerCertificate certificate) {
    Instant end = certificate.notAfter();
    boolean endsSoon = end.isBefore(clock.instant().plus(SOON));
    String detail = version + ", " + certificate.describe();
    Finding finding =
        endsSoon
            ? Finding.warning(subject, STEP, detail + "; the certificate ends soon")
            : Finding.ok(subject, STEP, detail);
    return certificate.addTo(finding.with("version", version));
  }

  private static Finding refused(
      String subject, IOException refused, Optional<ServerCertificate> shown) {
    String text = CertificateProblem.textOf(refused);
    return shown
        .map(
            certificate ->
                certificate.addTo(
                    Finding.failed(subject, STEP, text + "; " + certificate.describe())))
        .orElseGet(() -> Finding.failed(subject, STEP, text));
  }

  /**
   * The certificate of a server that the handshake refused, by a second one that accepts nothing.
   */
  private Optional<ServerCertificate> shownBy(Origin origin, InetAddress address) {
    RefusingTrustManager recorder = new RefusingTrustManager();
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {recorder}, null);
      handshake(context, origin, address);
    } catch (IOException | GeneralSecurityException expected) {
      // The recorder refuses whatever it is shown.
    }
    return recorder.shown().map(ServerCertificate::new);
  }
}
