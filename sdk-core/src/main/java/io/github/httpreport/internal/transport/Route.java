package io.github.httpreport.internal.transport;

import io.github.httpreport.http.Origin;
import org.jspecify.annotations.Nullable;

/**
 * The way to a server: directly, through a proxy that forwards requests, or through a tunnel that a
 * proxy opens for TLS. Every difference between the three is asked of here.
 *
 * @param server what the request is for
 * @param proxy what stands before it
 */
record Route(Origin server, @Nullable Origin proxy) {

  /** What is connected to. */
  Origin firstHop() {
    return proxy == null ? server : proxy;
  }

  /** Whether a proxy is asked for a tunnel, as it cannot read the request. */
  boolean isTunnelled() {
    return proxy != null && server.secure();
  }

  /** Whether a proxy gets the request, which then names the whole address. */
  boolean isForwarded() {
    return proxy != null && !server.secure();
  }

  /** Connections with the same key serve the same requests: a proxy forwards to every server. */
  Origin key() {
    return isForwarded() ? firstHop() : server;
  }
}
