package io.github.httpreport.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.TlsSettings;
import io.github.httpreport.http.Origin;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;

class TlsWireTest {

  private static final SSLParameters PARAMETERS =
      TlsWire.engine(
              TlsSettings.builder().build().sslContext(), new Origin(true, "node.invalid", 443))
          .getSSLParameters();

  @Test
  void engine_anyContext_verifiesTheHostName() {
    assertThat(PARAMETERS.getEndpointIdentificationAlgorithm()).isEqualTo("HTTPS");
  }

  @Test
  void engine_anyContext_speaksHttp11AndNothingWeak() {
    assertThat(PARAMETERS.getApplicationProtocols()).containsExactly("http/1.1");
    assertThat(PARAMETERS.getProtocols()).isNotEmpty().doesNotContain("TLSv1");
    assertThat(PARAMETERS.getCipherSuites())
        .isNotEmpty()
        .noneMatch(suite -> suite.contains("NULL") || suite.contains("anon"));
  }
}
