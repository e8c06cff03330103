package io.github.httpreport.ckafka;

import static java.util.Objects.requireNonNull;

import io.github.httpreport.Destination;
import io.github.httpreport.Message;
import io.github.httpreport.http.Exchange;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.node.Node;
import io.github.httpreport.node.NodeSource;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reports to Tencent Cloud CKafka DataHub by its SendMessage call. Knows where that server is, so
 * that a sender needs neither Manager nor nodes:
 *
 * <pre>{@code
 * HttpProxySender.builder()
 *     .protocol(CkafkaProtocol.dataHub("datahub-x", credentials).region("ap-guangzhou"))
 *     .build()
 * }</pre>
 *
 * <p>Every attempt is signed anew (TC3-HMAC-SHA256). Where this machine's clock is more than five
 * minutes wrong, the server's is learned from its refusal and the request signed again, once; where
 * the server no longer takes the session token, the supplier of the credentials is asked again,
 * once. An acceptance means that DataHub has the messages, and gives each an id of its own. Keys of
 * messages are sent. The data time of a message is not: the server has no place for it.
 *
 * <p>The settings are immutable: each method that sets one returns a new protocol. Safe for use by
 * many threads, never blocks.
 */
public final class CkafkaProtocol implements WireProtocol {

  /** Decimal, because nobody has said which of the two megabytes is meant. */
  private static final int MAX_BATCH_BYTES = 5_000_000;

  private static final int MAX_BATCH_MESSAGES = 500;

  /** The ids of 500 messages with long topic names. */
  private static final int MAX_RESPONSE_BYTES = 1 << 20;

  private static final Duration MAX_PAUSE = Duration.ofDays(1);
  private static final String CONTENT_TYPE = "application/json; charset=utf-8";

  private final Function<Destination, String> dataHubs;
  private final Supplier<CkafkaCredentials> credentials;
  private final Access access;
  private final Duration pauseWhenRefused;
  private final Clock clock;
  private final Tc3Signer signer;
  private final ClockOffset offset;
  private final CkafkaAnswers answers;

  private CkafkaProtocol(
      Function<Destination, String> dataHubs,
      Supplier<CkafkaCredentials> credentials,
      Access access,
      Duration pauseWhenRefused,
      Clock clock) {
    this.dataHubs = dataHubs;
    this.credentials = credentials;
    this.access = access;
    this.pauseWhenRefused = pauseWhenRefused;
    this.clock = clock;
    signer = new Tc3Signer(access.hostHeader(), CONTENT_TYPE, access.service());
    offset = new ClockOffset(clock);
    answers = new CkafkaAnswers(pauseWhenRefused, offset, clock);
  }

  /**
   * Reports everything to one DataHub, whatever group and stream are named.
   *
   * @param dataHubId its id, for example {@code datahub-lz0example}: letters, digits, dots, dashes
   *     and underscores, at most 128
   * @param credentials to sign with
   * @return a new protocol
   * @throws IllegalArgumentException if the id is none
   */
  public static CkafkaProtocol dataHub(String dataHubId, CkafkaCredentials credentials) {
    return dataHub(dataHubId, always(credentials));
  }

  /**
   * Reports everything to one DataHub, with credentials that change while the sender runs.
   *
   * @param dataHubId its id
   * @param credentials asked before every attempt, from any thread; must be quick and must not
   *     block. Where it throws, the delivery ends with an AuthenticationException
   * @return a new protocol
   * @throws IllegalArgumentException if the id is none
   */
  public static CkafkaProtocol dataHub(String dataHubId, Supplier<CkafkaCredentials> credentials) {
    DataHubId.require(dataHubId, "dataHubId");
    return dataHub(credentials).dataHubId(destination -> dataHubId);
  }

  /**
   * Reports to many DataHubs: the streamId of a message is the id of its DataHub, and the groupId
   * says nothing. {@link #dataHubId} sets another rule.
   *
   * @param credentials to sign with
   * @return a new protocol
   */
  public static CkafkaProtocol dataHub(CkafkaCredentials credentials) {
    return dataHub(always(credentials));
  }

