package io.github.httpreport.examples.doctor;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.httpreport.http.Origin;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.regex.Pattern;

/** Opens connections for TLS, through a tunnel where there is a proxy. */
final class Dialer {

  private static final int MAX_HEAD_BYTES = 8192;
  private static final Pattern SUCCESS =
      Pattern.compile("HTTP/1\\.[01] 2[0-9]{2}.*", Pattern.DOTALL);

  private final Network network;

  Dialer(Network network) {
    this.network = network;
  }

  /**
   * Connects to a server.
   *
   * @param address where to connect to: of the server, or of the proxy if there is one
   */
  Socket connect(Origin server, InetAddress address) throws IOException {
    int timeout = Math.toIntExact(network.connectTimeout().toMillis());
    int port = network.proxy().orElse(server).port();
    Socket socket = new Socket();
    try {
      socket.connect(new InetSocketAddress(address, port), timeout);
      socket.setSoTimeout(timeout);
      if (network.proxy().isPresent()) {
        openTunnel(socket, server.authority());
      }
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static void openTunnel(Socket proxy, String authority) throws IOException {
    String request = "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n\r\n";
    proxy.getOutputStream().write(request.getBytes(ISO_8859_1));
    String head = head(proxy.getInputStream());
    if (!SUCCESS.matcher(head).matches()) {
      throw new IOException("the proxy answered " + head.lines().findFirst().orElse("nothing"));
    }
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.length() < MAX_HEAD_BYTES && head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        break;
      }
      head.append((char) next);
    }
    return head.toString();
  }
}
