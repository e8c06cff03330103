package io.github.httpreport;

import static java.util.Objects.requireNonNull;

import io.github.httpreport.common.Checks;
import io.github.httpreport.http.Origin;
import io.github.httpreport.inlong.InLongManager;
import io.github.httpreport.inlong.InLongProtocol;
import io.github.httpreport.internal.Engine;
import io.github.httpreport.internal.LibraryVersions;
import io.github.httpreport.internal.SenderSettings;
import io.github.httpreport.node.Node;
import io.github.httpreport.node.NodeSelector;
import io.github.httpreport.node.NodeSource;
import io.github.httpreport.protocol.WireProtocol;
import io.github.httpreport.spool.SpoolSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reports messages over HTTP to the nodes of a cluster, at least once to the node that acknowledges
 * them. One sender serves a whole application: it is safe for use by many threads, keeps
 * connections alive, and owns a fixed handful of daemon threads whatever the number of nodes,
 * groups and messages.
 *
 * <pre>{@code
 * try (ProxySender sender = HttpProxySender.builder().manager("http://manager:8083").build()) {
 *   sender.send(List.of("a", "b"), "group", "stream");
 * }
 * }</pre>
 */
public final class HttpProxySender implements ProxySender {

  private final Engine engine;
  private final Duration closeTimeout;
  private final String name;

  private HttpProxySender(Builder builder, NodeSource nodes) {
    engine = new Engine(builder.settings(nodes));
    closeTimeout = builder.closeTimeout;
    name = builder.name;
  }

  /**
   * Starts from the defaults. One of {@link Builder#manager}, {@link Builder#nodes} and {@link
   * Builder#nodeSource} must be called, unless the protocol knows where its server is.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public SendResult send(
      List<String> bodies, String groupId, String streamId, @Nullable Instant dataTime) {
    return engine.send(bodies, groupId, streamId, dataTime);
  }

  @Override
  public CompletableFuture<SendResult> sendAsync(
      List<String> bodies, String groupId, String streamId, @Nullable Instant dataTime) {
    return engine.sendAsync(bodies, groupId, streamId, dataTime);
  }

  @Override
  public CompletableFuture<SendResult> enqueue(
      String body, String groupId, String streamId, @Nullable Instant dataTime) {
    return engine.enqueue(body, groupId, streamId, dataTime);
  }

  @Override
  public SendResult send(
      List<Message> messages, Destination destination, @Nullable Instant dataTime) {
    return engine.send(messages, destination, dataTime);
  }

  @Override
  public CompletableFuture<SendResult> sendAsync(
      List<Message> messages, Destination destination, @Nullable Instant dataTime) {
    return engine.sendAsync(messages, destination, dataTime);
  }

  @Override
  public CompletableFuture<SendResult> enqueue(
      Message message, Destination destination, @Nullable Instant dataTime) {
    return engine.enqueue(message, destination, dataTime);
  }

  @Override
  public CompletableFuture<Void> flush() {
    return engine.flush();
  }

  @Override
  public SenderStatus status() {
    return engine.status();
  }

  @Override
  public CloseSummary close(Duration timeout) {
    return engine.close(Checks.notNegative(timeout, "timeout"));
  }

  @Override
  public void close() {
    close(closeTimeout);
  }

  @Override
  public String toString() {
    return "HttpProxySender[" + name + ']';
  }

  /**
   * Collects the settings of a sender; not safe for use by several threads. A bad value is refused
   * by name with an {@link IllegalArgumentException}.
   */
  public static final class Builder {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final int MIN_BUFFER = 1024;

    private List<String> managers = List.of();
    private @Nullable String secretId;
    private @Nullable String secretKey;
    private List<Node> fixedNodes = List.of();
    private @Nullable NodeSource nodeSource;
    private WireProtocol protocol = InLongProtocol.create();
    private NodeSelector selector = NodeSelector.leastLoaded();
    private RetryPolicy retry = RetryPolicy.defaults();
    private Batching batching = Batching.defaults();
    private long bufferBytes = 32L * 1024 * 1024;
    private WhenFull whenFull = WhenFull.block(Duration.ofSeconds(10));
    private Duration connectTimeout = Duration.ofSeconds(3);
    private @Nullable Duration requestTimeout;
    private Duration closeTimeout = Duration.ofSeconds(30);
    private int maxInFlight = 64;
    private @Nullable TlsSettings tls;
    private @Nullable Origin proxy;
    private @Nullable Path snapshots;
    private @Nullable SpoolSettings spool;
    private SenderMetrics metrics = SenderMetrics.NONE;
    private @Nullable Executor callbackExecutor;
    private String name = "http-report";

    private Builder() {}

    /**
     * Takes the nodes of each group from an InLong Manager.
     *
     * @param urls one or more, for example {@code http://manager:8083}; tried in turn
     * @return this builder
     */
    public Builder manager(String... urls) {
      if (urls.length == 0) {
        throw new IllegalArgumentException("manager needs at least one URL");
      }
      InLongManager.of(urls);
      managers = List.of(urls);
      return this;
    }

