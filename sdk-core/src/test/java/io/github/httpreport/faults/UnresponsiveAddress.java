package io.github.httpreport.faults;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** An address of this machine that belongs to nobody else while it is open, and takes nobody in. */
final class UnresponsiveAddress implements Closeable {

  private final List<Closeable> sockets = new ArrayList<>();
  private final int port;

  private UnresponsiveAddress(Closeable socket, int port) {
    sockets.add(socket);
    this.port = port;
  }

  /** Whoever comes is refused at once. */
  static UnresponsiveAddress refusing() {
    try {
      // Bound and never listening: nobody can take the port meanwhile.
      Socket bound = new Socket();
      bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      return new UnresponsiveAddress(bound, bound.getLocalPort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whoever comes gets no answer, not even from the operating system. */
  static UnresponsiveAddress blackHole() {
    try {
      ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      UnresponsiveAddress unresponsive = new UnresponsiveAddress(full, full.getLocalPort());
      for (int i = 0; i < 8; i++) {
        SocketChannel inLine = SocketChannel.open();
        unresponsive.sockets.add(inLine);
        inLine.configureBlocking(false);
        inLine.connect(full.getLocalSocketAddress());
      }
      return unresponsive;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  @Override
  public void close() throws IOException {
    for (Closeable socket : sockets) {
      socket.close();
    }
  }
}
