package io.github.httpreport.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class ConnectFailuresTest {

  private static SSLException handshake(Exception cause) {
    SSLException error = new SSLHandshakeException(String.valueOf(cause.getMessage()));
    error.initCause(cause);
    return error;
  }

  @Test
  void words_eachFailure_areThoseOfTheReadme() {
    assertThat(
            ConnectFailures.words(new ConnectException("Connect to a failed: Connection refused")))
        .isEqualTo("connection refused");
    assertThat(ConnectFailures.words(new UnknownHostException("a"))).isEqualTo("unknown host");
    assertThat(ConnectFailures.words(new NoRouteToHostException())).isEqualTo("no route to host");
    assertThat(ConnectFailures.words(new ConnectException("Network is unreachable")))
        .isEqualTo("Network is unreachable");
    assertThat(ConnectFailures.words(new SSLException((String) null))).isEqualTo("SSLException");
  }

  @Test
  void words_certificates_sayWhatToDo() {
    assertThat(
            ConnectFailures.words(handshake(new CertificateException("PKIX path building failed"))))
        .isEqualTo("untrusted certificate (PKIX path building failed); name its CA with tls(...)");
    assertThat(
            ConnectFailures.words(handshake(new CertificateException("No name matching b found"))))
        .startsWith("certificate for another host name (No name matching b found)");
    Exception expired = new CertificateException("invalid", new CertificateExpiredException("old"));
    assertThat(ConnectFailures.words(handshake(expired)))
        .startsWith("expired certificate (invalid)");
  }
}
