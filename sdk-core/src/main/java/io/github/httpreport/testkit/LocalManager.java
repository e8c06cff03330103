package io.github.httpreport.testkit;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * The Manager of a {@link LocalCluster}. Safe for use by many threads; nothing but {@link #stop()}
 * waits for anything.
 */
public final class LocalManager {

  /** What the Manager knows of a group. */
  public enum GroupState {
    /** Known and approved: the nodes are told. */
    READY(""),
    /** Nobody made this group. */
    UNKNOWN("group not found by groupId=%s"),
    /** Made and not approved. */
    NOT_APPROVED("current group status=to_be_submit was not allowed to get data proxy nodes"),
    /** Approved and bound to no cluster tag. */
    NO_CLUSTER_TAG("not found any cluster tag for groupId=%s"),
    /** Bound to a cluster tag that no cluster has. */
    NO_CLUSTER("not found any data proxy cluster for groupId=%s and clusterTag=default_cluster");

    private final String text;

    GroupState(String text) {
      this.text = text;
    }

    String errMsg(String groupId) {
      return text.replace("%s", groupId);
    }
  }

  private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(60);

  private final LoopbackServer server;
  private final ManagerService service;
  private final NodeRegistry registry;
  private final Health health = new Health();

  LocalManager(String name, ManagerService service, NodeRegistry registry) {
    this.service = service;
    this.registry = registry;
    this.server =
        new LoopbackServer(
            name,
            open -> true,
            socket -> new ServerConnection(socket, IDLE_TIMEOUT, service, health).serve());
  }

  /**
   * Where the Manager listens.
   *
   * @return as {@code http://127.0.0.1:port}
   */
  public String url() {
    return "http://" + LocalNode.HOST + ':' + server.port();
  }

  void port(int fixed) {
    server.port(fixed);
  }

  /**
   * Listens again on the same port. Does nothing if it runs.
   *
   * @throws java.io.UncheckedIOException if another process took the port in the meantime
   */
  public void start() {
    health.pause().running(true);
    server.start();
  }

  /**
   * Closes the listener and every connection: from now on connections are refused. Waits a few
   * seconds at most for requests that are being answered.
   */
  public void stop() {
    health.pause().running(false);
    server.stop();
  }

  /**
   * How many requests came, of any kind.
   *
   * @return a number that never goes down
   */
  public long requests() {
    return health.requests().get();
  }

  /**
   * Asks for these credentials from now on, and answers 403 without them.
   *
   * @param secretId the id
   * @param secretKey the key
   */
  public void authentication(String secretId, String secretKey) {
    service.authentication(
        requireNonNull(secretId, "secretId"), requireNonNull(secretKey, "secretKey"));
  }

  /** Asks for no credentials from now on. */
  public void noAuthentication() {
    service.noAuthentication();
  }

  /**
   * Sets what is known of a group, whatever the cluster was told of it.
   *
   * @param groupId the group
   * @param state what is known
   */
  public void group(String groupId, GroupState state) {
    service.group(requireNonNull(groupId, "groupId"), requireNonNull(state, "state"));
  }

  /**
   * Takes a heartbeat, as the nodes of the cluster send theirs. With it a test can put an address
   * on the list that nobody listens on, or a node of another protocol.
   *
   * @param ip the address of the node, told as given
   * @param port the port of the node, told as given
   * @param protocol for example {@code HTTP}
   * @param load what the node reports, the higher the busier
   */
  public void heartbeat(String ip, int port, String protocol, int load) {
    registry.heartbeat(ip, port, protocol, load);
  }

  /**
   * Takes a node off the list.
   *
   * @param ip the address of the node
   * @param port the port of the node
   */
  public void forget(String ip, int port) {
    registry.remove(ip, port);
  }

  /**
   * Lets each following request meet one of these faults, in order; behind the last the Manager is
   * well again. {@link Fault#status} gives any status and body. Replaces what was scripted before.
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
  public void wellAgain() {
    health.faults().clear();
  }

  /**
   * Delays every answer from now on, those that are being held too.
   *
   * @param delay how long; zero for not at all
   * @throws IllegalArgumentException if it is negative or over 365 days
   */
  public void slow(Duration delay) {
    health.pause().delay(delay);
  }

  @Override
  public String toString() {
    return "LocalManager[" + url() + (server.running() ? "]" : ", stopped]");
  }
}
