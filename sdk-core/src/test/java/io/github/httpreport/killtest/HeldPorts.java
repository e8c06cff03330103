package io.github.httpreport.killtest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/**
 * The ports of stopped nodes, bound but not listening. Connections to them are refused, and the
 * operating system gives them to no other process, whose server would acknowledge messages in the
 * place of the nodes.
 */
final class HeldPorts implements AutoCloseable {

  private final List<Socket> sockets = new ArrayList<>();

  /** Binds the ports of these addresses, each {@code host:port}, whose servers are stopped. */
  void hold(String... addresses) {
    for (String address : addresses) {
      int colon = address.lastIndexOf(':');
      hold(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    }
  }

  private void hold(String host, int port) {
    Socket socket = new Socket();
    sockets.add(socket);
    try {
      // Closed connections of the stopped server still have the port.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(host, port));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot hold the port " + port, e);
    }
  }

  /** Releases all ports, so that the servers can start again. */
  @Override
  public void close() {
    sockets.forEach(HeldPorts::release);
    sockets.clear();
  }

  private static void release(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
