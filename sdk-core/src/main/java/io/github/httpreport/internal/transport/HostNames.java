package io.github.httpreport.internal.transport;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The way from the name of a host to its addresses. */
public interface HostNames {

  /** Runs a task, on any thread, when {@link #addresses} can answer for a host without blocking. */
  void whenFound(String host, Runnable task);

  /** The addresses of a host, at least one. */
  default InetAddress[] addresses(String host) throws UnknownHostException {
    return InetAddress.getAllByName(host);
  }

  /** Looks nothing up any more. */
  default void close() {}
}
