package io.github.httpreport.ekuiper;

import static java.util.Objects.requireNonNull;

import io.github.httpreport.Destination;
import io.github.httpreport.Message;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.node.Node;
import io.github.httpreport.protocol.Framing;
import io.github.httpreport.protocol.JsonObjects;
import io.github.httpreport.protocol.Payload;
import io.github.httpreport.protocol.Utf8;
import io.github.httpreport.protocol.Verdict;
import io.github.httpreport.protocol.WireProtocol;
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
 * time of a call is not sent, as eKuiper has no place for it besides the object itself.
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

  private record Settings(
      boolean put,
      EkuiperEndpoint endpoint,
      int arrayLength,
      int maxRequestBytes,
      Duration unknownPathDelay) {}

  private final Settings settings;
  private final Framing framing;
  private final EkuiperAnswers answers;

  private EkuiperProtocol(Settings settings) {
    this.settings = settings;
    framing = isSingle() ? Framing.PLAIN : ARRAY;
    answers = new EkuiperAnswers(settings.unknownPathDelay(), isSingle());
  }

  private static EkuiperProtocol of(boolean put, EkuiperEndpoint endpoint) {
    return new EkuiperProtocol(
        new Settings(put, endpoint, DEFAULT_ARRAY, DEFAULT_MAX_BYTES, DEFAULT_UNKNOWN_PATH_DELAY));
  }

  /**
   * POST to one path, whatever the destination of a call.
   *
   * @param path the DATASOURCE of the stream, as written there: it starts with a slash and is not
   *     percent-encoded
   * @return a new protocol with the defaults of its other settings
   * @throws IllegalArgumentException if no endpoint can have this path
   */
  public static EkuiperProtocol post(String path) {
    return of(false, EkuiperEndpoint.fixed(path));
  }

  /**
   * POST to the path that the streamId names: the stream {@code orders} has the DATASOURCE {@code
   * /orders}. The streamId is one segment of a path, so one that holds a slash or is {@code ..} is
   * refused; {@link #path} replaces the rule. The groupId is not sent.
   *
   * @return a new protocol with the defaults of its other settings
   */
  public static EkuiperProtocol post() {
    return of(false, EkuiperEndpoint.BY_STREAM);
  }

  /**
   * PUT to one path, otherwise as {@link #post(String)}.
   *
   * @param path the DATASOURCE of the stream
   * @return a new protocol with the defaults of its other settings
   * @throws IllegalArgumentException if no endpoint can have this path
   */
  public static EkuiperProtocol put(String path) {
    return of(true, EkuiperEndpoint.fixed(path));
  }

  /**
   * PUT to the path that the streamId names, otherwise as {@link #post()}.
   *
   * @return a new protocol with the defaults of its other settings
   */
  public static EkuiperProtocol put() {
    return of(true, EkuiperEndpoint.BY_STREAM);
  }

  /**
   * The same with a path for each destination.
   *
   * @param rule tells the DATASOURCE, not percent-encoded; asked several times for each batch by
   *     many threads, so it must be quick and answer the same each time. Where no endpoint can have
   *     the path it tells, the call of the application is refused
   * @return a copy
   */
  public EkuiperProtocol path(Function<Destination, String> rule) {
    return with(EkuiperEndpoint.byRule(requireNonNull(rule, "rule")));
  }

  private EkuiperProtocol with(EkuiperEndpoint endpoint) {
    return new EkuiperProtocol(
        new Settings(
            settings.put(),
            endpoint,
            settings.arrayLength(),
            settings.maxRequestBytes(),
            settings.unknownPathDelay()));
  }

  /**
   * The same with one object in a request, and no array around it: the only form that eKuiper 1.x
   * takes, and the one where a message that the server cannot read spoils no other.
   *
   * @return a copy
   */
  public EkuiperProtocol single() {
    return withArrayLength(0);
  }

  /**
   * The same with a JSON array of objects in each request, which is the default and needs eKuiper
   * 2.x.
   *
   * @param maxObjects how many objects a request holds at most, from 1; default 500. Stay well
   *     below the buffer length of the rules, which is 1024 unless they set it: what does not fit
   *     is dropped there in silence
   * @return a copy
   * @throws IllegalArgumentException if it is below 1
   */
  public EkuiperProtocol arrays(int maxObjects) {
    return withArrayLength(atLeastOne(maxObjects, "maxObjects"));
  }

  private EkuiperProtocol withArrayLength(int length) {
    return new EkuiperProtocol(
        new Settings(
            settings.put(),
            settings.endpoint(),
            length,
            settings.maxRequestBytes(),
            settings.unknownPathDelay()));
  }

  /**
   * The same with another limit of a request body. Default 1,048,576 bytes. The server has none and
   * holds each request whole in memory, so the limit protects a small machine; a gateway before it
   * may have one of its own.
   *
   * @param value in bytes, at least 1
   * @return a copy
   * @throws IllegalArgumentException if it is below 1
   */
  public EkuiperProtocol maxRequestBytes(int value) {
    return new EkuiperProtocol(
        new Settings(
            settings.put(),
            settings.endpoint(),
            settings.arrayLength(),
            atLeastOne(value, "maxRequestBytes"),
            settings.unknownPathDelay()));
  }

  /**
   * The same with another wait after the server did not know the path (HTTP 404). Default 5 s: the
   * path is there once a rule that uses the stream has started, which is a matter of seconds when
   * the server was started a moment ago, and of a person otherwise.
   *
   * @param delay how long until the same node is asked again, from zero to a day
   * @return a copy
   * @throws IllegalArgumentException if it is out of range
   */
  public EkuiperProtocol unknownPathDelay(Duration delay) {
    if (delay.isNegative() || delay.compareTo(MAX_DELAY) > 0) {
      throw new IllegalArgumentException(
          "unknownPathDelay must be from zero to a day, but is " + delay);
    }
    return new EkuiperProtocol(
        new Settings(
            settings.put(),
            settings.endpoint(),
            settings.arrayLength(),
            settings.maxRequestBytes(),
            delay));
  }

  private static int atLeastOne(int value, String name) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, but is " + value);
    }
    return value;
  }

  private boolean isSingle() {
    return settings.arrayLength() == 0;
  }

  /**
   * How many objects one request holds at most.
   *
   * @return 500 unless {@link #arrays} says otherwise, 1 after {@link #single}
   */
  @Override
  public int maxBatchMessages() {
    return Math.max(1, settings.arrayLength());
  }

  @Override
  public long maxBatchBytes(OptionalLong reported) {
    return Math.min(reported.orElse(Long.MAX_VALUE), settings.maxRequestBytes());
  }

  /**
   * Refuses a destination whose path no endpoint can have.
   *
   * @throws IllegalArgumentException if an id or the path of the rule makes none; the text names it
   */
  @Override
  public void check(Destination destination) {
    settings.endpoint().check(destination);
  }

  /**
   * Refuses a body that is null or not one JSON object, that has a key, or that UTF-8 cannot carry,
   * and one that the server would acknowledge and lose together with its neighbours: nested deeper
   * than the 300 levels that its decoder reads, of which an array around it takes one and a number,
   * text or literal at the bottom another, or with a number that no double holds, such as {@code
   * 1e309}.
   */
  @Override
  public void check(Message message) {
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
  public String name() {
    return isSingle() ? "ekuiper-single" : "ekuiper-array";
  }

  @Override
  public Payload slice(Payload payload, int from, int to) {
    return framing.slice(payload, from, to);
  }

  @Override
  public Request request(Payload payload, Node node, Instant now) {
    String path = settings.endpoint().path(payload.destination());
    Request.Builder request =
        settings.put() ? Request.put(node.origin(), path) : Request.post(node.origin(), path);
    return request.body(payload.bytes(), CONTENT_TYPE).build();
  }

  @Override
  public Verdict classify(Response response) {
    return answers.classify(response);
  }

  @Override
  public String toString() {
    return "EkuiperProtocol["
        + (settings.put() ? "PUT " : "POST ")
        + settings.endpoint()
        + (isSingle() ? ", single]" : ", arrays of " + settings.arrayLength() + ']');
  }
}
