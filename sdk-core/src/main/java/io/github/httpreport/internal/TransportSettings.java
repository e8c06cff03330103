package io.github.httpreport.internal;

import io.github.httpreport.TlsSettings;
import io.github.httpreport.http.Origin;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How connections are made. */
record TransportSettings(
    String name,
    Duration connectTimeout,
    Duration requestTimeout,
    int maxConnectionsPerNode,
    @Nullable TlsSettings tls,
    @Nullable Origin proxy) {

  /** What is said about a connection that could not be made. */
  String whyNotConnected(Exception cause) {
    if (cause instanceof SocketTimeoutException) {
      return "timed out after " + connectTimeout.toMillis() + " ms";
    } else if (cause instanceof UnknownHostException) {
      return "unknown host";
    }
    String text = cause.getMessage();
    return text == null ? cause.getClass().getSimpleName() : text;
  }
}
