package io.github.httpreport.testkit;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A Memphis REST gateway with its broker on a free port of 127.0.0.1: routes, tokens, limits and
 * failures as in the real one, and messages in memory. For tests and demonstrations.
 *
 * <pre>{@code
 * try (LocalMemphis memphis = LocalMemphis.start();
 *     ProxySender sender =
 *         HttpProxySender.builder()
 *             .protocol(MemphisProtocol.builder()
 *                 .station("orders").user("root", () -> "memphis").build())
 *             .nodes(memphis.url())
 *             .build()) {
 *   memphis.script(Fault.noAnswer());
 *   sender.send(List.of("a"), "group", "stream");
 *   assertThat(memphis.stored().get(0).body()).isEqualTo("a");
 * }
 * }</pre>
 *
 * <p>Knows the user {@code root} with the password {@code memphis} until the test sets others.
 * Takes tokens that another one gave, unless it has revoked its own. A {@link Fault} with a
 * response of its own, such as {@link Fault#queueFull()}, speaks InLong's words here too; {@link
 * Fault#status} gives any others. Authentications are apart: they are none of the {@link
 * #requests()}, and meet the faults of {@link #scriptAuthentication} instead of those of {@link
 * #script}. Safe for use by many threads; nothing but {@link #stop()} and {@link #close()} waits
 * for anything.
 */
public final class LocalMemphis extends LocalServer implements AutoCloseable {

  /** A generation of the gateway. */
  public enum Version {
    /**
     * Goes through a batch to its end and counts; answers every failure to produce with status 400.
     */
    V0_1,
    /** Stops a batch at its first failure; status 400 means a violation of the schema. */
    V1
  }

  private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(3);

  private final Store<MemphisMessage> stored;
  private final MemphisBroker broker;
  private final MemphisService service;

  private LocalMemphis(Builder builder) {
    super("local-memphis", builder.port, IDLE_TIMEOUT);
    stored = new Store<>(builder.onStored);
    broker = new MemphisBroker(builder.maxMessageBytes, builder.stationSetUp, stored);
    service =
        new MemphisService(
            new MemphisService.ServiceSettings(
                builder.version,
                builder.maxRequestBytes,
                builder.maxHeadBytes,
                builder.tokenLifetime,
                builder.clock),
            broker);
    service.password("root", "memphis");
  }

  @Override
  Service service() {
    return service;
  }

  /**
   * Starts a gateway with the default settings.
   *
   * @return the gateway, running
   * @throws java.io.UncheckedIOException if no port is free
   */
  public static LocalMemphis start() {
    return builder().start();
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
   * Makes a user known, or gives it another password.
   *
   * @param name the user
   * @param password the password
   */
  public void user(String name, String password) {
    service.password(requireNonNull(name, "name"), requireNonNull(password, "password"));
  }

  /**
   * Makes a user known by a connection token, or gives it another one. Unlike here, a real gateway
   * of 1.2.2 to 1.2.8 panics at the first message of such a user.
   *
   * @param name the user
   * @param token the connection token
   */
  public void connectionToken(String name, String token) {
    service.connectionToken(requireNonNull(name, "name"), requireNonNull(token, "token"));
  }

  /** Refuses every token that was given so far. */
  public void revokeTokens() {
    service.tokens().revoke();
  }

  /**
   * Lets a station take valid messages only. The error for any other quotes the message, as those
   * of validators do.
   *
   * @param station the station
   * @param valid says whether a message is valid; asked by many threads
   */
  public void schema(String station, Predicate<String> valid) {
    broker.schema(requireNonNull(station, "station"), requireNonNull(valid, "valid"));
  }

  /**
   * Lets the broker fail once: it takes some more messages, over all requests, and answers the next
   * one with an error. In a batch those before stay stored.
   *
   * @param messages how many more it takes, at least 0
   * @param error for example {@code nats: stalled with 256 messages}
   * @throws IllegalArgumentException if the number is negative
   */
  public void failAfter(int messages, String error) {
    broker.failAfter(Arguments.atLeast(0, messages, "messages"), requireNonNull(error, "error"));
  }

  /**
   * Exactly what was stored.
   *
   * @return in order of arrival, a copy; empty where {@link Builder#onStored} takes the messages
   */
  public List<MemphisMessage> stored() {
    return stored.all();
  }

  /**
   * How many messages were stored. Counted even where they are not kept.
   *
   * @return a number that only {@link #clear()} sets back
   */
  public long storedCount() {
    return stored.messages();
  }

  /** Forgets what was stored, and its count. */
  public void clear() {
    stored.clear();
  }

  /**
   * Lets each following authentication meet one of these faults, in order; behind the last they
   * succeed again. Replaces what was scripted before.
   *
   * @param inTurn the faults, none of which strikes before a request has been read: it is unknown
   *     by then what the request is for
   * @throws IllegalArgumentException if one does
   */
  public void scriptAuthentication(Fault... inTurn) {
    for (Fault fault : inTurn) {
      if (!fault.strikes(Fault.Strike.REQUEST)) {
        throw new IllegalArgumentException(fault + " strikes before the request has been read");
      }
    }
    service.authenticationFaults().script(inTurn);
  }

  /**
   * Forgets every fault that is still to come, of authentications too; a delay set by {@link #slow}
   * stays.
   */
  @Override
  public void clearFaults() {
    super.clearFaults();
    service.authenticationFaults().clear();
  }

  /**
   * How many authentications were answered, those that were refused included, those that met a
   * fault not. Each costs the real gateway a connection to its broker.
   *
   * @return a number that never goes down
   */
  public long authentications() {
    return service.authentications();
  }

  /**
   * Listens again on the same port. Does nothing if it runs.
   *
   * @throws java.io.UncheckedIOException if another process took the port in the meantime
   */
  public void restart() {
    listen();
  }

  /** Stops for good and frees port and threads. Waits a few seconds at most. */
  @Override
  public void close() {
    stop();
  }

  /** Collects the settings of a gateway; not safe for use by several threads. */
  public static final class Builder {
    private Version version = Version.V1;
    private int port;
    private int maxRequestBytes = 4 * 1024 * 1024;
    private int maxHeadBytes = 4096;
    private int maxMessageBytes = 1024 * 1024;
    private Duration stationSetUp = Duration.ZERO;
    private Duration tokenLifetime = Duration.ofMinutes(15);
    private Clock clock = Clock.systemUTC();
    private @Nullable Consumer<MemphisMessage> onStored;

    private Builder() {}

    /**
     * Sets whose answers are given. Default {@link Version#V1}.
     *
     * @param value the version
     * @return this builder
     */
    public Builder version(Version value) {
      version = requireNonNull(value, "version");
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
     * Sets the largest body in bytes; one more is answered with 413. Default 4 MiB.
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
     * Sets the largest head of a request, its first line and headers, in bytes; one more is
     * answered with 431. Default 4096; no more is read than of any server here.
     *
     * @param value at least 1
     * @return this builder
     * @throws IllegalArgumentException if it is below 1
     */
    public Builder maxHeadBytes(int value) {
      maxHeadBytes = Arguments.atLeast(1, value, "maxHeadBytes");
      return this;
    }

    /**
     * Sets the largest message that the broker takes, in bytes, the headers of its request
     * included. Default 1 MiB.
     *
     * @param value at least 1
     * @return this builder
     * @throws IllegalArgumentException if it is below 1
     */
    public Builder maxMessageBytes(int value) {
      maxMessageBytes = Arguments.atLeast(1, value, "maxMessageBytes");
      return this;
    }

    /**
     * Sets how long the broker takes to make a station at its first message. Default not at all.
     * What comes for the same station meanwhile is refused, as by the real one.
     *
     * @param value from zero to 365 days
     * @return this builder
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder stationSetUp(Duration value) {
      stationSetUp = Pause.notNegative(value);
      return this;
    }

    /**
     * Sets how long tokens are good whose request names no time. Default 15 minutes. Their end is
     * told in whole seconds.
     *
     * @param value at least a second
     * @return this builder
     * @throws IllegalArgumentException if it is shorter
     */
    public Builder tokenLifetime(Duration value) {
      if (value.compareTo(Duration.ofSeconds(1)) < 0) {
        throw new IllegalArgumentException("tokenLifetime must be at least 1 s, but is " + value);
      }
      tokenLifetime = value;
      return this;
    }

    /**
     * Sets the clock that tokens are given and checked by. Default the system's.
     *
     * @param value the clock
     * @return this builder
     */
    public Builder clock(Clock value) {
      clock = requireNonNull(value, "clock");
      return this;
    }

    /**
     * Sets a consumer of each message instead of keeping it in memory. Called before the response,
     * on the thread of the connection, by several at a time. Where it throws, the message counts as
     * not stored and the broker as not there.
     *
     * @param value the consumer
     * @return this builder
     */
    public Builder onStored(Consumer<MemphisMessage> value) {
      onStored = requireNonNull(value, "onStored");
      return this;
    }

    /**
     * Starts the gateway.
     *
     * @return the gateway, running; close it
     * @throws java.io.UncheckedIOException if the port is taken
     */
    public LocalMemphis start() {
      LocalMemphis memphis = new LocalMemphis(this);
      memphis.listen();
      return memphis;
    }
  }
}
