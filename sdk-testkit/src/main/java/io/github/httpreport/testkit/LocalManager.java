package io.github.httpreport.testkit;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * The Manager of a {@link LocalCluster}. Of the {@linkplain Fault faults}, {@link Fault#status}
 * lets it answer with any status and body. Safe for use by many threads; nothing but {@link
 * #stop()} waits for anything.
 */
public final class LocalManager extends LocalServer {

  /** What the Manager knows of a group. */
  public enum GroupState {
    /** Known and approved: the Manager lists the nodes. */
    READY(""),
    /** The Manager does not know this group. */
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

  private final ManagerService service;
  private final NodeRegistry registry;

  LocalManager(String name, int port, ManagerService service, NodeRegistry registry) {
    super(name, port, IDLE_TIMEOUT);
    this.service = service;
    this.registry = registry;
  }

  @Override
  Service service() {
    return service;
  }

  /**
   * Listens again on the same port. Does nothing if it runs.
   *
   * @throws java.io.UncheckedIOException if another process took the port in the meantime
   */
  public void start() {
    listen();
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
   * Sets what is known of a group, in place of the settings of the cluster.
   *
   * @param groupId the group
   * @param state what is known
   */
  public void group(String groupId, GroupState state) {
    service.group(requireNonNull(groupId, "groupId"), requireNonNull(state, "state"));
  }

  /**
   * Takes a heartbeat, as the nodes of the cluster send theirs. With it a test can put an address
   * on the list without a listener, or a node of another protocol.
   *
   * @param ip the address of the node, listed as given
   * @param port the port of the node, listed as given
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

  @Override
  public String toString() {
    return "LocalManager[" + url() + (running() ? "]" : ", stopped]");
  }
}
