package io.github.httpreport.examples.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** The same request over and over on a blocking socket for each thread: the most a socket does. */
final class RawSockets implements Contestant {

  private static final String END = "{\"code\":\"0\",\"msg\":\"Ok\"}";

  private final int batch;
  private final List<Lane> lanes = new ArrayList<>();

  RawSockets(Setup setup, List<String> nodes) throws IOException {
    batch = setup.batch();
    for (int i = 0; i < setup.threads(); i++) {
      String node = nodes.get(i % nodes.size());
      lanes.add(new Lane(node, RawRequest.of(setup, node)));
    }
  }

  @Override
  public int call(int thread) throws IOException {
    lanes.get(thread).call();
    return batch;
  }

  @Override
  public void close() {
    lanes.forEach(Lane::close);
  }

  /** One socket. */
  private static final class Lane {

    private final Socket socket;
    private final byte[] request;
    private final byte[] answer = new byte[1024];
    private int answerLength;

    Lane(String node, byte[] request) throws IOException {
      int colon = node.lastIndexOf(':');
      socket =
          new Socket(
              InetAddress.getByName(node.substring(0, colon)),
              Integer.parseInt(node.substring(colon + 1)));
      socket.setTcpNoDelay(true);
      this.request = request;
    }

    void call() throws IOException {
      socket.getOutputStream().write(request);
      int length = 0;
      // Every success is the same bytes, so that only the first has to be looked at.
      do {
        int read = socket.getInputStream().read(answer, length, answer.length - length);
        if (read < 0) {
          throw new IOException("the server closed the connection of a raw socket");
        }
        length += read;
      } while (answerLength == 0 ? !isComplete(length) : length < answerLength);
      answerLength = length;
    }

    private boolean isComplete(int length) throws IOException {
      String text = new String(answer, 0, length, US_ASCII);
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
