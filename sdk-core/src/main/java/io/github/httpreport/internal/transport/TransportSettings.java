package io.github.httpreport.internal.transport;

import io.github.httpreport.TlsSettings;
import io.github.httpreport.http.Origin;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.apache.hc.core5.http.config.Http1Config;
import org.jspecify.annotations.Nullable;

/**
 * How connections are made, and the bounds of a response.
 *
 * @param name prefix of the names of threads
 * @param connectTimeout for look-up, TCP, tunnel and TLS together
 * @param requestTimeout from the first byte of the request to the last one of the response
 * @param tls trust and own certificate; null for those of the JVM
 * @param proxy a server that all requests go through
 */
public record TransportSettings(
    String name,
    Duration connectTimeout,
    Duration requestTimeout,
    @Nullable TlsSettings tls,
    @Nullable Origin proxy) {

  /** Bytes of the head of a response, whatever its lines are. */
  static final int MAX_HEAD = 64 * 1024;

  /** Characters of a line of it. */
  static final int MAX_LINE = 16 * 1024;

  private static final int MAX_HEADERS = 100;

  /** What a connection reads at once; a usual response is much shorter. */
  static final int IO_BUFFER = 8 * 1024;

  /** The bounds of httpcore's parser, which differ in its versions where they are not set. */
  static final Http1Config HTTP_1 =
      Http1Config.custom()
          .setBufferSize(IO_BUFFER)
          .setMaxHeaderCount(MAX_HEADERS)
          .setMaxLineLength(MAX_LINE)
          .build();

  SSLContext sslContext() {
    return (tls == null ? TlsSettings.builder().build() : tls).sslContext();
  }
}
