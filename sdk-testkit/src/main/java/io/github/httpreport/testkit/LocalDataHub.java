package io.github.httpreport.testkit;

import static java.util.Objects.requireNonNull;

import io.github.httpreport.testkit.Tc3Check.Keys;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tencent Cloud's API on a free port of 127.0.0.1, as far as CKafka DataHub's SendMessage goes. It
 * checks every signature, the session token and the five minutes that a clock may be wrong, keeps
 * the limits of a request and of a second, answers errors as the real one does (with status 200),
 * and stores what it takes in memory. For tests and demonstrations.
 *
 * <pre>{@code
 * try (LocalDataHub hub = LocalDataHub.start();
 *     ProxySender sender = HttpProxySender.builder()
 *         .protocol(CkafkaProtocol.builder()
 *             .dataHub("datahub-x")
 *             .credentials(CkafkaCredentials.of(hub.secretId(), hub.secretKey()))
 *             .endpoint(hub.url())
 *             .build())
 *         .build()) {
 *   hub.script(LocalDataHub.error("FailedOperation", "The task is paused."));
 *   sender.send(List.of("a", "b"), "group", "stream");
 *   assertThat(hub.stored()).extracting(DataHubMessage::body).containsExactly("a", "b");
 * }
 * }</pre>
 *
 * <p>Safe for use by many threads; nothing but {@link #stop()} and {@link #close()} waits for
 * anything.
 */
public final class LocalDataHub extends LocalServer implements AutoCloseable {

  private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(3);

  private final Store<DataHubMessage> store;
  private final Service service;
  private volatile Keys keys;
  private volatile Duration clockOffset = Duration.ZERO;

  private LocalDataHub(Builder builder) {
    super("local-datahub", builder.port, IDLE_TIMEOUT);
    keys = builder.keys;
    store = new Store<>(builder.onStored);
    service =
        new DataHubService(
            new DataHubService.ServiceSettings(
                Set.copyOf(builder.dataHubs),
                builder.maxMessages,
                builder.maxRequestBytes,
                builder.plainMessageIds,
                builder.service),
            new ShiftedClock(builder.clock, () -> clockOffset),
            () -> keys,
            store,
            new RateLimit(builder.maxRequestsPerSecond));
  }

  @Override
  Service service() {
    return service;
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
   * Starts one with the default settings.
   *
   * @return the server, running; close it
   * @throws java.io.UncheckedIOException if no port is free
   */
  public static LocalDataHub start() {
    return builder().start();
  }

  /**
   * A fault: the request is refused with this error and not stored.
   *
   * @param code for example {@code InternalError}
   * @param message the text that goes with it
   * @return the fault, for {@link #script} and {@link #always}
   */
  public static Fault error(String code, String message) {
    return Fault.status(200, DataHubReplies.error(code, message), "Content-Type: application/json");
  }

  /**
   * The id of the key that it takes.
   *
   * @return what the builder or {@link #credentials} set
   */
  public String secretId() {
    return keys.secretId();
  }

  /**
   * The key that it takes.
   *
   * @return what the builder or {@link #credentials} set
   */
  public String secretKey() {
    return keys.secretKey();
  }

  /**
   * Takes these credentials from now on and no others.
   *
   * @param secretId the id
   * @param secretKey the key
   * @param sessionToken the token of temporary credentials; null for permanent ones, for which a
   *     request must not have any
   */
  public void credentials(String secretId, String secretKey, @Nullable String sessionToken) {
    keys = keys(secretId, secretKey, sessionToken);
  }

  private static Keys keys(String secretId, String secretKey, @Nullable String sessionToken) {
    return new Keys(
        requireNonNull(secretId, "secretId"), requireNonNull(secretKey, "secretKey"), sessionToken);
  }

  /**
   * Sets how far its clock is ahead of the builder's from now on. A request whose time is more than
   * five minutes from it is refused, and the refusal tells its time in a Date header.
   *
   * @param ahead negative when it is behind
   */
  public void clockOffset(Duration ahead) {
    clockOffset = requireNonNull(ahead, "ahead");
  }

  /**
   * Listens again on the same port. Does nothing while it listens.
   *
   * @throws java.io.UncheckedIOException if another process took the port in the meantime
   */
  public void restart() {
    listen();
  }

  /**
   * Exactly what was stored.
   *
   * @return in order of arrival, a copy; empty where {@link Builder#onStored} takes the messages
   */
  public List<DataHubMessage> stored() {
    return store.all();
  }

  /**
   * How many messages were stored. Counted even where they are not kept.
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

  /** Stops it for good and frees its port and threads. Waits a few seconds at most. */
  @Override
  public void close() {
    stop();
  }

  /** Collects the settings of a server; not safe for use by several threads. */
  public static final class Builder {
    private Keys keys = new Keys("AKIDLOCALEXAMPLE", "LocalSecretKeyEXAMPLE", null);
    private final Set<String> dataHubs = new HashSet<>();
    private int maxMessages = 500;
    private int maxRequestBytes = 5_000_000;
    private int maxRequestsPerSecond = 2000;
    private boolean plainMessageIds;
    private String service = "ckafka";
    private Clock clock = Clock.systemUTC();
    private int port;
    private @Nullable Consumer<DataHubMessage> onStored;

    private Builder() {}

    /**
     * Sets which credentials it takes. Default permanent ones that {@link LocalDataHub#secretId()}
     * and {@link LocalDataHub#secretKey()} tell.
     *
     * @param secretId the id
     * @param secretKey the key
     * @param sessionToken the token of temporary credentials; null for permanent ones
     * @return this builder
     */
    public Builder credentials(String secretId, String secretKey, @Nullable String sessionToken) {
      keys = LocalDataHub.keys(secretId, secretKey, sessionToken);
      return this;
    }

    /**
     * Names a DataHub that is known; may be called again. Default every one; once one is named,
     * only those that are, and {@code ResourceNotFound} is the response for others.
     *
     * @param dataHubId the id
     * @return this builder
     */
    public Builder dataHub(String dataHubId) {
      dataHubs.add(requireNonNull(dataHubId, "dataHubId"));
      return this;
    }

    /**
     * Sets how many messages a request may hold; one more is answered with {@code
     * InvalidParameterValue}. Default 500.
     *
     * @param value at least 1
     * @return this builder
     * @throws IllegalArgumentException if it is below 1
     */
    public Builder maxMessages(int value) {
      maxMessages = Arguments.atLeast(1, value, "maxMessages");
      return this;
    }

    /**
     * Sets the largest request entity in bytes; one more is answered with {@code
     * RequestSizeLimitExceeded}. Default 5,000,000.
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
     * Sets how many requests pass in each second of its clock; one more is answered with {@code
     * RequestLimitExceeded}. Default 2000.
     *
     * @param value at least 1
     * @return this builder
     * @throws IllegalArgumentException if it is below 1
     */
    public Builder maxRequestsPerSecond(int value) {
      maxRequestsPerSecond = Arguments.atLeast(1, value, "maxRequestsPerSecond");
      return this;
    }

    /**
     * Sets which of the two shapes the ids of messages have: text like {@code
     * datahub-x:topic:0:17}, or the same as hexadecimal digits. Default digits.
     *
     * @param value true for text
     * @return this builder
     */
    public Builder plainMessageIds(boolean value) {
      plainMessageIds = value;
      return this;
    }

    /**
     * Sets the service that requests must be signed for. Default {@code ckafka}.
     *
     * @param value the name
     * @return this builder
     */
    public Builder service(String value) {
      service = requireNonNull(value, "service");
      return this;
    }

    /**
     * Sets its clock, by which signatures expire and requests are counted. Default this machine's.
     *
     * @param value the clock
     * @return this builder
     */
    public Builder clock(Clock value) {
      clock = requireNonNull(value, "clock");
      return this;
    }

    /**
     * Sets the port. Default 0: any that is free.
     *
     * @param value from 0 to 65535
     * @return this builder
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder port(int value) {
      port = Arguments.port(value, "port");
      return this;
    }

    /**
     * Sets a consumer of each message instead of keeping it in memory. Called before the response,
     * on the thread of the connection, by several at a time. Where it throws, the response is
     * {@code InternalError}.
     *
     * @param value the consumer
     * @return this builder
     */
    public Builder onStored(Consumer<DataHubMessage> value) {
      onStored = requireNonNull(value, "onStored");
      return this;
    }

    /**
     * Starts the server.
     *
     * @return the server, running; close it
     * @throws java.io.UncheckedIOException if the port is not free
     */
    public LocalDataHub start() {
      LocalDataHub hub = new LocalDataHub(this);
      hub.listen();
      return hub;
    }
  }
}
