package io.github.httpreport.internal;

import org.apache.hc.core5.net.InetAddressUtils;

/** Tells addresses from names. */
final class Hosts {

  private Hosts() {}

  /** Whether no look-up is needed. */
  static boolean isLiteral(String host) {
    return InetAddressUtils.isIPv4(host) || InetAddressUtils.isIPv6(host);
  }
}
