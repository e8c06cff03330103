package io.github.httpreport.testkit;

import io.github.httpreport.testkit.ReportService.ServiceSettings;
import java.time.Duration;
import java.util.List;

/**
 * One DataProxy node of a {@link LocalCluster}. Its {@linkplain #script faults} are for reports,
 * and {@link #requests()} counts reports only: no heartbeats. Safe for use by many threads; nothing
 * but {@link #stop()} waits for anything.
 */
public final class LocalNode extends LocalServer {

  private static final int STOCK_LOAD = 65_535;

  /**
   * What a cluster gives to each of its nodes.
   *
   * @param name of its threads
   * @param port where it listens; 0 for any port that is free
   * @param maxRequestBytes the limit of an entity
   * @param idleTimeout how long a connection may be without a request
   * @param maxConnections how many connections are served at a time
   */
  record Settings(
      String name, int port, int maxRequestBytes, Duration idleTimeout, int maxConnections) {

    /** Those of one node, where these are the cluster's with the port of the first. */
    Settings ofNode(int index) {
      String nodeName = name + "-node-" + index;
      int nodePort = port == 0 ? 0 : port + index;
      return new Settings(nodeName, nodePort, maxRequestBytes, idleTimeout, maxConnections);
    }
  }

  private final Settings settings;
  private final Topics topics;
  private final Store<StoredRecord> store;
  private final NodeRegistry registry;
  private volatile int load = STOCK_LOAD;
  private volatile int maxConnections;
  private volatile boolean removed;

  LocalNode(Settings settings, Topics topics, Store<StoredRecord> store, NodeRegistry registry) {
    super(settings.name(), settings.port(), settings.idleTimeout());
    this.settings = settings;
    this.topics = topics;
    this.store = store;
    this.registry = registry;
    maxConnections = settings.maxConnections();
  }

  @Override
  Service service() {
    return new ReportService(
        new ServiceSettings(address(), settings.maxRequestBytes(), topics, store));
  }

  @Override
  boolean admits(int open) {
    return open < maxConnections;
  }

  /**
   * Listens again on the same port and sends a heartbeat, unless it was removed. Does nothing on a
   * node that runs.
   *
   * @throws java.io.UncheckedIOException if another process took the port in the meantime
   */
  public void start() {
    listen();
    heartbeat();
  }

  /**
   * Closes the listener and every connection: from now on connections are refused. The Manager
   * keeps the node on the list of a group, as the real one does, until {@link #remove()}. Waits a
   * few seconds at most for requests that are being served.
   */
  @Override
  public void stop() {
    super.stop();
    registry.timedOut(HOST, port());
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
    maxConnections = Arguments.atLeast(0, most, "maxConnections");
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
}
