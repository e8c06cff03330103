package io.github.httpreport.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listener on a free loopback port with one daemon thread for each connection. */
final class LoopbackServer {

  /** Serves one connection until it ends; the connection is closed behind it. */
  interface Handler {
    void serve(Socket socket) throws IOException;
  }

  /** Whether a connection may be served, asked when it was accepted. */
  interface AcceptGate {
    boolean admits(int open);
  }

  private static final Logger log = LoggerFactory.getLogger(LoopbackServer.class);
  private static final byte[] LOOPBACK = {127, 0, 0, 1};
  private static final int BACKLOG = 1024;
  private static final Duration TIME_TO_STOP = Duration.ofSeconds(5);

  private final String name;
  private final AcceptGate gate;
  private final Handler handler;
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<Socket> served = new HashSet<>();
  private final Set<Socket> refused = new HashSet<>();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private final AtomicLong accepted = new AtomicLong();
  private @Nullable ServerSocket listener;
  private volatile int port;

  /**
   * Does not listen yet.
   *
   * @param name of its threads
   * @param port where it listens; 0 for any port that is free
   */
  LoopbackServer(String name, int port, AcceptGate gate, Handler handler) {
    this.name = name;
    this.port = port;
    this.gate = gate;
    this.handler = handler;
  }

  int port() {
    return port;
  }

  long accepted() {
    return accepted.get();
  }

  int open() {
    lock.lock();
    try {
      return served.size();
    } finally {
      lock.unlock();
    }
  }

  boolean running() {
    lock.lock();
    try {
      return listener != null;
    } finally {
      lock.unlock();
    }
  }

  /** Listens, on the same port as before if it has one; does nothing if it listens already. */
  void start() {
    lock.lock();
    try {
      if (listener == null) {
        ServerSocket socket = listen(port);
        listener = socket;
        port = socket.getLocalPort();
        launch(name, () -> accept(socket));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(name + " cannot listen on 127.0.0.1:" + port, e);
    } finally {
      lock.unlock();
    }
  }

  private static ServerSocket listen(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    try {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port), BACKLOG);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Closes listener and connections, and waits for the threads unless it is one of them. */
  void stop() {
    List<Socket> open;
    lock.lock();
    try {
      closeListener();
      open = Stream.concat(served.stream(), refused.stream()).toList();
    } finally {
      lock.unlock();
    }
    open.forEach(LoopbackServer::closeQuietly);
    if (!(Thread.currentThread() instanceof ServerThread)) {
      join(System.nanoTime() + TIME_TO_STOP.toNanos());
    }
  }

  private void closeListener() {
    if (listener != null) {
      try {
        listener.close();
      } catch (IOException e) {
        log.debug("{} did not close its listener in good order", name, e);
      }
      listener = null;
    }
  }

  private void join(long deadline) {
    for (Thread thread : List.copyOf(threads)) {
      try {
        TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, deadline - System.nanoTime()));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void accept(ServerSocket from) {
    try {
      while (true) {
        admit(from, from.accept());
      }
    } catch (IOException e) {
      if (running() && !from.isClosed()) {
        log.warn("{} can accept no more connections", name, e);
      }
    }
  }

  private void admit(ServerSocket from, Socket socket) {
    String number = "-" + accepted.incrementAndGet();
    lock.lock();
    try {
      if (listener != from) {
        closeQuietly(socket);
      } else if (gate.admits(served.size())) {
        served.add(socket);
        launch(name + number, () -> run(socket, served, handler));
      } else {
        refused.add(socket);
        launch(name + number, () -> run(socket, refused, LoopbackServer::refuse));
      }
    } finally {
      lock.unlock();
    }
  }

  private void run(Socket socket, Set<Socket> among, Handler task) {
    try (socket) {
      socket.setTcpNoDelay(true);
      task.serve(socket);
    } catch (IOException e) {
      // What tests do to connections all day: a client that went, a node that was stopped.
      log.trace("{} lost a connection", name, e);
    } finally {
      lock.lock();
      try {
        among.remove(socket);
      } finally {
        lock.unlock();
      }
    }
  }

  /** Ends a connection in good order: closed at once, it is reset if something came meanwhile. */
  private static void refuse(Socket socket) throws IOException {
    socket.shutdownOutput();
    HttpInput.drain(socket, Duration.ofSeconds(1));
  }

  private void launch(String threadName, Runnable task) {
    Thread thread =
        new ServerThread(
            () -> {
              try {
                task.run();
              } finally {
                threads.remove(Thread.currentThread());
              }
            },
            threadName);
    threads.add(thread);
    thread.start();
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      log.debug("a connection did not close in good order", e);
    }
  }

  /** Marks the threads that must not wait for each other. */
  private static final class ServerThread extends Thread {
    ServerThread(Runnable task, String name) {
      super(task, name);
      setDaemon(true);
    }
  }
}
