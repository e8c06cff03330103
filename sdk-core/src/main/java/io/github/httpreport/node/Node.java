package io.github.httpreport.node;

import io.github.httpreport.http.Origin;

/**
 * A server that takes reports. Two nodes of the same address are the same node.
 *
 * @param origin scheme, host and port
 */
public record Node(Origin origin) {

  /**
   * A node without TLS.
   *
   * @param host a host name or an address
   * @param port from 1 to 65535
   * @return the node
   * @throws IllegalArgumentException if the address is none
   */
  public static Node of(String host, int port) {
    return new Node(new Origin(false, host, port));
  }

  /**
   * Reads {@code host:port}, {@code [ipv6]:port}, or the same after {@code http://} or {@code
   * https://}.
   *
   * @param address the text
   * @return the node
   * @throws IllegalArgumentException if it is none of these; the text names it
   */
  public static Node parse(String address) {
    return new Node(NodeAddress.parse(address));
  }

  /**
   * The address in logs, attempts and results.
   *
   * @return {@code host:port}
   */
  public String address() {
    return origin.authority();
  }

  @Override
  public String toString() {
    return address();
  }
}
