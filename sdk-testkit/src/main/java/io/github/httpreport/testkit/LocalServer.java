package io.github.httpreport.testkit;

import java.time.Duration;

/**
 * What the servers of the test kit have in common: each listens on a port of 127.0.0.1, can be
 * stopped, slowed down and made to fail, and counts what comes. Safe for use by many threads;
 * nothing but {@link #stop()} waits for anything.
 */
public abstract class LocalServer {

  static final String HOST = "127.0.0.1";

  private final ServerHealth health = new ServerHealth();
  private final LoopbackServer server;

  /**
   * Does not listen yet.
   *
   * @param name of its threads
   * @param port where it listens; 0 for any port that is free
   * @param idleTimeout how long a connection may be without a request
   */
  LocalServer(String name, int port, Duration idleTimeout) {
    server =
        new LoopbackServer(
            name,
            port,
            this::admits,
            socket -> new ServerConnection(socket, idleTimeout, service(), health).serve());
  }

  /** What answers on a connection, asked once for each. */
  abstract Service service();

  /** Whether one more connection is served when so many are open. */
  boolean admits(int open) {
    return true;
  }

  /** Listens, on the same port as before. Does nothing while it listens. */
  void listen() {
    health.pause().running(true);
    server.start();
  }

  /**
   * Where it listens, or did before it was stopped.
   *
   * @return as {@code 127.0.0.1:port}
   */
  public String address() {
    return HOST + ':' + port();
  }

  /**
   * The port, the same for the server's whole life.
   *
   * @return from 1 to 65535
   */
  public int port() {
    return server.port();
  }

  /**
   * Where it listens, or did before it was stopped.
   *
   * @return as {@code http://127.0.0.1:port}
   */
  public String url() {
    return "http://" + address();
  }

  /**
   * Closes the listener and every connection: from now on connections are refused. Waits a few
   * seconds at most for requests that are being served.
   */
  public void stop() {
    health.pause().running(false);
    server.stop();
  }

  /**
   * Whether it listens.
   *
   * @return false after {@link #stop()}
   */
  public boolean running() {
    return server.running();
  }

  /**
   * Delays every response from now on, those that are being held too. What is stored is stored
   * before the delay.
   *
   * @param delay how long; zero for not at all
   * @throws IllegalArgumentException if it is negative or over 365 days
   */
  public void slow(Duration delay) {
    health.pause().delay(delay);
  }

  /**
   * Lets each following request meet one of these faults, in order; behind the last the server is
   * well again. Replaces what was scripted before.
   *
   * @param inTurn the faults
   */
  public void script(Fault... inTurn) {
    health.faults().script(inTurn);
  }

  /**
   * Lets every following request meet this fault. Replaces what was scripted before.
   *
   * @param fault the fault
   */
  public void always(Fault fault) {
    health.faults().always(fault);
  }

  /** Forgets every fault that is still to come; a delay set by {@link #slow} stays. */
  public void clearFaults() {
    health.faults().clear();
  }

  /**
   * How many requests came whose head could be read, those that met a fault or an error included.
   *
   * @return a number that never goes down
   */
  public long requests() {
    return health.requests().get();
  }

  /**
   * How many connections were accepted, those closed at once included.
   *
   * @return a number that never goes down
   */
  public long connections() {
    return server.accepted();
  }

  /**
   * How many connections are being served now.
   *
   * @return 0 or more
   */
  public int openConnections() {
    return server.open();
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + '[' + address() + (running() ? "]" : ", stopped]");
  }
}
