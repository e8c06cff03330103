package io.github.httpreport.internal;

import io.github.httpreport.TlsSettings;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.jspecify.annotations.Nullable;

/** TLS as httpclient5 wants it. The trust manager of the context verifies the host name. */
final class Tls {

  private Tls() {}

  static TlsStrategy strategy(@Nullable TlsSettings settings) {
    ClientTlsStrategyBuilder builder = ClientTlsStrategyBuilder.create();
    if (settings != null) {
      builder.setSslContext(settings.sslContext());
    }
    return builder.buildAsync();
  }
}
