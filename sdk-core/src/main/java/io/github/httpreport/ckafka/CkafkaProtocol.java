package io.github.httpreport.ckafka;

import static java.util.Objects.requireNonNull;

import io.github.httpreport.Destination;
import io.github.httpreport.Message;
import io.github.httpreport.common.Checks;
import io.github.httpreport.http.Exchange;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.node.Node;
import io.github.httpreport.node.NodeSource;
import io.github.httpreport.protocol.Payload;
import io.github.httpreport.protocol.Verdict;
import io.github.httpreport.protocol.WireProtocol;
import io.github.httpreport.protocol.support.Utf8;
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
import org.jspecify.annotations.Nullable;

/**
 * Reports to Tencent Cloud CKafka DataHub by its SendMessage call. Knows where that server is, so
 * that a sender needs neither Manager nor nodes:
 *
 * <pre>{@code
 * HttpProxySender.builder()
 *     .protocol(CkafkaProtocol.dataHub("datahub-x", credentials))
 *     .build()
 * }</pre>
 *
 * <p>Every attempt has a signature of its own (TC3-HMAC-SHA256). Where this machine's clock is more
 * than five minutes wrong, the server's is learned from its refusal and the request signed again,
 * once; where the server no longer takes the session token, the supplier of the credentials is
 * asked again, once. An acceptance means that DataHub has the messages, and gives each an id of its
 * own. Keys of messages are sent. The data time of a message is not: the server has no place for
 * it.
 *
 * <p>Safe for use by many threads, never blocks.
 */
public final class CkafkaProtocol implements WireProtocol {

  /** Decimal, because the documentation does not say which megabyte it means. */
  private static final int MAX_BATCH_BYTES = 5_000_000;

  private static final int MAX_BATCH_MESSAGES = 500;

  /** The ids of 500 messages with long topic names. */
  private static final int MAX_RESPONSE_BYTES = 1 << 20;

  private static final Duration MAX_PAUSE = Duration.ofDays(1);
  private static final String CONTENT_TYPE = "application/json; charset=utf-8";

  private final Function<Destination, String> dataHubs;
  private final Supplier<CkafkaCredentials> credentials;
  private final Access access;
  private final Clock clock;
  private final Tc3Signer signer;
  private final ClockOffset offset;
  private final CkafkaResponses responses;

  private CkafkaProtocol(Builder builder, Supplier<CkafkaCredentials> credentials) {
    this.credentials = credentials;
    dataHubs = builder.dataHubs;
    access = builder.access;
    clock = builder.clock;
    signer = new Tc3Signer(access.hostHeader(), CONTENT_TYPE, access.service());
    offset = new ClockOffset(clock);
    responses = new CkafkaResponses(builder.pauseWhenRefused, offset, clock);
  }

