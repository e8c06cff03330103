package io.github.httpreport.testkit;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.commons.lang3.StringUtils;
import org.jspecify.annotations.Nullable;

/**
 * An InLong Manager and any number of DataProxy nodes on free ports of 127.0.0.1, which answer byte
 * for byte as the real ones do and store what they take in memory. For tests and demonstrations:
 * whatever a sender does against it, it does against a real cluster.
 *
 * <pre>{@code
 * try (LocalCluster cluster = LocalCluster.start(3);
 *     ProxySender sender = HttpProxySender.builder().manager(cluster.managerUrl()).build()) {
 *   cluster.node(0).script(Fault.queueFull());
 *   sender.send(List.of("a", "b"), "group", "stream");
 *   assertThat(cluster.stored().get(0).messages()).containsExactly("a", "b");
 * }
 * }</pre>
 *
 * <p>Nodes tell the Manager of themselves by a call in this process, when they start and when their
 * load is set. Safe for use by many threads.
 */
public final class LocalCluster implements AutoCloseable {

  private final LocalNode.Settings settings;
  private final Topics topics = new Topics();
  private final NodeRegistry registry = new NodeRegistry();
  private final Store<StoredRecord> store;
  private final LocalManager manager;
  private final List<LocalNode> nodes = new CopyOnWriteArrayList<>();
  private final AtomicInteger started = new AtomicInteger();
  private volatile boolean closed;

  private LocalCluster(Builder builder) {
    settings =
        new LocalNode.Settings(
            builder.name,
            builder.firstPort,
            builder.maxRequestBytes,
            builder.idleTimeout,
            builder.maxConnections);
    store = new Store<>(builder.onStored, StoredRecord::messageCount);
    builder.topics.forEach(topic -> topics.add(topic.groupId(), topic.streamId()));
    Integer limit = builder.reportLimit ? builder.maxRequestBytes : null;
    ManagerService service =
        new ManagerService(
            new ManagerService.ServiceSettings(builder.name, topics, registry, limit));
    manager = new LocalManager(builder.name + "-manager", builder.managerPort, service, registry);
    if (builder.secretId != null && builder.secretKey != null) {
      manager.authentication(builder.secretId, builder.secretKey);
    }
  }

  /**
   * Starts with settings of your own.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Starts a cluster with the default settings.
   *
   * @param nodes how many nodes it has, at least 0
   * @return the cluster, running
   * @throws IllegalArgumentException if the number is negative
   * @throws java.io.UncheckedIOException if no port is free
   */
  public static LocalCluster start(int nodes) {
    return builder().nodes(nodes).start();
  }

  /**
   * Where the Manager listens.
   *
   * @return as {@code http://127.0.0.1:port}
   */
  public String managerUrl() {
    return manager.url();
  }

  /**
   * The Manager.
   *
   * @return the same for the cluster's whole life
   */
  public LocalManager manager() {
    return manager;
  }

  /**
   * The nodes, those that are stopped included, those that were removed not.
   *
   * @return in the order they were added, a copy
   */
  public List<LocalNode> nodes() {
    return nodes.stream().filter(node -> !node.removed()).toList();
  }

  /**
   * One of {@link #nodes()}.
   *
   * @param index from 0
   * @return the node
   * @throws IndexOutOfBoundsException if there is none
   */
  public LocalNode node(int index) {
    return nodes().get(index);
  }

  /**
   * Starts one more node; the Manager knows it at once.
   *
   * @return the node, running
   * @throws IllegalStateException if the cluster is closed
   * @throws java.io.UncheckedIOException if no port is free
   */
  public LocalNode addNode() {
    if (closed) {
      throw new IllegalStateException("the cluster is closed");
    }
    LocalNode.Settings own = settings.ofNode(started.getAndIncrement());
    LocalNode added = new LocalNode(own, topics, store, registry);
    nodes.add(added);
    added.start();
    return added;
  }

  /**
   * Makes a group and stream known to every node and the Manager. Where none was named so far, this
   * makes every other unknown.
   *
   * @param groupId the group
   * @param streamId the stream
   */
  public void addTopic(String groupId, String streamId) {
    Topic topic = new Topic(groupId, streamId);
    topics.add(topic.groupId(), topic.streamId());
  }

  /**
   * Exactly what was stored, over all nodes.
   *
   * @return in order of arrival, a copy; empty where {@link Builder#onStored} takes the records
   */
  public List<StoredRecord> stored() {
    return store.all();
  }

  /**
   * How many messages were stored: the lines of all bodies. Counted even where records are not
   * kept.
   *
   * @return a number that only {@link #clear()} sets back
   */
  public long storedCount() {
    return store.messages();
  }

  /** Forgets what was stored, and its count. */
  public void clear() {
    store.clear();
  }

  /**
   * Stops every node and the Manager and frees their ports and threads. Waits a few seconds at
   * most.
   */
  @Override
  public void close() {
    closed = true;
    nodes.forEach(LocalNode::stop);
    manager.stop();
  }

