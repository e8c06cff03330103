package io.github.httpreport.internal.transport;

import io.github.httpreport.TlsSettings;
import io.github.httpreport.http.Origin;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.apache.hc.core5.http.config.Http1Config;
import org.jspecify.annotations.Nullable;

/** How connections are made. */
public record TransportSettings(
    String name,
    Duration connectTimeout,
    Duration requestTimeout,
    int maxConnectionsPerNode,
    @Nullable TlsSettings tls,
    @Nullable Origin proxy) {

  /** Bytes of the head of an answer, whatever its lines are. */
  static final int MAX_HEAD = 64 * 1024;

  private static final int MAX_HEADERS = 100;
  private static final int MAX_LINE = 16 * 1024;
  private static final int IO_BUFFER = 16 * 1024;

  /** A usual request fits into the buffer whole, so that it is one write. */
  static Http1Config http1() {
    return Http1Config.custom()
        .setBufferSize(IO_BUFFER)
        .setChunkSizeHint(IO_BUFFER)
        .setMaxHeaderCount(MAX_HEADERS)
        .setMaxLineLength(MAX_LINE)
        .build();
  }

  /** What is said about a connection that could not be made. */
  String whyNotConnected(Exception cause) {
    if (cause instanceof SocketTimeoutException) {
      return "timed out after " + connectTimeout.toMillis() + " ms";
    }
    return ConnectFailures.words(cause);
  }
}
