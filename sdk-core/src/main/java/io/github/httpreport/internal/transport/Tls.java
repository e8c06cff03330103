package io.github.httpreport.internal.transport;

import io.github.httpreport.TlsSettings;
import java.net.SocketAddress;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.http.ssl.TLS;
import org.apache.hc.core5.http.ssl.TlsCiphers;
import org.apache.hc.core5.net.NamedEndpoint;
import org.apache.hc.core5.reactor.ssl.SSLBufferMode;
import org.apache.hc.core5.reactor.ssl.TlsDetails;
import org.apache.hc.core5.reactor.ssl.TransportSecurityLayer;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * TLS for HTTP/1.1, to a node, a Manager or a proxy, and to a node through the tunnel of a proxy.
 *
 * <p>The strategies of httpclient5 differ between its versions in who verifies the host name, and
 * up to 5.6.3 the one that is called the default verifies none. This one leaves nothing to a
 * default: it tells the JDK's engine to compare the certificate with the host name within the
 * handshake, before anything of a request leaves.
 */
final class Tls implements TlsStrategy {

  private static final String HOST_NAME_AS_IN_HTTPS = "HTTPS";
  private static final String HTTP_1_1 = "http/1.1";

  private final SSLContext context;

  private Tls(SSLContext context) {
    this.context = context;
  }

  static TlsStrategy strategy(@Nullable TlsSettings settings) {
    TlsSettings known = settings == null ? TlsSettings.builder().build() : settings;
    return new Tls(known.sslContext());
  }

  @Override
  @SuppressWarnings("deprecation")
  public boolean upgrade(
      TransportSecurityLayer connection,
      HttpHost host,
      @Nullable SocketAddress localAddress,
      @Nullable SocketAddress remoteAddress,
      @Nullable Object attachment,
      Timeout handshakeTimeout) {
    upgrade(connection, host, attachment, handshakeTimeout, null);
    return true;
  }

  @Override
  public void upgrade(
      TransportSecurityLayer connection,
      NamedEndpoint endpoint,
      @Nullable Object attachment,
      Timeout handshakeTimeout,
      @Nullable FutureCallback<TransportSecurityLayer> callback) {
    connection.startTls(
        context,
        endpoint,
        SSLBufferMode.STATIC,
        (host, engine) -> prepare(engine),
        (host, engine) -> new TlsDetails(engine.getSession(), HTTP_1_1),
        handshakeTimeout,
        callback);
  }

  private static void prepare(SSLEngine engine) {
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm(HOST_NAME_AS_IN_HTTPS);
    parameters.setProtocols(TLS.excludeWeak(parameters.getProtocols()));
    parameters.setCipherSuites(TlsCiphers.excludeWeak(parameters.getCipherSuites()));
    parameters.setApplicationProtocols(new String[] {HTTP_1_1});
    engine.setSSLParameters(parameters);
  }
}
