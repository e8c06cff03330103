package io.github.httpreport.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The same request over and over on a blocking socket for each thread: the most a socket does. The
 * request is made beforehand or for each use. With many nodes, each thread goes round its part of
 * them.
 */
final class RawSockets implements Contestant {

  private static final String END = "{\"code\":\"0\",\"msg\":\"Ok\"}";

  private static final int APART = 32;

  private final int batch;
  private final int threads;
  private final List<BenchSocket> lanes = new ArrayList<>();
  private final int[] nextLane;

  RawSockets(Scenario scenario, List<String> nodes) throws IOException {
    batch = scenario.batch();
    threads = scenario.threads();
    // Far enough apart for no two threads to write to the same cache line.
    nextLane = new int[threads * APART];
    for (int i = 0; i < Math.max(threads, manyNodes(scenario)); i++) {
      String node = nodes.get(i % nodes.size());
      lanes.add(new BenchSocket(node, requests(scenario, node)));
    }
  }

  private static Supplier<byte[]> requests(Scenario scenario, String node) {
    RawRequest request = new RawRequest(scenario, node);
    byte[] bytes = request.bytes();
    return scenario.kind() == MessageKind.RAW_ENCODING ? request::bytes : () -> bytes;
  }

  /** A few nodes share the sockets of the threads. */
  private static int manyNodes(Scenario scenario) {
    return scenario.topology().nodes() == Topology.FAR ? Topology.FAR : 0;
  }

  @Override
  public int call(int thread) throws IOException {
    int connection = thread + nextLane[thread * APART];
    lanes.get(connection).call();
    nextLane[thread * APART] =
        connection + threads < lanes.size() ? connection + threads - thread : 0;
    return batch;
  }

  @Override
  public void close() {
    lanes.forEach(BenchSocket::close);
  }

  /** One socket. */
  private static final class BenchSocket {

    private final Socket socket;
    private final Supplier<byte[]> requests;
    private final byte[] response = new byte[1024];
    private int responseLength;

    BenchSocket(String node, Supplier<byte[]> requests) throws IOException {
      int colon = node.lastIndexOf(':');
      socket =
          new Socket(
              InetAddress.getByName(node.substring(0, colon)),
              Integer.parseInt(node.substring(colon + 1)));
      socket.setTcpNoDelay(true);
      this.requests = requests;
    }

    void call() throws IOException {
      socket.getOutputStream().write(requests.get());
      int length = 0;
      // Every success is the same bytes, so that only the first has to be looked at.
      do {
        int read = socket.getInputStream().read(response, length, response.length - length);
        if (read < 0) {
          throw new IOException("the server closed the connection of a raw socket");
        }
        length += read;
      } while (responseLength == 0 ? !isComplete(length) : length < responseLength);
      responseLength = length;
    }

    private boolean isComplete(int length) throws IOException {
      String text = new String(response, 0, length, US_ASCII);
      if (!"HTTP/1.1 200 OK\r\n".startsWith(text.substring(0, Math.min(length, 17)))) {
        throw new IOException("the server did not take a ready-made request: " + text);
      }
      return text.endsWith(END);
    }

    void close() {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
