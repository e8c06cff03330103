package io.github.httpreport.examples.doctor;

import io.github.httpreport.testkit.LocalNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A gateway before a node that ends TLS, one thread for each direction of a connection. */
final class TlsFront implements AutoCloseable {

  private final ServerSocket socket;
  private final int nodePort;

  private TlsFront(ServerSocket socket, int nodePort) {
    this.socket = socket;
    this.nodePort = nodePort;
  }

  static TlsFront before(LocalNode node, ServerSocket socket) {
    TlsFront front = new TlsFront(socket, node.port());
    start(front::acceptAll);
    return front;
  }

  String address() {
    return "https://127.0.0.1:" + socket.getLocalPort();
  }

  private void acceptAll() throws IOException {
    for (; ; ) {
      Socket client = socket.accept();
      Socket node = new Socket(InetAddress.getLoopbackAddress(), nodePort);
      start(() -> copy(client, node));
      start(() -> copy(node, client));
    }
  }

  private static void copy(Socket from, Socket to) throws IOException {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      in.transferTo(out);
    }
  }

  private interface Step {
    void run() throws IOException;
  }

  private static void start(Step step) {
    Thread thread =
        new Thread(
            () -> {
              try {
                step.run();
              } catch (IOException closed) {
                // A side that closes ends the connection, and the end of the test the server.
              }
            },
            "tls-front");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
