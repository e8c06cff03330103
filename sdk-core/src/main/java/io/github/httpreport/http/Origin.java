package io.github.httpreport.http;

import io.github.httpreport.common.Printable;

/**
 * Scheme, host and port of a server.
 *
 * @param secure whether TLS is spoken
 * @param host a host name or an address; an IPv6 address without brackets
 * @param port from 1 to 65535
 */
public record Origin(boolean secure, String host, int port) {

  /**
   * Checks host and port, so that an address from a server can neither split a request nor point
   * nowhere.
   *
   * @throws IllegalArgumentException if the host has a character that no host has, or the port is
   *     out of range
   */
  public Origin {
    if (!isHost(host)) {
      throw new IllegalArgumentException("not a host name or address: " + Printable.quoted(host));
    }
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException(
          "port of " + host + " must be from 1 to 65535, but is " + port);
    }
  }

  private static boolean isHost(String host) {
    if (host == null || host.isEmpty() || host.length() > 255) {
      return false;
    }
    boolean address = host.indexOf(':') >= 0;
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      boolean ok =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '.'
              || c == '-'
              || (address ? c == ':' : c == '_');
      if (!ok) {
        return false;
      }
    }
    return true;
  }

  /**
   * The authority part of a URI.
   *
   * @return {@code host:port}, an IPv6 address in brackets
   */
  public String authority() {
    return host.indexOf(':') >= 0 ? '[' + host + "]:" + port : host + ':' + port;
  }

  @Override
  public String toString() {
    return (secure ? "https://" : "http://") + authority();
  }
}
