package io.github.httpreport.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.TlsSettings;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.net.NamedEndpoint;
import org.apache.hc.core5.reactor.ssl.SSLBufferMode;
import org.apache.hc.core5.reactor.ssl.SSLSessionInitializer;
import org.apache.hc.core5.reactor.ssl.SSLSessionVerifier;
import org.apache.hc.core5.reactor.ssl.TlsDetails;
import org.apache.hc.core5.reactor.ssl.TransportSecurityLayer;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TlsTest {

  private static final HttpHost HOST = new HttpHost("https", "node.invalid", 443);

  @Test
  void upgrade_everyWay_asksTheEngineToVerifyTheHostName() {
    PreparedEngine byEndpoint = new PreparedEngine();
    PreparedEngine byHost = new PreparedEngine();

    Tls.strategy(null).upgrade(byEndpoint, HOST, null, Timeout.ZERO_MILLISECONDS, null);
    upgradeTheOldWay(byHost);

    assertThat(byEndpoint.parameters().getEndpointIdentificationAlgorithm()).isEqualTo("HTTPS");
    assertThat(byHost.parameters().getEndpointIdentificationAlgorithm()).isEqualTo("HTTPS");
  }

  @SuppressWarnings("deprecation")
  private static void upgradeTheOldWay(PreparedEngine connection) {
    assertThat(
            Tls.strategy(null)
                .upgrade(connection, HOST, null, null, null, Timeout.ZERO_MILLISECONDS))
        .isTrue();
  }

  @Test
  void upgrade_anyContext_speaksHttp11AndNothingWeak() {
    PreparedEngine connection = new PreparedEngine();

    Tls.strategy(TlsSettings.builder().build())
        .upgrade(connection, HOST, null, Timeout.ZERO_MILLISECONDS, null);

    assertThat(connection.parameters().getApplicationProtocols()).containsExactly("http/1.1");
    assertThat(connection.parameters().getProtocols()).isNotEmpty().doesNotContain("TLSv1");
    assertThat(connection.parameters().getCipherSuites())
        .isNotEmpty()
        .noneMatch(suite -> suite.contains("NULL") || suite.contains("anon"));
  }

  /** A connection that stops before the handshake. */
  private static final class PreparedEngine implements TransportSecurityLayer {

    private @Nullable SSLEngine engine;

    SSLParameters parameters() {
      assertThat(engine).isNotNull();
      return engine.getSSLParameters();
    }

    @Override
    public void startTls(
        SSLContext context,
        NamedEndpoint endpoint,
        SSLBufferMode bufferMode,
        SSLSessionInitializer initializer,
        SSLSessionVerifier verifier,
        Timeout handshakeTimeout) {
      engine = context.createSSLEngine(endpoint.getHostName(), endpoint.getPort());
      initializer.initialize(endpoint, engine);
    }

    @Override
    public void startTls(
        SSLContext context,
        NamedEndpoint endpoint,
        SSLBufferMode bufferMode,
        SSLSessionInitializer initializer,
        SSLSessionVerifier verifier,
        Timeout handshakeTimeout,
        @Nullable FutureCallback<TransportSecurityLayer> callback) {
      startTls(context, endpoint, bufferMode, initializer, verifier, handshakeTimeout);
    }

    @Override
    public @Nullable TlsDetails getTlsDetails() {
      return null;
    }
  }
}
