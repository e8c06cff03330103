package io.github.httpreport.internal.dns;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Resolver of host names that does not block its caller. */
public interface HostNames {

  /**
   * Looks a name up.
   *
   * @return at least one address, or the failure; completes on any thread
   */
  CompletableFuture<List<InetAddress>> addresses(String host);

  /** Fails the look-ups under way, and all later ones. */
  default void close() {}
}
