package io.github.httpreport.ekuiper;

import static java.util.Objects.requireNonNull;

import io.github.httpreport.Destination;
import io.github.httpreport.Message;
import io.github.httpreport.common.Checks;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.node.Node;
import io.github.httpreport.protocol.Payload;
import io.github.httpreport.protocol.Verdict;
import io.github.httpreport.protocol.WireProtocol;
import io.github.httpreport.protocol.support.Framing;
import io.github.httpreport.protocol.support.JsonObjects;
import io.github.httpreport.protocol.support.Utf8;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reports to the HTTP push source of eKuiper: each message is one JSON object and becomes one
 * tuple. Immutable, safe for use by many threads, never blocks.
 *
 * <pre>{@code
 * HttpProxySender.builder().protocol(EkuiperProtocol.post("/api/data")).nodes("edge:10081").build()
 * }</pre>
 *
 * <p>An acceptance means that the server has read the request, no more. It goes on accepting when
 * the rule is stopped, and drops tuples in silence when they come faster than the rule takes them;
 * its queues hold 1024 by default. It knows no ids: what is sent twice is there twice. The data
 * time of a call is not sent, as eKuiper has no place for it outside of the object.
 */
public final class EkuiperProtocol implements WireProtocol {

  private static final Framing ARRAY = Framing.JSON_ARRAY;

  /** The server's decoder counts every value as a level, and the array around the objects too. */
  private static final int MAX_LEVELS = 300;

  private static final JsonObjects ALONE = JsonObjects.nestedTo(MAX_LEVELS).countingLeaves();
  private static final JsonObjects IN_ARRAY = JsonObjects.nestedTo(MAX_LEVELS - 1).countingLeaves();
  private static final int DEFAULT_ARRAY = 500;
  private static final int DEFAULT_MAX_BYTES = 1024 * 1024;
  private static final Duration DEFAULT_UNKNOWN_PATH_DELAY = Duration.ofSeconds(5);
  private static final Duration MAX_DELAY = Duration.ofDays(1);
  private static final String CONTENT_TYPE = "application/json";

  private final boolean put;
  private final EkuiperEndpoint endpoint;
  private final int arrayLength;
  private final int maxRequestBytes;
  private final Framing framing;
  private final EkuiperResponses responses;

  private EkuiperProtocol(Builder builder) {
    put = builder.put;
    endpoint = builder.endpoint;
    arrayLength = builder.arrayLength;
    maxRequestBytes = builder.maxRequestBytes;
    framing = isSingle() ? Framing.PLAIN : ARRAY;
    responses = new EkuiperResponses(builder.unknownPathDelay, isSingle());
  }

  /**
   * POST of JSON arrays to the path that the streamId names, with the defaults of all settings.
   *
   * @return a new protocol
   */
  public static EkuiperProtocol create() {
    return builder().build();
  }

  /**
   * POST of JSON arrays to one path, whatever the destination of a call, with the defaults of all
   * other settings.
   *
   * @param path see {@link Builder#path}
   * @return a new protocol
   * @throws IllegalArgumentException if no endpoint can have this path
   */
  public static EkuiperProtocol post(String path) {
    return builder().path(path).build();
  }

  /**
   * Starts from the defaults.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  private boolean isSingle() {
    return arrayLength == 0;
  }

  /**
   * How many objects one request holds at most.
   *
   * @return 500 unless {@link Builder#arrays} says otherwise, 1 after {@link Builder#single}
   */
  @Override
  public int maxBatchMessages() {
    return Math.max(1, arrayLength);
  }

  @Override
  public long maxRequestBytes(OptionalLong reported) {
    return Math.min(reported.orElse(Long.MAX_VALUE), maxRequestBytes);
  }

  /**
   * Refuses a destination whose path no endpoint can have.
   *
   * @throws IllegalArgumentException if an id or the path of the rule makes none; the text names it
   */
  @Override
  public void validate(Destination destination) {
    endpoint.check(destination);
  }

  /**
   * Refuses a body that is null or not one JSON object, that has a key, or that UTF-8 cannot carry,
   * and one that the server would acknowledge and lose together with its neighbours: nested deeper
   * than the 300 levels that its decoder reads, of which an array around it takes one and a number,
   * text or literal at the bottom another, or with a number that no double holds, such as {@code
   * 1e309}.
   */
  @Override
  public void validate(Message message) {
    @Nullable String body = message.body();
    if (body == null) {
      throw new IllegalArgumentException("is null");
    }
    if (message.key() != null) {
      throw new IllegalArgumentException("has a key, which eKuiper has no place for");
    }
    (isSingle() ? ALONE : IN_ARRAY).check(body);
    Utf8.check(body);
  }

