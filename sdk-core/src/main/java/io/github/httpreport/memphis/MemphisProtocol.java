package io.github.httpreport.memphis;

import static java.util.Objects.requireNonNull;

import io.github.httpreport.Destination;
import io.github.httpreport.Message;
import io.github.httpreport.common.Checks;
import io.github.httpreport.http.Exchange;
import io.github.httpreport.http.Origin;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.node.Node;
import io.github.httpreport.protocol.Payload;
import io.github.httpreport.protocol.Verdict;
import io.github.httpreport.protocol.WireProtocol;
import io.github.httpreport.protocol.WireProtocol.FirstUse;
import io.github.httpreport.protocol.support.Framing;
import io.github.httpreport.protocol.support.JsonObjects;
import io.github.httpreport.protocol.support.Utf8;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reports to a station of Memphis through its REST gateway. Its settings are immutable; safe for
 * use by many threads, never blocks.
 *
 * <pre>{@code
 * HttpProxySender.builder()
 *     .protocol(MemphisProtocol.builder()
 *         .station("orders").user("app", vault::currentPassword).build())
 *     .nodes("https://gw:4444")
 *     .build()
 * }</pre>
 *
 * <p>An acceptance means that the gateway has handed the messages over to its broker, which has not
 * acknowledged them. Nothing tells the gateway which message was sent before: what is sent twice is
 * there twice. A gateway whose broker is away goes on accepting for about 15 s, and what it accepts
 * then is lost; killed just after a response, it loses what that response accepted. One whose
 * broker stalls answers after 15 s, which is why the request time-out is 20 s by default here. The
 * data time of a call is not sent.
 *
 * <p>By default each request holds one message, kept byte for byte, which is the form that
 * duplicates the least: {@link Builder#batch} says what the other one costs.
 *
 * <p>The one token that all requests share lives in this object and is renewed 30 s before its end.
 * The gateway keeps a connection to its broker for every token it gives, so use one protocol, and
 * one sender, for all stations of a user. Several nodes must be gateways that take each other's
 * tokens.
 *
 * <p>The gateway writes the headers of a request into each of its messages, the token with them,
 * and the token holds user and password in a form that is easy to read: everyone who may read a
 * station may learn the credentials of those who report to it.
 */
public final class MemphisProtocol implements WireProtocol {

  private static final int MAX_BATCH_MESSAGES = 1000;

  /**
   * A stock broker takes 1 MiB with the headers: those of the request, of which a stock gateway
   * takes 4 KiB, and those that the gateway adds.
   */
  private static final int DEFAULT_MAX_MESSAGE_BYTES = (1024 - 8) * 1024;

  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(20);

  /**
   * The gateway's decoder reads 10,000 levels of objects and arrays, that of the batch included.
   */
  private static final JsonObjects IN_BATCH = JsonObjects.nestedTo(9_999);

  private static final Duration MAX_TOKEN_LIFETIME = Duration.ofDays(365);

  private final StationRule station;
  private final Login login;
  private final boolean batch;
  private final int maxRequestBytes;
  private final Framing framing;
  private final MemphisResponses responses;
  private final SharedToken token;

  private MemphisProtocol(Builder builder, Login login) {
    this.login = login;
    station = builder.station;
    batch = builder.batch;
    maxRequestBytes = builder.maxRequestBytes;
    framing = batch ? Framing.JSON_ARRAY : Framing.PLAIN;
    responses = new MemphisResponses(batch, builder.clock);
    token = new SharedToken(login, builder.clock);
  }

  /**
   * Starts from the defaults: the station that the streamId names, one message in a request. {@link
   * Builder#user} or {@link Builder#connectionToken} must be called.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * How many messages one request holds at most.
   *
   * @return 1, or 1000 after {@link Builder#batch}
   */
  @Override
  public int maxBatchMessages() {
    return batch ? MAX_BATCH_MESSAGES : 1;
  }

  @Override
  public long maxRequestBytes(OptionalLong reported) {
    return Math.min(reported.orElse(Long.MAX_VALUE), maxRequestBytes);
  }

  /**
   * Refuses a destination whose station the server would not take.
   *
   * @throws IllegalArgumentException if no station can have the name; the text says what tells it
   */
  @Override
  public void validate(Destination destination) {
    station.of(destination);
  }

  /**
   * Refuses a body that is null, that has a key, that UTF-8 cannot carry, or, after {@link
   * Builder#batch}, that is not one JSON object, is nested deeper than 9,999 levels, or holds a
   * number that no double holds, for which the gateway would refuse the whole batch.
   */
  @Override
  public void validate(Message message) {
    String body = message.body();
    if (body == null) {
      throw new IllegalArgumentException("is null");
    }
    if (message.key() != null) {
      throw new IllegalArgumentException("has a key, which Memphis has no place for");
    }
    if (batch) {
      IN_BATCH.check(body);
    }
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
    return batch ? "memphis-batch" : "memphis-single";
  }

  @Override
  public Payload slice(Payload payload, int from, int to) {
    return framing.slice(payload, from, to);
  }

  @Override
  public Request request(Payload payload, Node node, Instant now) {
    String name = station.of(payload.destination());
    String path = "/stations/" + name + "/produce/" + (batch ? "batch" : "single");
    Request.Builder request =
        Request.post(node.origin(), path)
            .body(payload.bytes(), batch ? "application/json" : "text/plain");
    token.authorize(request, now);
    return request.build();
  }

  /**
   * The station, which the gateway cannot make twice at the same time; and many new stations at
   * once on the connection of one token have been seen to end its process.
   */
  @Override
  public Optional<FirstUse> firstUse(Request request) {
    return Optional.of(
        new FirstUse(new GatewayConnection(request.origin(), Token.of(request)), request.path()));
  }

  /** A gateway's connection to its broker: there is one for each token. */
  private record GatewayConnection(Origin gateway, Optional<String> token) {

    /** Shows no secret. */
    @Override
    public String toString() {
      return "GatewayConnection[" + gateway + ']';
    }
  }

  @Override
  public Verdict classify(Response response) {
    return responses.classify(response);
  }

  @Override
  public boolean isAuthenticated(Instant now) {
    return token.isGood(now);
  }

  @Override
  public boolean isCurrent(Request refused) {
    return token.isCurrent(refused);
  }

  /**
   * A gateway's connection to its broker belongs to a token and may hang for good, for example when
   * a station was deleted: a new token comes with a new connection.
   */
  @Override
  public boolean renewsCredentialsAfter(Request unanswered) {
    return token.suspect(unanswered);
  }

  /**
   * How long a request may take unless the application says otherwise.
   *
   * @return 20 s: a gateway whose broker stalls says so after about 15 s
   */
  @Override
  public Duration requestTimeout() {
    return REQUEST_TIMEOUT;
  }

  @Override
  public CompletionStage<Verdict> authenticate(
      Node node, Optional<Request> refused, Exchange exchange) {
    return token.authenticate(node, refused, exchange);
  }

  /** Shows no secret. */
  @Override
  public String toString() {
    return "MemphisProtocol["
        + station.description()
        + (batch ? ", batch, " : ", single, ")
        + login
        + ']';
  }

  /**
   * Collects settings; not safe for use by several threads. A bad value is refused by name with an
   * {@link IllegalArgumentException}.
   */
  public static final class Builder {
    private StationRule station = StationRule.BY_STREAM;
    private @Nullable Login login;
    private OptionalInt accountId = OptionalInt.empty();
    private @Nullable Duration tokenLifetime;
    private boolean batch;
    private int maxRequestBytes = DEFAULT_MAX_MESSAGE_BYTES;
    private Clock clock = Clock.systemUTC();

    private Builder() {}

    /**
     * Reports to one station, whatever the destination of a call. Default the station that the
     * streamId names; the groupId is not sent.
     *
     * @param name the station: 1 to 128 characters, lower-case letters, digits, {@code _ . -}, the
     *     first and the last a letter or digit. One that does not exist is made by the server
     * @return this builder
     * @throws IllegalArgumentException if no station can have this name
     */
    public Builder station(String name) {
      station = StationRule.fixed(name);
      return this;
    }

    /**
     * Reports to a station for each destination.
     *
     * @param rule from group and stream to the name of the station; called several times for each
     *     batch by many threads, so it must be quick and return the same each time. Where no
     *     station can have the name, the call of the application is refused
     * @return this builder
     */
    public Builder stationBy(Function<Destination, String> rule) {
      station = StationRule.by(requireNonNull(rule, "rule"));
      return this;
    }

    /**
     * Authenticates with a password.
     *
     * @param name the user, not blank
     * @param password supplies the password; called for each authentication, so that it may change,
     *     on a thread that others wait for: it must be quick and must not block. Where it throws,
     *     or returns null or nothing, the requests that wait for a token fail, and a token that is
     *     still good is used on
     * @return this builder
     * @throws IllegalArgumentException if the name is blank
     */
    public Builder user(String name, Supplier<String> password) {
      return login(name, Login.PASSWORD, requireNonNull(password, "password"));
    }

    /**
     * Authenticates with a connection token, where the broker is set up for these. No known gateway
     * survives that: those from 1.2.2 to 1.2.8 give a token, and panic at the first message that
     * comes with it. Use {@link #user} unless yours is known to be another.
     *
     * @param name the user, not blank
     * @param connectionToken supplies the connection token, under the terms of a password
     * @return this builder
     * @throws IllegalArgumentException if the name is blank
     */
    public Builder connectionToken(String name, Supplier<String> connectionToken) {
      return login(
          name, Login.CONNECTION_TOKEN, requireNonNull(connectionToken, "connectionToken"));
    }

    private Builder login(String name, String field, Supplier<String> secret) {
      if (requireNonNull(name, "name").isBlank()) {
        throw new IllegalArgumentException("the name of the user must not be blank");
      }
      login = new Login(name, field, secret);
      return this;
    }

    /**
     * Sets the account of the user. Default the gateway's, which is 1.
     *
     * @param value at least 1
     * @return this builder
     */
    public Builder accountId(int value) {
      accountId = OptionalInt.of(Checks.atLeast(1, value, "accountId"));
      return this;
    }

    /**
     * Sets the lifetime of tokens. Default the gateway's, which is 15 minutes. Longer ones cost the
     * gateway fewer connections.
     *
     * @param value whole minutes, from 1 minute to 365 days
     * @return this builder
     */
    public Builder tokenLifetime(Duration value) {
      boolean whole = value.equals(Duration.ofMinutes(value.toMinutes()));
      if (!whole || value.toMinutes() < 1 || value.compareTo(MAX_TOKEN_LIFETIME) > 0) {
        throw new IllegalArgumentException(
            "tokenLifetime must be whole minutes, from 1 minute to 365 days, but is " + value);
      }
      tokenLifetime = value;
      return this;
    }

    /**
     * Puts one message into a request, which is the default: any text, kept byte for byte. A
     * failure concerns that message alone, so that a retry duplicates no other.
     *
     * @return this builder
     */
    public Builder single() {
      batch = false;
      return this;
    }

    /**
     * Puts a JSON array of up to 1000 messages into a request. Many small messages travel much
     * faster so, at a price:
     *
     * <ul>
     *   <li>each message must be one JSON object, nested at most 9,999 levels deep, with numbers
     *       that a double holds;
     *   <li>the server writes it again: keys sorted, spaces gone, and numbers as doubles, so that
     *       an integer beyond 2<sup>53</sup> comes out as another one;
     *   <li>it stops at the first message that fails and keeps those before it without saying how
     *       many: the whole batch counts as possibly stored, and a retry duplicates what was.
     * </ul>
     *
     * @return this builder
     */
    public Builder batch() {
      batch = true;
      return this;
    }

    /**
     * Sets the limit of a request body. Default 1,040,384 bytes: a stock broker takes 1,048,576 as
     * one message, the headers of the request included, which a long password makes larger. A stock
     * gateway takes bodies of 4 MiB; a larger batch means more duplicates when it fails.
     *
     * @param value in bytes, at least 1
     * @return this builder
     */
    public Builder maxRequestBytes(int value) {
      maxRequestBytes = Checks.atLeast(1, value, "maxRequestBytes");
      return this;
    }

    Builder clock(Clock value) {
      clock = value;
      return this;
    }

    /**
     * The protocol, which gets a token of its own.
     *
     * @return a new protocol
     * @throws IllegalArgumentException if no user is set
     */
    public MemphisProtocol build() {
      if (login == null) {
        throw new IllegalArgumentException("user or connectionToken must be set, but neither is");
      }
      Login complete = login;
      if (accountId.isPresent()) {
        complete = complete.withAccountId(accountId.getAsInt());
      }
      if (tokenLifetime != null) {
        complete = complete.withTokenLifetime(tokenLifetime);
      }
      return new MemphisProtocol(this, complete);
    }
  }
}