  /**
   * Reports to many DataHubs, with credentials that change while the sender runs.
   *
   * @param credentials asked before every attempt, from any thread; must be quick and must not
   *     block
   * @return a new protocol
   */
  public static CkafkaProtocol dataHub(Supplier<CkafkaCredentials> credentials) {
    return new CkafkaProtocol(
        Destination::streamId,
        requireNonNull(credentials, "credentials"),
        Access.DEFAULT,
        Duration.ofSeconds(30),
        Clock.systemUTC());
  }

  private static Supplier<CkafkaCredentials> always(CkafkaCredentials credentials) {
    requireNonNull(credentials, "credentials");
    return () -> credentials;
  }

  /**
   * Finds the DataHub of a message by a rule of the application's own.
   *
   * @param rule from group and stream to the id of the DataHub; the same for the same, quick, asked
   *     from any thread
   * @return a new protocol with this setting
   */
  public CkafkaProtocol dataHubId(Function<Destination, String> rule) {
    return new CkafkaProtocol(
        requireNonNull(rule, "rule"), credentials, access, pauseWhenRefused, clock);
  }

  /**
   * The region in the header X-TC-Region. Default none. It does not change the endpoint: the global
   * one serves every region.
   *
   * @param region for example {@code ap-guangzhou}
   * @return a new protocol with this setting
   * @throws IllegalArgumentException if it is none
   */
  public CkafkaProtocol region(String region) {
    return with(access.withRegion(region));
  }

  /**
   * The address that is connected to, and the host that requests are signed for unless {@link
   * #host} names another. Default {@code https://ckafka.tencentcloudapi.com}, which Tencent's own
   * client uses; {@code https://ckafka.<region>.tencentcloudapi.com} stays within a region. Nodes
   * that the sender is given, go before it as the address and leave the host.
   *
   * @param url {@code https://host} or {@code http://host}, and a port where it is not the usual
   * @return a new protocol with this setting
   * @throws IllegalArgumentException if it is none
   */
  public CkafkaProtocol endpoint(String url) {
    return with(access.withNode(url));
  }

  /**
   * The host that requests name and are signed for, where a gateway stands before the server.
   * Default that of {@link #endpoint}.
   *
   * @param host exactly as in the Host header
   * @return a new protocol with this setting
   * @throws IllegalArgumentException if it is none
   */
  public CkafkaProtocol host(String host) {
    return with(access.withHost(host));
  }

  /**
   * The name of the service that requests are signed for. Default {@code ckafka}.
   *
   * @param service letters, digits, dashes and underscores
   * @return a new protocol with this setting
   * @throws IllegalArgumentException if it is none
   */
  public CkafkaProtocol service(String service) {
    return with(access.withService(service));
  }

  /**
   * How long to wait before trying again where the task is paused, an operation denied or a limit
   * of the account reached, none of which passes in a moment. Default 30 s.
   *
   * @param pause from zero to one day
   * @return a new protocol with this setting
   * @throws IllegalArgumentException if it is out of range
   */
  public CkafkaProtocol pauseWhenRefused(Duration pause) {
    if (pause.isNegative() || pause.compareTo(MAX_PAUSE) > 0) {
      throw new IllegalArgumentException(
          "pauseWhenRefused must be from zero to one day, but is " + pause);
    }
    return new CkafkaProtocol(dataHubs, credentials, access, pause, clock);
  }

  private CkafkaProtocol with(Access changed) {
    return new CkafkaProtocol(dataHubs, credentials, changed, pauseWhenRefused, clock);
  }

  CkafkaProtocol clock(Clock value) {
    return new CkafkaProtocol(dataHubs, credentials, access, pauseWhenRefused, value);
  }

  /**
   * How many messages one request holds at most.
   *
   * @return 500
   */
  @Override
  public int maxBatchMessages() {
    return MAX_BATCH_MESSAGES;
  }

