package io.github.httpreport.testsupport;

import io.github.httpreport.http.Origin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * A server on a free loopback port that does on each connection what a script says, however badly
 * behaved, and keeps every request byte for byte. Closing it ends its connections and threads, and
 * fails if a script failed.
 */
public final class ScriptedServer implements AutoCloseable {

  private static final long JOIN_MILLIS = 10_000;
  private static final String CONNECTION = "connection-";

  /** What happens on one connection, on a thread of its own. */
  @FunctionalInterface
  public interface Script {
    /**
     * Plays the server. The connection is closed when this returns, or when it ends with an
     * IOException, which is what a client that goes away amounts to.
     */
    void run(ScriptedConnection connection) throws IOException;
  }

  private final ServerSocket socket;
  private final List<Script> scripts;
  private final List<ScriptedConnection> connections = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;

  private ScriptedServer(ServerSocket socket, List<Script> scripts) {
    this.socket = socket;
    this.scripts = scripts;
  }

  /** A server whose n-th connection runs the n-th script; the last one is for all that follow. */
  public static ScriptedServer start(Script... scripts) {
    try {
      return start(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), scripts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same on a socket of the caller's, which may be one that speaks TLS. */
  public static ScriptedServer start(ServerSocket socket, Script... scripts) {
    ScriptedServer server = new ScriptedServer(socket, List.of(scripts));
    server.startThread("accept", server::accept);
    return server;
  }

  /** Answers every request of a connection with the same bytes. */
  public static Script always(String response) {
    return responding(request -> response);
  }

  /** Answers every request of a connection with what the function makes of it. */
  public static Script responding(UnaryOperator<String> response) {
    return connection -> {
      while (true) {
        connection.write(response.apply(connection.readRequest()));
      }
    };
  }

  /** Takes a request, tells the test, and never answers. */
  public static Script silent(Gate arrived) {
    return connection -> {
      connection.readRequest();
      arrived.open();
      connection.awaitEnd();
    };
  }

  /** A whole 200 answer that keeps the connection open. */
  public static String ok(String body) {
    return response("200 OK", body);
  }

  /** A whole answer that keeps the connection open. */
  public static String response(String status, String body) {
    int length = body.getBytes(StandardCharsets.ISO_8859_1).length;
    return "HTTP/1.1 " + status + "\r\nContent-Length: " + length + "\r\n\r\n" + body;
  }

  /** The port it listens on. */
  public int port() {
    return socket.getLocalPort();
  }

  /** Its address, without TLS. */
  public Origin origin() {
    return new Origin(false, "127.0.0.1", port());
  }

  /** Its address for TLS. */
  public Origin secureOrigin() {
    return new Origin(true, "127.0.0.1", port());
  }

  /** How many connections came so far. */
  public int connectionCount() {
    return connections.size();
  }

  /** On how many of them a script still runs; one that minds its client ends with it. */
  public long openConnections() {
    return threads.stream().filter(t -> t.getName().contains(CONNECTION) && t.isAlive()).count();
  }

  /** One of them, in the order of their coming. */
  public ScriptedConnection connection(int index) {
    return connections.get(index);
  }

  /** Every request that a script read, over all connections, one character for a byte. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  private void accept() {
    while (!closed) {
      try {
        serve(socket.accept());
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket accepted) throws IOException {
    int index = connections.size();
    ScriptedConnection connection = new ScriptedConnection(index, accepted, requests::add);
    connections.add(connection);
    if (closed) {
      connection.close();
      return;
    }
    Script script = scripts.get(Math.min(index, scripts.size() - 1));
    startThread(CONNECTION + index, () -> run(script, connection));
  }

  private void run(Script script, ScriptedConnection connection) {
    try {
      script.run(connection);
    } catch (IOException e) {
      // The client went away, as many a test wants it to.
    } catch (RuntimeException | AssertionError e) {
      if (!closed) {
        failures.add(e);
      }
    } finally {
      connection.close();
    }
  }

  private void startThread(String what, Runnable task) {
    Thread thread = new Thread(task, "scripted-" + port() + '-' + what);
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }

  @Override
  public void close() {
    closed = true;
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    connections.forEach(ScriptedConnection::close);
    threads.forEach(this::end);
    // A connection that was accepted while this ran.
    connections.forEach(ScriptedConnection::close);
    if (!failures.isEmpty()) {
      throw new AssertionError("a script failed", failures.peek());
    }
  }

  private void end(Thread thread) {
    try {
      thread.interrupt();
      TimeUnit.MILLISECONDS.timedJoin(thread, JOIN_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      failures.add(new AssertionError(thread.getName() + " did not end"));
    }
  }
}