    /**
     * Shows credentials to the Manager. Default none.
     *
     * @param id the secret id, not blank
     * @param key the secret key, not blank
     * @return this builder
     */
    public Builder credentials(String id, String key) {
      secretId = Checks.text(id, "secretId");
      secretKey = Checks.text(key, "secretKey");
      return this;
    }

    /**
     * Reports to these nodes and asks no Manager.
     *
     * @param addresses at least one {@code host:port}, or {@code https://host:port} for TLS
     * @return this builder
     */
    public Builder nodes(String... addresses) {
      if (addresses.length == 0) {
        throw new IllegalArgumentException("nodes needs at least one host:port");
      }
      fixedNodes = Stream.of(addresses).map(address -> parse("nodes", address)).toList();
      return this;
    }

    /**
     * Takes the nodes of each group from a source of the application's own.
     *
     * @param source the source
     * @return this builder
     */
    public Builder nodeSource(NodeSource source) {
      nodeSource = requireNonNull(source, "nodeSource");
      return this;
    }

    /**
     * Speaks this protocol. Default InLong's with its defaults.
     *
     * @param value the protocol
     * @return this builder
     */
    public Builder protocol(WireProtocol value) {
      protocol = requireNonNull(value, "protocol");
      return this;
    }

    /**
     * Selects nodes this way. Default {@link NodeSelector#leastLoaded()}.
     *
     * @param value the selector
     * @return this builder
     */
    public Builder selector(NodeSelector value) {
      selector = requireNonNull(value, "selector");
      return this;
    }

    /**
     * Retries by this policy. Default {@link RetryPolicy#defaults()}.
     *
     * @param value the policy
     * @return this builder
     */
    public Builder retry(RetryPolicy value) {
      retry = requireNonNull(value, "retry");
      return this;
    }

    /**
     * Seals batches of enqueued messages by these limits. Default {@link Batching#defaults()}.
     *
     * @param value the limits
     * @return this builder
     */
    public Builder batching(Batching value) {
      batching = requireNonNull(value, "batching");
      return this;
    }

    /**
     * Bounds the messages that are accepted and not complete. Default 32 MiB, and to block for 10 s
     * when full.
     *
     * @param maxBytes at least 1024. An enqueued message counts with its encoded size and 100 bytes
     *     for its objects, and a batch or request with 1,536 bytes more
     * @param value what a send does when there is no room for it
     * @return this builder
     */
    public Builder buffer(long maxBytes, WhenFull value) {
      bufferBytes = Checks.atLeast(MIN_BUFFER, maxBytes, "buffer");
      whenFull = requireNonNull(value, "whenFull");
      return this;
    }

    /**
     * Gives up on a connection after this time, TLS included. Default 3 s.
     *
     * @param value more than zero
     * @return this builder
     */
    public Builder connectTimeout(Duration value) {
      connectTimeout = Checks.positive(value, "connectTimeout");
      return this;
    }

    /**
     * Gives up on a response after this time, from the moment the connection is there to the last
     * byte. Default what the protocol needs: 10 s, and 20 s for Memphis.
     *
     * @param value more than zero
     * @return this builder
     */
    public Builder requestTimeout(Duration value) {
      requestTimeout = Checks.positive(value, "requestTimeout");
      return this;
    }

    /**
     * How long {@link ProxySender#close()} waits for what was accepted. Default 30 s.
     *
     * @param value zero or more
     * @return this builder
     */
    public Builder closeTimeout(Duration value) {
      closeTimeout = Checks.notNegative(value, "closeTimeout");
      return this;
    }

    /**
     * Requests on the way at once, over all nodes, and so connections to any one of them. Default
     * 64.
     *
     * @param value at least 1
     * @return this builder
     */
    public Builder maxInFlight(int value) {
      maxInFlight = Checks.atLeast(1, value, "maxInFlight");
      return this;
    }

    /**
     * Trust and identity for {@code https} addresses. Default the trust of the Java runtime.
     *
     * @param value the settings
     * @return this builder
     */
    public Builder tls(TlsSettings value) {
      tls = requireNonNull(value, "tls");
      return this;
    }

    /**
     * Goes through an HTTP proxy, on connections that are reused. Default none.
     *
     * @param address {@code host:port}, optionally after {@code http://} or {@code https://}
     * @return this builder
     */
    public Builder proxy(String address) {
      proxy = parse("proxy", address).origin();
      return this;
    }

    /**
     * Saves each good node list in this directory, and uses it, whatever its age, when no Manager
     * answers at the first use of a group. Default off.
     *
     * @param directory is created when the first list is saved
     * @return this builder
     */
    public Builder snapshots(Path directory) {
      snapshots = requireNonNull(directory, "snapshots");
      return this;
    }