  /**
   * How large a request body may be.
   *
   * @param reported what the node source told, if any
   * @return 5,000,000 bytes, or less where less was told
   */
  @Override
  public long maxBatchBytes(OptionalLong reported) {
    return Math.min(MAX_BATCH_BYTES, reported.orElse(MAX_BATCH_BYTES));
  }

  /**
   * Refuses a destination whose DataHub has an id that is none.
   *
   * @throws IllegalArgumentException if it has; the text says why
   */
  @Override
  public void check(Destination destination) {
    dataHubOf(destination);
  }

  private String dataHubOf(Destination destination) {
    return DataHubId.require(dataHubs.apply(destination), "the DataHub id of " + destination);
  }

  /** Refuses a body or a key that holds half a surrogate pair, which UTF-8 cannot carry. */
  @Override
  public void check(Message message) {
    if (message.body() == null) {
      throw new IllegalArgumentException("is null");
    }
    Utf8.check(message.body());
    if (message.key() != null) {
      checkKey(message.key());
    }
  }

  private static void checkKey(String key) {
    try {
      Utf8.check(key);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("has a key that " + e.getMessage(), e);
    }
  }

  @Override
  public long sizeOf(Message message) {
    return SendMessageJson.sizeOf(message);
  }

  @Override
  public long overheadOf(Destination destination) {
    return SendMessageJson.overheadOf(dataHubOf(destination));
  }

  @Override
  public Payload encode(Destination destination, List<Message> messages, Instant dataTime) {
    return SendMessageJson.encode(dataHubOf(destination), destination, messages);
  }

  @Override
  public String name() {
    return "ckafka";
  }

  @Override
  public Payload slice(Payload payload, int from, int to) {
    return SendMessageJson.slice(dataHubOf(payload.destination()), payload, from, to);
  }

  @Override
  public Request request(Payload payload, Node node, Instant now) {
    CkafkaCredentials signing = credentials.get();
    Instant time = offset.atServer(now);
    Request.Builder request =
        Request.post(node.origin(), "/")
            .host(access.hostHeader())
            .header("X-TC-Action", "SendMessage")
            .header("X-TC-Version", "2019-08-19")
            .header("X-TC-Timestamp", Long.toString(time.getEpochSecond()))
            .header("Authorization", signer.authorization(signing, time, payload.bytes()))
            .maxResponseBytes(MAX_RESPONSE_BYTES)
            .body(payload.bytes(), CONTENT_TYPE);
    if (access.region() != null) {
      request.header("X-TC-Region", access.region());
    }
    if (signing.sessionToken() != null) {
      request.header("X-TC-Token", signing.sessionToken());
    }
    return request.build();
  }

  @Override
  public Verdict classify(Response response) {
    return answers.classify(response);
  }

  /** Whether the supplier gives credentials. */
  @Override
  public boolean isAuthenticated(Instant now) {
    return whyNoCredentials().isEmpty();
  }

  /** Nothing has to be fetched: the next request asks the supplier and the learned clock. */
  @Override
  public CompletionStage<Verdict> authenticate(
      Node node, Optional<Request> refused, Exchange exchange) {
    Verdict verdict =
        whyNoCredentials()
            .<Verdict>map(why -> new Verdict.Rejected("", why))
            .orElseGet(() -> new Verdict.Accepted(""));
    return CompletableFuture.completedFuture(verdict);
  }

  /** Not with the words of what was thrown: they are the application's and may hold a secret. */
  private Optional<String> whyNoCredentials() {
    try {
      return credentials.get() == null
          ? Optional.of("the supplier of the credentials gave none")
          : Optional.empty();
    } catch (RuntimeException e) {
      return Optional.of("the supplier of the credentials threw " + e.getClass().getSimpleName());
    }
  }

  /**
   * The endpoint.
   *
   * @return one node, for every group
   */
  @Override
  public Optional<NodeSource> nodes() {
    return Optional.of(NodeSource.fixed(List.of(access.node())));
  }

  /** Tells no secret. */
  @Override
  public String toString() {
    return "CkafkaProtocol[" + access.node() + ']';
  }
}