  @Override
  public long sizeOf(Message message) {
    return framing.sizeOf(message);
  }

  @Override
  public long overheadOf(Destination destination) {
    return framing.overhead();
  }

  @Override
  public Payload encode(Destination destination, List<Message> messages, Instant dataTime) {
    return framing.encode(destination, messages);
  }

  @Override
  public String payloadFormat() {
    return isSingle() ? "ekuiper-single" : "ekuiper-array";
  }

  @Override
  public Payload slice(Payload payload, int from, int to) {
    return framing.slice(payload, from, to);
  }

  @Override
  public Request request(Payload payload, Node node, Instant now) {
    String path = endpoint.path(payload.destination());
    Request.Builder request =
        put ? Request.put(node.origin(), path) : Request.post(node.origin(), path);
    return request.body(payload.bytes(), CONTENT_TYPE).build();
  }

  @Override
  public Verdict classify(Response response) {
    return responses.classify(response);
  }

  @Override
  public String toString() {
    return "EkuiperProtocol["
        + (put ? "PUT " : "POST ")
        + endpoint
        + (isSingle() ? ", single]" : ", arrays of " + arrayLength + ']');
  }

  /**
   * Collects settings; not safe for use by several threads. A bad value is refused by name with an
   * {@link IllegalArgumentException}.
   */
  public static final class Builder {
    private boolean put;
    private EkuiperEndpoint endpoint = EkuiperEndpoint.BY_STREAM;
    private int arrayLength = DEFAULT_ARRAY;
    private int maxRequestBytes = DEFAULT_MAX_BYTES;
    private Duration unknownPathDelay = DEFAULT_UNKNOWN_PATH_DELAY;

    private Builder() {}

    /**
     * Sends requests with PUT. Default POST.
     *
     * @return this builder
     */
    public Builder put() {
      put = true;
      return this;
    }

    /**
     * Reports to one path, whatever the destination of a call. Default the path that the streamId
     * names: the stream {@code orders} has the DATASOURCE {@code /orders}. The streamId is one
     * segment of a path, so one that holds a slash or is {@code ..} is refused. The groupId is not
     * sent.
     *
     * @param path the DATASOURCE of the stream, as written there: it starts with a slash and is not
     *     percent-encoded
     * @return this builder
     * @throws IllegalArgumentException if no endpoint can have this path
     */
    public Builder path(String path) {
      endpoint = EkuiperEndpoint.fixed(path);
      return this;
    }

    /**
     * Reports to a path for each destination.
     *
     * @param rule from group and stream to the DATASOURCE, not percent-encoded; called several
     *     times for each batch by many threads, so it must be quick and return the same each time.
     *     Where no endpoint can have the path, the call of the application is refused
     * @return this builder
     */
    public Builder pathBy(Function<Destination, String> rule) {
      endpoint = EkuiperEndpoint.byRule(requireNonNull(rule, "rule"));
      return this;
    }

    /**
     * Puts one object into a request, and no array around it: the only form that eKuiper 1.x takes,
     * and the one where a message that the server cannot read spoils no other.
     *
     * @return this builder
     */
    public Builder single() {
      arrayLength = 0;
      return this;
    }

    /**
     * Puts a JSON array of objects into a request, which is the default and needs eKuiper 2.x.
     *
     * @param maxObjects how many objects a request holds at most, from 1; default 500. Stay well
     *     below the buffer length of the rules, which is 1024 unless they set it: objects beyond it
     *     are dropped there without a word
     * @return this builder
     */
    public Builder arrays(int maxObjects) {
      arrayLength = Checks.atLeast(1, maxObjects, "maxObjects");
      return this;
    }

    /**
     * Sets the limit of a request body. Default 1,048,576 bytes. The server has none and holds each
     * request whole in memory, so the limit protects a small machine; a gateway before it may have
     * one of its own.
     *
     * @param value in bytes, at least 1
     * @return this builder
     */
    public Builder maxRequestBytes(int value) {
      maxRequestBytes = Checks.atLeast(1, value, "maxRequestBytes");
      return this;
    }

    /**
     * Sets the wait after the server did not know the path (HTTP 404). Default 5 s: the path is
     * there once a rule that uses the stream has started, which is a matter of seconds when the
     * server was started a moment ago, and of a person otherwise.
     *
     * @param delay how long until the same node is asked again, from zero to a day
     * @return this builder
     */
    public Builder unknownPathDelay(Duration delay) {
      unknownPathDelay = Checks.atMost(MAX_DELAY, delay, "unknownPathDelay");
      return this;
    }

    /**
     * The protocol.
     *
     * @return a new protocol
     */
    public EkuiperProtocol build() {
      return new EkuiperProtocol(this);
    }
  }
}