    /**
     * Keeps messages on disk that cannot be delivered, or every message before it is delivered.
     * Default off. The retry policy must allow to send again what may have been stored already.
     *
     * @param value where and how
     * @return this builder
     */
    public Builder spool(SpoolSettings value) {
      spool = requireNonNull(value, "spool");
      return this;
    }

    /**
     * Receives what the sender does, for counting. Default {@link SenderMetrics#NONE}.
     *
     * @param value called on threads that deliver data
     * @return this builder
     */
    public Builder metrics(SenderMetrics value) {
      metrics = requireNonNull(value, "metrics");
      return this;
    }

    /**
     * Runs the callbacks of the futures in an executor of the application, which completes the
     * futures of {@code sendAsync}, {@code enqueue} and {@code flush}. Default a pool of the
     * sender's own, two callbacks at a time, that adds threads while callbacks wait in {@code
     * join()}.
     *
     * <p>The executor must run every task it accepts: the futures of a task that it drops never
     * complete. It may run tasks at the same time and in any order. It may run a task on the
     * calling thread only if no callback blocks, because that is often an I/O thread. It must not
     * be shut down before the sender is closed; the sender never shuts it down. If it rejects a
     * task by throwing, the sender completes the future on its own threads and logs the first such
     * rejection with level WARN.
     *
     * <p>A callback may wait for a future of {@code sendAsync} of this sender with any number of
     * threads. A callback that waits for a future of {@code enqueue} or {@code flush} occupies a
     * thread, and the executor needs one more than wait so at the same time.
     *
     * @param value thread-safe; its {@code execute} must not block
     * @return this builder
     */
    public Builder callbackExecutor(Executor value) {
      callbackExecutor = requireNonNull(value, "callbackExecutor");
      return this;
    }

    /**
     * Names the sender's threads. Default {@code http-report}.
     *
     * @param value 1 to 64 letters, digits, dots, dashes and underscores
     * @return this builder
     */
    public Builder name(String value) {
      if (!NAME.matcher(value).matches()) {
        throw new IllegalArgumentException(
            "name must be 1 to 64 letters, digits, dots, dashes and underscores");
      }
      name = value;
      return this;
    }

    /**
     * A sender. Does no I/O, starts no thread and does not fail because a server is down. Only
     * where it has a spool, that is opened here and now, and what is in it is delivered in the
     * background from now on; a disk that does not work is logged and tried again, and messages are
     * delivered without it meanwhile.
     *
     * @return a new sender, to be closed by the caller
     * @throws IllegalArgumentException if the settings contradict each other
     * @throws IllegalStateException if httpclient5, httpcore5 or Jackson is older than what the
     *     library works with; the text names the version found and the one needed
     * @throws io.github.httpreport.spool.SpoolException if the spool is in use by another sender,
     *     holds messages for another kind of server, or lacks the library that keeps it
     */
    public HttpProxySender build() {
      LibraryVersions.check();
      checkSpool();
      return new HttpProxySender(this, source());
    }

    private void checkSpool() {
      if (spool == null && whenFull.action() == WhenFull.Action.SPILL) {
        throw new IllegalArgumentException("whenFull is spill(), which needs a spool");
      }
      if (spool != null && retry.unknownOutcome() == RetryPolicy.UnknownOutcome.FAIL) {
        throw new IllegalArgumentException(
            "a spool sends again what may have been stored, which unknownOutcome(FAIL) forbids");
      }
    }

    private NodeSource source() {
      long sources =
          Stream.of(!managers.isEmpty(), !fixedNodes.isEmpty(), nodeSource != null)
              .filter(Boolean::booleanValue)
              .count();
      Optional<NodeSource> known = protocol.defaultNodes();
      if (sources == 0 && known.isPresent()) {
        return known.get();
      }
      if (sources != 1) {
        throw new IllegalArgumentException(
            "exactly one of manager, nodes and nodeSource must be set, but "
                + (sources == 0 ? "none is" : sources + " are"));
      }
      if (managers.isEmpty() && secretId != null) {
        throw new IllegalArgumentException("credentials are for a manager, and there is none");
      }
      if (nodeSource != null) {
        return nodeSource;
      }
      return fixedNodes.isEmpty() ? inLongManager() : NodeSource.fixed(fixedNodes);
    }

    private NodeSource inLongManager() {
      String[] urls = managers.toArray(String[]::new);
      if (secretId == null || secretKey == null) {
        return InLongManager.of(urls);
      }
      return InLongManager.builder(urls).credentials(secretId, secretKey).build();
    }

    private SenderSettings settings(NodeSource nodes) {
      return new SenderSettings(
          name,
          protocol,
          nodes,
          selector,
          retry,
          batching,
          bufferBytes,
          whenFull,
          connectTimeout,
          requestTimeout == null
              ? Checks.positive(protocol.requestTimeout(), "the protocol's requestTimeout")
              : requestTimeout,
          maxInFlight,
          tls,
          proxy,
          snapshots,
          spool,
          metrics,
          callbackExecutor);
    }

    private static Node parse(String name, String address) {
      try {
        return Node.parse(address);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
      }
    }
  }
}
