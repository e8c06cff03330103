package io.github.httpreport.testkit;

import io.github.httpreport.testkit.ReportService.Setup;
import java.time.Duration;
import java.util.List;

/**
 * One DataProxy node of a {@link LocalCluster}. Safe for use by many threads; nothing but {@link
 * #stop()} waits for anything.
 */
public final class LocalNode {

  static final String HOST = "127.0.0.1";
  private static final int STOCK_LOAD = 65_535;

  /**
   * What a cluster gives to each of its nodes.
   *
   * @param name of its threads
   * @param maxRequestBytes the limit of an entity
   * @param idleTimeout how long a connection may be without a request
   * @param maxConnections how many connections are served at a time
   */
  record Settings(String name, int maxRequestBytes, Duration idleTimeout, int maxConnections) {
    Settings named(String other) {
      return new Settings(other, maxRequestBytes, idleTimeout, maxConnections);
    }
  }

  private final LoopbackServer server;
  private final NodeRegistry registry;
  private final Store<StoredRecord> store;
  private final Health health = new Health();
  private volatile int load = STOCK_LOAD;
  private volatile int maxConnections;
  private volatile boolean removed;

  LocalNode(Settings settings, Topics topics, Store<StoredRecord> store, NodeRegistry registry) {
    this.registry = registry;
    this.store = store;
    this.maxConnections = settings.maxConnections();
    this.server =
        new LoopbackServer(
            settings.name(),
            open -> open < maxConnections,
            socket -> {
              Setup setup = new Setup(address(), settings.maxRequestBytes(), topics, store);
              Service service = new ReportService(setup);
              new ServerConnection(socket, settings.idleTimeout(), service, health).serve();
            });
  }

  /**
   * Where the node listens, or did before it was stopped.
   *
   * @return as {@code host:port}
   */
  public String address() {
    return HOST + ':' + port();
  }

  /**
   * The port, the same for the node's whole life.
   *
   * @return from 1 to 65535
   */
  public int port() {
    return server.port();
  }

  void port(int fixed) {
    server.port(fixed);
  }

  /**
   * Listens again on the same port and sends a heartbeat, unless it was removed. Does nothing on a
   * node that runs.
   *
   * @throws java.io.UncheckedIOException if another process took the port in the meantime
   */
  public void start() {
    health.pause().running(true);
    server.start();
    heartbeat();
  }

  /**
   * Closes the listener and every connection: from now on connections are refused. The Manager
   * keeps the node on the list of a group, as the real one does, until {@link #remove()}. Waits a
   * few seconds at most for requests that are being served.
   */
  public void stop() {
    health.pause().running(false);
    server.stop();
    registry.timedOut(HOST, port());
  }

  /**
   * Whether the node listens.
   *
   * @return false after {@link #stop()}
   */
  public boolean running() {
    return server.running();
  }

  /** Takes the node off the Manager's list for good; it goes on serving who knows its address. */
  public void remove() {
    removed = true;
    registry.remove(HOST, port());
  }

  /**
   * Whether the node was taken off the list.
   *
   * @return true after {@link #remove()}
   */
  public boolean removed() {
    return removed;
  }

  /**
   * Delays every answer from now on, those that are being held too. What is stored is stored before
   * the delay.
   *
   * @param delay how long; zero for not at all
   * @throws IllegalArgumentException if it is negative or over 365 days
   */
  public void slow(Duration delay) {
    health.pause().delay(delay);
  }

  /**
   * Sets the load that the node reports, and sends a heartbeat with it.
   *
   * @param reported any number, the higher the busier; 65535 until set, as stock nodes report
   *     always
   */
  public void load(int reported) {
    load = reported;
    if (running()) {
      heartbeat();
    }
  }

  /**
   * Sets how many connections are served at a time; one more is accepted and closed at once without
   * a byte. Connections that are open stay.
   *
   * @param most at least 0
   * @throws IllegalArgumentException if it is negative
   */
  public void maxConnections(int most) {
    maxConnections = Checks.atLeast(0, most, "maxConnections");
  }

  /**
   * Lets each following report meet one of these faults, in order; behind the last the node is well
   * again. Replaces what was scripted before.
   *
   * @param inTurn the faults
   */
  public void script(Fault... inTurn) {
    health.faults().script(inTurn);
  }

  /**
   * Lets every following report meet this fault. Replaces what was scripted before.
   *
   * @param fault the fault
   */
  public void always(Fault fault) {
    health.faults().always(fault);
  }

  /** Forgets every fault that is still to come; a delay set by {@link #slow} stays. */
  public void wellAgain() {
    health.faults().clear();
  }

  /**
   * How many reports came, those that met a fault or an error included; heartbeats are not counted,
   * nor requests whose head was not read.
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

  /**
   * What this node stored since the cluster was cleared.
   *
   * @return in order of arrival, a copy; empty where records are not kept
   */
  public List<StoredRecord> stored() {
    String address = address();
    return store.all().stream().filter(stored -> stored.node().equals(address)).toList();
  }

  private void heartbeat() {
    if (!removed) {
      registry.heartbeat(HOST, port(), "HTTP", load);
    }
  }

  @Override
  public String toString() {
    return "LocalNode[" + address() + (running() ? "]" : ", stopped]");
  }
}
