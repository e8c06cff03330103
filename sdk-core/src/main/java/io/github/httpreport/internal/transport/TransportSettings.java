package io.github.httpreport.internal.transport;

import io.github.httpreport.TlsSettings;
import io.github.httpreport.http.Origin;
import java.net.SocketTimeoutException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.apache.hc.core5.http.config.Http1Config;
import org.jspecify.annotations.Nullable;

/** How connections are made. */
public record TransportSettings(
    String name,
    Duration connectTimeout,
    Duration requestTimeout,
    @Nullable TlsSettings tls,
    @Nullable Origin proxy) {

  /** Bytes of the head of an answer, whatever its lines are. */
  static final int MAX_HEAD = 64 * 1024;

  private static final int MAX_HEADERS = 100;

  /** Characters of a line of it. */
  static final int MAX_LINE = 16 * 1024;

  /** What a connection reads at once; a usual response is much shorter. */
  static final int IO_BUFFER = 8 * 1024;

  static final Http1Config HTTP_1 =
      Http1Config.custom()
          .setBufferSize(IO_BUFFER)
          .setMaxHeaderCount(MAX_HEADERS)
          .setMaxLineLength(MAX_LINE)
          .build();

  SSLContext sslContext() {
    return (tls == null ? TlsSettings.builder().build() : tls).sslContext();
  }

  /** What is said about a connection that could not be made. */
  String whyNotConnected(Exception cause) {
    if (cause instanceof SocketTimeoutException) {
      return "timed out after " + connectTimeout.toMillis() + " ms";
    }
    return ConnectFailures.words(cause);
  }
}
