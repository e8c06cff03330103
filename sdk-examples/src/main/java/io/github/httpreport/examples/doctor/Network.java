package io.github.httpreport.examples.doctor;

import io.github.httpreport.http.Exchange;
import io.github.httpreport.http.Origin;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * The way to servers: the one that a sender with the same settings takes.
 *
 * @param exchange sends requests
 * @param tls what connections are made with
 * @param proxy the HTTP proxy, if there is one
 * @param connectTimeout for a look-up, a connection and a TLS handshake each
 */
public record Network(
    Exchange exchange, SSLContext tls, Optional<Origin> proxy, Duration connectTimeout) {

  /** The way with another exchange. */
  Network with(Exchange other) {
    return new Network(other, tls, proxy, connectTimeout);
  }
}