  /**
   * Starts from the defaults: the streamId of a message is the id of its DataHub, and the groupId
   * is not used. {@link Builder#credentials(CkafkaCredentials)} must be called.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Reports everything to one DataHub, with the defaults of all other settings.
   *
   * @param id see {@link Builder#dataHub}
   * @param credentials to sign with
   * @return a new protocol
   * @throws IllegalArgumentException if the id is none
   */
  public static CkafkaProtocol dataHub(String id, CkafkaCredentials credentials) {
    return builder().dataHub(id).credentials(credentials).build();
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
   * @param reported the limit that the node source reported, if any
   * @return 5,000,000 bytes, or less where less was reported
   */
  @Override
  public long maxRequestBytes(OptionalLong reported) {
    return Math.min(MAX_BATCH_BYTES, reported.orElse(MAX_BATCH_BYTES));
  }

  /**
   * Refuses a destination whose DataHub has an id that is none.
   *
   * @throws IllegalArgumentException if it has; the text says why
   */
  @Override
  public void validate(Destination destination) {
    dataHubOf(destination);
  }

  private String dataHubOf(Destination destination) {
    return DataHubId.require(dataHubs.apply(destination), "the DataHub id of " + destination);
  }

  /** Refuses a body or a key that holds half a surrogate pair, which UTF-8 cannot carry. */
  @Override
  public void validate(Message message) {
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
  public String payloadFormat() {
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
    return responses.classify(response);
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
            .<Verdict>map(why -> Verdict.Rejected.of("", why))
            .orElseGet(() -> Verdict.Accepted.of(""));
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
  public Optional<NodeSource> defaultNodes() {
    return Optional.of(NodeSource.fixed(List.of(access.node())));
  }

  /** Shows no secret. */
  @Override
  public String toString() {
    return "CkafkaProtocol[" + access.node() + ']';
  }

  /**
   * Collects settings; not safe for use by several threads. A bad value is refused by name with an
   * {@link IllegalArgumentException}.
   */
  public static final class Builder {
    private Function<Destination, String> dataHubs = Destination::streamId;
    private @Nullable Supplier<CkafkaCredentials> credentials;
    private Access access = Access.DEFAULT;
    private Duration pauseWhenRefused = Duration.ofSeconds(30);
    private Clock clock = Clock.systemUTC();

    private Builder() {}

    /**
     * Reports everything to one DataHub, whatever the destination of a call. Default the DataHub
     * that the streamId names.
     *
     * @param id its id, for example {@code datahub-lz0example}: letters, digits, dots, dashes and
     *     underscores, at most 128
     * @return this builder
     */
    public Builder dataHub(String id) {
      DataHubId.require(id, "dataHubId");
      dataHubs = destination -> id;
      return this;
    }

    /**
     * Reports to a DataHub for each destination.
     *
     * @param rule from group and stream to the id of the DataHub; the same for the same, quick,
     *     called from any thread
     * @return this builder
     */
    public Builder dataHubBy(Function<Destination, String> rule) {
      dataHubs = requireNonNull(rule, "rule");
      return this;
    }

    /**
     * Signs with these credentials.
     *
     * @param value the credentials
     * @return this builder
     */
    public Builder credentials(CkafkaCredentials value) {
      requireNonNull(value, "credentials");
      return credentials(() -> value);
    }

    /**
     * Signs with credentials that change while the sender runs.
     *
     * @param value called before every attempt, from any thread; must be quick and must not block.
     *     Where it throws, the delivery ends with an AuthenticationException
     * @return this builder
     */
    public Builder credentials(Supplier<CkafkaCredentials> value) {
      credentials = requireNonNull(value, "credentials");
      return this;
    }

    /**
     * Sets the region in the header X-TC-Region. Default none. It does not change the endpoint: the
     * global one serves every region.
     *
     * @param value for example {@code ap-guangzhou}
     * @return this builder
     */
    public Builder region(String value) {
      access = access.withRegion(value);
      return this;
    }

    /**
     * Sets the address that is connected to, and the host that requests are signed for unless
     * {@link #host} names another. Default {@code https://ckafka.tencentcloudapi.com}, which
     * Tencent's own client uses; {@code https://ckafka.<region>.tencentcloudapi.com} stays within a
     * region. Nodes that the sender is given go before it as the address and leave the host.
     *
     * @param url {@code https://host} or {@code http://host}, and a port where it is not the usual
     * @return this builder
     */
    public Builder endpoint(String url) {
      access = access.withNode(url);
      return this;
    }

    /**
     * Sets the host that requests name and are signed for, where a gateway stands before the
     * server. Default that of {@link #endpoint}.
     *
     * @param value exactly as in the Host header
     * @return this builder
     */
    public Builder host(String value) {
      access = access.withHost(value);
      return this;
    }

    /**
     * Sets the name of the service that requests are signed for. Default {@code ckafka}.
     *
     * @param value letters, digits, dashes and underscores
     * @return this builder
     */
    public Builder service(String value) {
      access = access.withService(value);
      return this;
    }

    /**
     * Sets the wait before another try where the task is paused, an operation denied or a limit of
     * the account reached, none of which passes in a moment. Default 30 s.
     *
     * @param value from zero to one day
     * @return this builder
     */
    public Builder pauseWhenRefused(Duration value) {
      pauseWhenRefused = Checks.atMost(MAX_PAUSE, value, "pauseWhenRefused");
      return this;
    }

    Builder clock(Clock value) {
      clock = value;
      return this;
    }

    /**
     * The protocol.
     *
     * @return a new protocol
     * @throws IllegalArgumentException if no credentials are set
     */
    public CkafkaProtocol build() {
      if (credentials == null) {
        throw new IllegalArgumentException("credentials must be set, but are not");
      }
      return new CkafkaProtocol(this, credentials);
    }
  }
}
