package io.github.httpreport.memphis;

import static java.util.Objects.requireNonNull;

import io.github.httpreport.Destination;
import io.github.httpreport.Message;
import io.github.httpreport.http.Exchange;
import io.github.httpreport.http.Origin;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.node.Node;
import io.github.httpreport.protocol.FirstUse;
import io.github.httpreport.protocol.Framing;
import io.github.httpreport.protocol.JsonObjects;
import io.github.httpreport.protocol.Payload;
import io.github.httpreport.protocol.Utf8;
import io.github.httpreport.protocol.Verdict;
import io.github.httpreport.protocol.WireProtocol;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reports to a station of Memphis through its REST gateway. Its settings are immutable; safe for
 * use by many threads, never blocks.
 *
 * <pre>{@code
 * HttpProxySender.builder()
 *     .protocol(MemphisProtocol.station("orders").user("app", vault::currentPassword))
 *     .nodes("https://gw:4444")
 *     .build()
 * }</pre>
 *
 * <p>An acceptance means that the gateway has handed the messages over to its broker, which has not
 * acknowledged them. Nothing tells the gateway which message was sent before: what is sent twice is
 * there twice. A gateway whose broker is away goes on accepting for about 15 s, and what it accepts
 * then is lost; killed just after an answer, it loses what that answer accepted. One whose broker
 * stalls answers after 15 s, which is why the request time-out is 20 s by default here. The data
 * time of a call is not sent.
 *
 * <p>By default each request holds one message, kept byte for byte, which is the form that
 * duplicates the least: {@link #batch} tells what the other one costs.
 *
 * <p>The one token that all requests share lives in this object and is renewed 30 s before its end.
 * The gateway keeps a connection to its broker for every token it gives, so use one protocol, and
 * one sender, for all stations of a user. Several nodes must be gateways that take each other's
 * tokens.
 *
 * <p>The gateway writes the headers of a request into each of its messages, the token with them,
 * and the token holds user and password in a form that anybody can read: whoever may read a station
 * may learn the credentials of those who report to it.
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

  private static final Duration MAX_TOKEN_LIFE = Duration.ofDays(365);

  private record Settings(
      StationRule station, Login login, boolean batch, int maxRequestBytes, Clock clock) {

    Settings withLogin(Login value) {
      return new Settings(station, value, batch, maxRequestBytes, clock);
    }

    Settings withBatch(boolean value) {
      return new Settings(station, login, value, maxRequestBytes, clock);
    }

    Settings withMaxRequestBytes(int value) {
      return new Settings(station, login, batch, value, clock);
    }

    Settings withClock(Clock value) {
      return new Settings(station, login, batch, maxRequestBytes, value);
    }
  }

  private final Settings settings;
  private final Framing framing;
  private final MemphisAnswers answers;
  private final SharedToken token;

  private MemphisProtocol(Settings settings) {
    this.settings = settings;
    framing = settings.batch() ? Framing.JSON_ARRAY : Framing.PLAIN;
    answers = new MemphisAnswers(settings.batch(), settings.clock());
    token = new SharedToken(settings.login(), settings.clock());
  }

  /**
   * Reports to one station, whatever the destination of a call.
   *
   * @param name the station: 1 to 128 characters, lower-case letters, digits, {@code _ . -}, the
   *     first and the last a letter or digit. One that does not exist is made by the server
   * @return where to name the user
   * @throws IllegalArgumentException if no station can have this name
   */
  public static Stations station(String name) {
    return new Stations(StationRule.fixed(name));
  }

  /**
   * Reports to the station that the streamId names. The groupId is not sent; {@link #stationBy}
   * replaces the rule.
   *
   * @return where to name the user
   */
  public static Stations stationByStream() {
    return new Stations(StationRule.BY_STREAM);
  }

  /**
   * Reports to a station for each destination.
   *
   * @param rule tells the name of the station, asked several times for each batch by many threads,
   *     so it must be quick and answer the same each time. Where no station can have the name it
   *     tells, the call of the application is refused
   * @return where to name the user
   */
  public static Stations stationBy(Function<Destination, String> rule) {
    return new Stations(StationRule.by(requireNonNull(rule, "rule")));
  }

  /** Knows the stations and no user yet. Immutable. */
  public static final class Stations {

    private final StationRule station;

    private Stations(StationRule station) {
      this.station = station;
    }

    /**
     * Authenticates with a password.
     *
     * @param name the user, not blank
     * @param password tells the password; asked for each authentication, so that it may change, on
     *     a thread that others wait for: it must be quick and must not block. Where it throws, or
     *     tells null or nothing, what waits for a token fails, and a token that is still good is
     *     used on
     * @return a new protocol with the defaults of its other settings
     * @throws IllegalArgumentException if the name is blank
     */
    public MemphisProtocol user(String name, Supplier<String> password) {
      return of(name, Login.PASSWORD, requireNonNull(password, "password"));
    }

    /**
     * Authenticates with a connection token, where the broker is set up for these. No known gateway
     * survives that: those from 1.2.2 to 1.2.8 give a token, and panic at the first message that
     * comes with it. Use {@link #user} unless yours is known to be another.
     *
     * @param name the user, not blank
     * @param connectionToken tells the connection token, under the terms of a password
     * @return a new protocol with the defaults of its other settings
     * @throws IllegalArgumentException if the name is blank
     */
    public MemphisProtocol connectionToken(String name, Supplier<String> connectionToken) {
      return of(name, Login.CONNECTION_TOKEN, requireNonNull(connectionToken, "connectionToken"));
    }

    private MemphisProtocol of(String name, String field, Supplier<String> secret) {
      if (requireNonNull(name, "name").isBlank()) {
        throw new IllegalArgumentException("the name of the user must not be blank");
      }
      return new MemphisProtocol(
          new Settings(
              station,
              new Login(name, field, secret),
              false,
              DEFAULT_MAX_MESSAGE_BYTES,
              Clock.systemUTC()));
    }

    @Override
    public String toString() {
      return "Stations[" + station.description() + ']';
    }
  }

  /**
   * The same for a user of another account. Default the gateway's, which is 1.
   *
   * @param value at least 1
   * @return a copy with a token of its own
   * @throws IllegalArgumentException if it is below 1
   */
  public MemphisProtocol accountId(int value) {
    Login login = settings.login().withAccountId(atLeastOne(value, "accountId"));
    return new MemphisProtocol(settings.withLogin(login));
  }

  /**
   * The same with tokens of another lifetime. Default the gateway's, which is 15 minutes. Longer
   * ones cost the gateway fewer connections.
   *
   * @param value whole minutes, from 1 minute to 365 days
   * @return a copy with a token of its own
   * @throws IllegalArgumentException if it is out of range or has a part of a minute
   */
  public MemphisProtocol tokenLifetime(Duration value) {
    boolean whole = value.equals(Duration.ofMinutes(value.toMinutes()));
    if (!whole || value.toMinutes() < 1 || value.compareTo(MAX_TOKEN_LIFE) > 0) {
      throw new IllegalArgumentException(
          "tokenLifetime must be whole minutes, from 1 minute to 365 days, but is " + value);
    }
    return new MemphisProtocol(settings.withLogin(settings.login().withTokenLifetime(value)));
  }

  /**
   * The same with one message in a request, which is the default: any text, kept byte for byte. A
   * failure concerns that message alone, so that a retry duplicates no other.
   *
   * @return a copy with a token of its own
   */
  public MemphisProtocol single() {
    return new MemphisProtocol(settings.withBatch(false));
  }

  /**
   * The same with a JSON array of up to 1000 messages in a request. Many small messages travel much
   * faster so, at a price:
   *
   * <ul>
   *   <li>each message must be one JSON object, nested at most 9,999 levels deep, with numbers that
   *       a double holds;
   *   <li>the server writes it anew: keys sorted, spaces gone, and numbers as doubles, so that an
   *       integer beyond 2<sup>53</sup> comes out as another one;
   *   <li>it stops at the first message that fails and keeps those before it without saying how
   *       many: the whole batch counts as possibly stored, and a retry duplicates what was.
   * </ul>
   *
   * @return a copy with a token of its own
   */
  public MemphisProtocol batch() {
    return new MemphisProtocol(settings.withBatch(true));
  }

  /**
   * The same with another limit of a request body. Default 1,040,384 bytes: a stock broker takes
   * 1,048,576 as one message, the headers of the request included, which a long password makes
   * larger. A stock gateway takes bodies of 4 MiB; a larger batch means more duplicates when it
   * fails.
   *
   * @param value in bytes, at least 1
   * @return a copy with a token of its own
   * @throws IllegalArgumentException if it is below 1
   */
  public MemphisProtocol maxRequestBytes(int value) {
    return new MemphisProtocol(settings.withMaxRequestBytes(atLeastOne(value, "maxRequestBytes")));
  }

  private static int atLeastOne(int value, String name) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, but is " + value);
    }
    return value;
  }

  MemphisProtocol clock(Clock value) {
    return new MemphisProtocol(settings.withClock(value));
  }

  /**
   * How many messages one request holds at most.
   *
   * @return 1, or 1000 after {@link #batch}
   */
  @Override
  public int maxBatchMessages() {
    return settings.batch() ? MAX_BATCH_MESSAGES : 1;
  }

  @Override
  public long maxBatchBytes(OptionalLong reported) {
    return Math.min(reported.orElse(Long.MAX_VALUE), settings.maxRequestBytes());
  }

  /**
   * Refuses a destination whose station the server would not take.
   *
   * @throws IllegalArgumentException if no station can have the name; the text says what tells it
   */
  @Override
  public void check(Destination destination) {
    settings.station().of(destination);
  }

  /**
   * Refuses a body that is null, that has a key, that UTF-8 cannot carry, or, after {@link #batch},
   * that is not one JSON object, is nested deeper than 9,999 levels, or holds a number that no
   * double holds, for which the gateway would refuse the whole batch.
   */
  @Override
  public void check(Message message) {
    String body = message.body();
    if (body == null) {
      throw new IllegalArgumentException("is null");
    }
    if (message.key() != null) {
      throw new IllegalArgumentException("has a key, which Memphis has no place for");
    }
    if (settings.batch()) {
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
  public String name() {
    return settings.batch() ? "memphis-batch" : "memphis-single";
  }

  @Override
  public Payload slice(Payload payload, int from, int to) {
    return framing.slice(payload, from, to);
  }

  @Override
  public Request request(Payload payload, Node node, Instant now) {
    String station = settings.station().of(payload.destination());
    String path = "/stations/" + station + "/produce/" + (settings.batch() ? "batch" : "single");
    Request.Builder request =
        Request.post(node.origin(), path)
            .body(payload.bytes(), settings.batch() ? "application/json" : "text/plain");
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
        new FirstUse(new Connection(request.origin(), Token.of(request)), request.path()));
  }

  /** A gateway's connection to its broker: there is one for each token. */
  private record Connection(Origin gateway, Optional<String> token) {

    /** Tells no secret. */
    @Override
    public String toString() {
      return "Connection[" + gateway + ']';
    }
  }

  @Override
  public Verdict classify(Response response) {
    return answers.classify(response);
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

  /** Tells no secret. */
  @Override
  public String toString() {
    return "MemphisProtocol["
        + settings.station().description()
        + (settings.batch() ? ", batch, " : ", single, ")
        + settings.login()
        + ']';
  }
}