  private record Topic(String groupId, String streamId) {
    Topic {
      if (StringUtils.isBlank(groupId) || StringUtils.isBlank(streamId)) {
        throw new IllegalArgumentException("groupId and streamId must not be blank");
      }
    }
  }

  /** Collects the settings of a cluster; not safe for use by several threads. */
  public static final class Builder {
    private String name = "local-cluster";
    private int nodes = 1;
    private @Nullable String secretId;
    private @Nullable String secretKey;
    private final List<Topic> topics = new CopyOnWriteArrayList<>();
    private int maxRequestBytes = 524_288;
    private boolean reportLimit;
    private Duration idleTimeout = Duration.ofMinutes(3);
    private int maxConnections = Integer.MAX_VALUE;
    private int managerPort;
    private int firstPort;
    private @Nullable Consumer<StoredRecord> onStored;

    private Builder() {}

    /**
     * Sets the name of the cluster, which its threads bear and the Manager knows it by. Default
     * {@code local-cluster}.
     *
     * @param value not blank
     * @return this builder
     * @throws IllegalArgumentException if it is blank
     */
    public Builder name(String value) {
      name = Arguments.text(value, "name");
      return this;
    }

    /**
     * Sets how many nodes there are at the start. Default 1.
     *
     * @param value at least 0
     * @return this builder
     * @throws IllegalArgumentException if it is negative
     */
    public Builder nodes(int value) {
      nodes = Arguments.atLeast(0, value, "nodes");
      return this;
    }

    /**
     * Lets the Manager ask for credentials. Default none.
     *
     * @param id the secret id
     * @param key the secret key
     * @return this builder
     */
    public Builder authentication(String id, String key) {
      secretId = requireNonNull(id, "id");
      secretKey = requireNonNull(key, "key");
      return this;
    }

    /**
     * Names a group and stream that is known; may be called again. Default every group and stream;
     * once one is named, only those that are.
     *
     * @param groupId the group, not blank
     * @param streamId the stream, not blank
     * @return this builder
     * @throws IllegalArgumentException if one is blank
     */
    public Builder topic(String groupId, String streamId) {
      topics.add(new Topic(groupId, streamId));
      return this;
    }

    /**
     * Sets the largest request entity in bytes; one more is answered with 413. Default 524,288.
     *
     * @param value at least 1
     * @return this builder
     * @throws IllegalArgumentException if it is below 1
     */
    public Builder maxRequestBytes(int value) {
      maxRequestBytes = Arguments.atLeast(1, value, "maxRequestBytes");
      return this;
    }

    /**
     * Sets whether the Manager reports the largest request entity as {@code maxPacketLength}.
     * Default false: it reports null.
     *
     * @param value whether it does
     * @return this builder
     */
    public Builder reportLimit(boolean value) {
      reportLimit = value;
      return this;
    }

    /**
     * Sets how long a connection to a node may be without a request, before the node writes an
     * response without a request and closes. Default 3 minutes.
     *
     * @param value from 1 millisecond to 20 days
     * @return this builder
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder idleTimeout(Duration value) {
      idleTimeout = Arguments.idleTimeout(value);
      return this;
    }

    /**
     * Sets how many connections each node serves at a time; one more is accepted and closed without
     * a byte. Default no limit.
     *
     * @param value at least 0
     * @return this builder
     * @throws IllegalArgumentException if it is negative
     */
    public Builder maxConnections(int value) {
      maxConnections = Arguments.atLeast(0, value, "maxConnections");
      return this;
    }

    /**
     * Sets the port of the Manager. Default 0: any that is free.
     *
     * @param value from 0 to 65535
     * @return this builder
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder managerPort(int value) {
      managerPort = Arguments.port(value, "managerPort");
      return this;
    }

    /**
     * Sets the port of the first node; those that follow have the ports above it. Default 0: any
     * that are free.
     *
     * @param value from 0 to 65535
     * @return this builder
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder firstPort(int value) {
      firstPort = Arguments.port(value, "firstPort");
      return this;
    }

    /**
     * Sets a consumer of each record instead of keeping it in memory. Called before the response,
     * on the thread of the connection, by several at a time. Where it throws, the record counts as
     * not stored and the response is that of a full queue.
     *
     * @param value the consumer
     * @return this builder
     */
    public Builder onStored(Consumer<StoredRecord> value) {
      onStored = requireNonNull(value, "onStored");
      return this;
    }

    /**
     * Starts the Manager and the nodes.
     *
     * @return the cluster, running; close it
     * @throws java.io.UncheckedIOException if no port is free
     */
    public LocalCluster start() {
      LocalCluster cluster = new LocalCluster(this);
      try {
        cluster.manager.start();
        for (int i = 0; i < nodes; i++) {
          cluster.addNode();
        }
        return cluster;
      } catch (RuntimeException e) {
        cluster.close();
        throw e;
      }
    }
  }
}
