package io.github.httpreport.internal.dns;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Resolver of host names that does not block its caller. */
public interface HostNames {

  /**
   * Looks a name up. The digits of an address need no look-up, see {@link Hosts#isLiteral}.
   *
   * @return at least one address, or the failure; completes on any thread, that of an address
   *     before it is returned
   */
  CompletableFuture<List<InetAddress>> addresses(String host);

  /** Fails the look-ups under way, and all later ones. */
  default void close() {}
}
