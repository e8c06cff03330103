package io.github.httpreport.internal.transport;

import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;

/** The way from the name of a host to its addresses. */
public interface HostNames {

  /** Runs a task, on any thread, when {@link #resolver} can answer for a host without blocking. */
  void whenFound(String host, Runnable task);

  /** What httpclient5 asks while it connects. */
  default DnsResolver resolver() {
    return SystemDefaultDnsResolver.INSTANCE;
  }

  /** Looks nothing up any more. */
  default void close() {}
}
