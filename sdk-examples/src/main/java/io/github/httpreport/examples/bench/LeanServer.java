package io.github.httpreport.examples.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A Manager and its nodes on one thread, each node a port on loopback, which do as little as a
 * server can: read a head, count a body, write the answer. A request makes no object here. So what
 * is measured against it is the client.
 *
 * <p>The Manager at {@code /3/inlong/manager} lists the first three nodes for any group.
 */
final class LeanServer implements AutoCloseable {

  /** How many digits a count of messages has at most, with what stands before it. */
  static final int LONGEST_COUNT = 12;

  private static final int BUFFER_BYTES = 256 * 1024;
  private static final int BACKLOG = 1024;
  private static final ByteBuffer SUCCESS =
      direct(
          "HTTP/1.1 200 OK\r\ncontent-type: application/json;charset=utf-8\r\n"
              + "content-length: 23\r\n\r\n{\"code\":\"0\",\"msg\":\"Ok\"}");

  private final Selector selector = Selector.open();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final ByteBuffer success = SUCCESS.duplicate();
  private final LeanCounts counts = new LeanCounts();
  private final Queue<LeanConnection> delayed = new ArrayDeque<>();
  private final Map<Integer, ByteBuffer> lists = new HashMap<>();
  private final List<Integer> ports = new ArrayList<>();
  private final Consumer<SelectionKey> handler = this::handle;
  private final Thread thread = new Thread(this::run, "lean-server");
  private volatile long delayNanos;
  private volatile boolean closed;

  private LeanServer() throws IOException {}

  /** Starts a server, which listens when this returns. */
  static LeanServer start(int nodes) throws IOException {
    LeanServer server = new LeanServer();
    for (int i = 0; i < nodes; i++) {
      server.ports.add(server.listen());
    }
    server.thread.start();
    return server;
  }

  private static ByteBuffer direct(String text) {
    byte[] bytes = text.getBytes(US_ASCII);
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  private int listen() throws IOException {
    ServerSocketChannel listener = ServerSocketChannel.open();
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    listener.configureBlocking(false);
    listener.register(selector, SelectionKey.OP_ACCEPT);
    return listener.socket().getLocalPort();
  }

  /** Before the number of nodes that its Manager is to list. */
  String managerUrl() {
    return "http://127.0.0.1:" + ports.get(0);
  }

  /** The addresses of the nodes, as {@code host:port}. */
  List<String> nodes() {
    return ports.stream().map(port -> "127.0.0.1:" + port).toList();
  }

  LeanCounts counts() {
    return counts;
  }

  /** From now on reports are answered so much later. */
  void delay(Duration value) {
    delayNanos = value.toNanos();
  }

  private void run() {
    try {
      while (!closed) {
        selector.select(handler, millisToNextAnswer());
        answerDelayed();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      closeAll();
    }
  }

  /** As a selector takes it: zero is for ever. */
  private long millisToNextAnswer() {
    LeanConnection next = delayed.peek();
    return next == null
        ? 0
        : Math.max(1, TimeUnit.NANOSECONDS.toMillis(next.dueNanos() - System.nanoTime()));
  }

  private void answerDelayed() {
    while (!delayed.isEmpty() && delayed.element().dueNanos() - System.nanoTime() <= 0) {
      LeanConnection connection = delayed.remove();
      try {
        connection.success();
      } catch (IOException gone) {
        connection.close();
      }
    }
  }

  private void handle(SelectionKey key) {
    if (key.attachment() instanceof LeanConnection connection) {
      connection.ready(buffer);
    } else {
      accept((ServerSocketChannel) key.channel());
    }
  }

  private void accept(ServerSocketChannel listener) {
    try {
      for (SocketChannel client = listener.accept(); client != null; client = listener.accept()) {
        client.configureBlocking(false);
        client.setOption(StandardSocketOptions.TCP_NODELAY, true);
        SelectionKey key = client.register(selector, SelectionKey.OP_READ);
        key.attach(new LeanConnection(this, client, key));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Answers a report, now or when its time has come. */
  void answer(LeanConnection connection) throws IOException {
    long delay = delayNanos;
    if (delay == 0) {
      connection.success();
    } else {
      connection.due(System.nanoTime() + delay);
      delayed.add(connection);
    }
  }

  ByteBuffer success() {
    return success.rewind();
  }

  /** The Manager's answer with so many nodes. */
  ByteBuffer listOf(int nodes) {
    return lists.computeIfAbsent(Math.min(nodes, ports.size()), this::list).rewind();
  }

  private ByteBuffer list(int nodes) {
    String entries =
        ports.stream()
            .limit(nodes)
            .map(
                port ->
                    "{\"id\":%d,\"ip\":\"127.0.0.1\",\"port\":%d,".formatted(port, port)
                        + "\"protocolType\":\"HTTP\",\"nodeLoad\":65535}")
            .collect(Collectors.joining(","));
    String body =
        "{\"success\":true,\"errMsg\":null,\"data\":{\"clusterId\":2,\"load\":20,"
            + "\"maxPacketLength\":null,\"nodeList\":["
            + entries
            + "]}}";
    return direct(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }

  private void closeAll() {
    for (SelectionKey key : selector.keys()) {
      try {
        key.channel().close();
      } catch (IOException e) {
        key.cancel();
      }
    }
    try {
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    closed = true;
    selector.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
