package io.github.httpreport.testkit;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP push sources of one eKuiper on a free port of 127.0.0.1: it answers as the real server
 * does, takes bodies apart as its JSON decoder does, and remembers the tuples that a rule would
 * have got. For tests and demonstrations.
 *
 * <pre>{@code
 * try (LocalEkuiper edge = LocalEkuiper.start("/api/data");
 *     ProxySender sender =
 *         HttpProxySender.builder()
 *             .protocol(EkuiperProtocol.post("/api/data"))
 *             .nodes(edge.address())
 *             .build()) {
 *   edge.script(Fault.resetAfterRead());
 *   sender.send(List.of("{\"a\":1}"), "group", "stream");
 *   assertThat(edge.tuples()).extracting(ReceivedTuple::json).containsExactly("{\"a\":1}");
 * }
 * }</pre>
 *
 * <p>As on the real one, a path is unknown (404) until the first rule that uses its stream has
 * started, and stays known for good then: what comes while the rule is stopped is answered {@code
 * ok} and lost. What is no JSON object, nor an array of nothing but objects, is answered {@code ok}
 * and lost whole. A path that Go would clean is redirected, another method refused (405), and an
 * idle connection closed without a word.
 *
 * <p>Of the {@linkplain Fault faults}, those that name a code of InLong, that halve or fill its
 * response, or that write an unsolicited one, say what no eKuiper says: a hostile response. Safe
 * for use by many threads; nothing but {@link #stop()} and {@link #close()} waits for anything.
 */
public final class LocalEkuiper extends LocalServer implements AutoCloseable {

  private final EkuiperEndpoints endpoints;
  private final Service service;

  private LocalEkuiper(Builder builder) {
    super(builder.name, builder.port, builder.idleTimeout);
    endpoints = new EkuiperEndpoints(new Store<>(builder.onTuple));
    service = new EkuiperService(endpoints, builder.version1);
    builder.started.forEach(endpoints::listen);
  }

  @Override
  Service service() {
    return service;
  }

  /**
   * Starts an eKuiper 2.x with a started rule behind each of these paths, which take POST.
   *
   * @param path the DATASOURCE of a stream, starting with a slash
   * @param more those of other streams
   * @return the server, running; close it
   * @throws IllegalArgumentException if a path does not start with a slash
   * @throws java.io.UncheckedIOException if no port is free
   */
  public static LocalEkuiper start(String path, String... more) {
    Builder builder = builder().post(path);
    for (String another : more) {
      builder.post(another);
    }
    return builder.start();
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
   * Starts a rule whose stream takes POST at a path.
   *
   * @param path the DATASOURCE of the stream
   * @throws IllegalArgumentException if it does not start with a slash
   */
  public void startRule(String path) {
    endpoints.listen(requirePath(path), "POST");
  }

  /**
   * Starts a rule whose stream takes PUT at a path.
   *
   * @param path the DATASOURCE of the stream
   * @throws IllegalArgumentException if it does not start with a slash
   */
  public void startPutRule(String path) {
    endpoints.listen(requirePath(path), "PUT");
  }

  /**
   * Stops the rule behind a path. From now on what comes to it is answered {@code ok} and lost.
   *
   * @param path the DATASOURCE of its stream
   */
  public void stopRule(String path) {
    endpoints.listenNoMore(path);
  }

  /** Listens again on the same port. Does nothing on a server that runs. */
  public void start() {
    listen();
  }

  /**
   * What the rules got.
   *
   * @return in order of arrival, a copy; empty where {@link Builder#onTuple} takes the tuples
   */
  public List<ReceivedTuple> tuples() {
    return endpoints.tuples();
  }

  /**
   * How many bodies were lost although they came: no JSON that the stream takes, or no rule behind
   * their path any more.
   *
   * @return a number that only {@link #clear()} sets back
   */
  public long lost() {
    return endpoints.lost();
  }

  /** Forgets what came, and what was lost. */
  public void clear() {
    endpoints.clear();
  }

  /** Stops for good and frees port and threads. Waits a few seconds at most. */
  @Override
  public void close() {
    stop();
  }

  private static String requirePath(String path) {
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("path must start with a slash");
    }
    return path;
  }

  /** Collects the settings of a server; not safe for use by several threads. */
  public static final class Builder {
    private final Map<String, String> started = new LinkedHashMap<>();
    private String name = "local-ekuiper";
    private boolean version1;
    private Duration idleTimeout = Duration.ofMinutes(1);
    private int port;
    private @Nullable Consumer<ReceivedTuple> onTuple;

    private Builder() {}

    /**
     * Sets the name that its threads bear. Default {@code local-ekuiper}.
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
     * Has a started rule whose stream takes POST at a path; may be called again.
     *
     * @param path the DATASOURCE of the stream
     * @return this builder
     * @throws IllegalArgumentException if it does not start with a slash
     */
    public Builder post(String path) {
      started.put(requirePath(path), "POST");
      return this;
    }

    /**
     * Has a started rule whose stream takes PUT at a path; may be called again.
     *
     * @param path the DATASOURCE of the stream
     * @return this builder
     * @throws IllegalArgumentException if it does not start with a slash
     */
    public Builder put(String path) {
      started.put(requirePath(path), "PUT");
      return this;
    }

    /**
     * Behaves as eKuiper 1.x: takes one object in a request and no array, and answers 400 to what
     * it cannot decode. Default 2.x.
     *
     * @param value whether it does
     * @return this builder
     */
    public Builder version1(boolean value) {
      version1 = value;
      return this;
    }

    /**
     * Sets how long a connection may be without a request before it is closed. Default 60 s.
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
     * Sets a consumer of each tuple instead of keeping it in memory. Called before the response, on
     * the thread of the connection, by several at a time; it must not throw.
     *
     * @param value the consumer
     * @return this builder
     */
    public Builder onTuple(Consumer<ReceivedTuple> value) {
      onTuple = requireNonNull(value, "onTuple");
      return this;
    }

    /**
     * Starts the server.
     *
     * @return the server, running; close it
     * @throws java.io.UncheckedIOException if no port is free
     */
    public LocalEkuiper start() {
      LocalEkuiper server = new LocalEkuiper(this);
      server.start();
      return server;
    }
  }
}
