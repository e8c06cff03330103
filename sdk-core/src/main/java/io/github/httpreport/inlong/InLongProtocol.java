package io.github.httpreport.inlong;

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
import io.github.httpreport.protocol.support.Utf8;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reports to the HTTP source of an InLong DataProxy: a batch is one form whose body field holds the
 * messages with a newline between them. Immutable, safe for use by many threads, never blocks.
 *
 * <p>An acceptance means that the messages are in the memory queue of that node, no more.
 */
public final class InLongProtocol implements WireProtocol {

  /** The count is a mere attribute to the server; this only keeps one failure from being huge. */
  private static final int MAX_BATCH_MESSAGES = 100_000;

  private final FormEncoding encoding;
  private final boolean allowNewlines;
  private final int maxRequestBytes;
  private final InLongForm form;
  private final InLongResponses responses;

  private InLongProtocol(Builder builder) {
    encoding = builder.encoding;
    allowNewlines = builder.allowNewlines;
    maxRequestBytes = builder.maxRequestBytes;
    form = new InLongForm(FormEncoder.of(encoding));
    responses = new InLongResponses(builder.retryUnknownTopic, builder.clock);
  }

  /**
   * The protocol with the defaults that {@link Builder} names.
   *
   * @return a new protocol
   */
  public static InLongProtocol create() {
    return builder().build();
  }

  /**
   * Starts from the defaults.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /** The same for every encoding: a node reads them all, and so does this class. */
  @Override
  public String payloadFormat() {
    return "InLong";
  }

  /**
   * How many messages one request holds at most.
   *
   * @return 100,000
   */
  @Override
  public int maxBatchMessages() {
    return MAX_BATCH_MESSAGES;
  }

  @Override
  public long maxRequestBytes(OptionalLong reported) {
    return reported.orElse(maxRequestBytes);
  }

  /**
   * Refuses a body that is null or blank, that has a key, that holds half a surrogate pair, or that
   * holds a newline unless {@link Builder#allowNewlines} was set.
   */
  @Override
  public void validate(Message message) {
    String body = message.body();
    if (body == null) {
      throw new IllegalArgumentException("is null");
    }
    if (body.isBlank()) {
      throw new IllegalArgumentException("is blank");
    }
    if (message.key() != null) {
      throw new IllegalArgumentException("has a key, which InLong has no place for");
    }
    int newline = allowNewlines ? -1 : body.indexOf('\n');
    if (newline >= 0) {
      throw new IllegalArgumentException(
          "holds a newline at index " + newline + ", where InLong would split it in two");
    }
    Utf8.check(body);
  }

  @Override
  public long sizeOf(Message message) {
    return form.sizeOf(message);
  }

  @Override
  public long overheadOf(Destination destination) {
    return form.overheadOf(destination);
  }

  /**
   * Refuses ids that UTF-8 cannot carry.
   *
   * @throws IllegalArgumentException if an id holds half a surrogate pair; the text names which
   */
  @Override
  public void validate(Destination destination) {
    Utf8.check("groupId", destination.groupId());
    Utf8.check("streamId", destination.streamId());
  }

  @Override
  public Payload encode(Destination destination, List<Message> messages, Instant dataTime) {
    return form.encode(destination, messages, dataTime);
  }

  @Override
  public Payload slice(Payload payload, int from, int to) {
    return form.slice(payload, from, to);
  }

  @Override
  public Request request(Payload payload, Node node, Instant now) {
    return Request.post(node.origin(), "/dataproxy/message")
        .body(payload.bytes(), InLongForm.CONTENT_TYPE)
        .build();
  }

  @Override
  public Verdict classify(Response response) {
    return responses.classify(response);
  }

  @Override
  public Optional<Request> probe(Node node) {
    return Optional.of(Request.get(node.origin(), "/dataproxy/heartbeat").build());
  }

  @Override
  public String toString() {
    return "InLongProtocol[" + encoding + ']';
  }

  /** Collects the settings of the protocol; not safe for use by several threads. */
  public static final class Builder {
    private FormEncoding encoding = FormEncoding.STANDARD;
    private boolean allowNewlines;
    private boolean retryUnknownTopic;
    private int maxRequestBytes = 524_288;
    private Clock clock = Clock.systemUTC();

    private Builder() {}

    /**
     * How bodies are written into the form. Default {@link FormEncoding#STANDARD}.
     *
     * @param value the encoding
     * @return this builder
     */
    public Builder encoding(FormEncoding value) {
      encoding = requireNonNull(value, "encoding");
      return this;
    }

    /**
     * Whether a body may hold newlines. Default false, because InLong keeps the messages of a batch
     * apart by newlines alone: later readers see such a body as several messages.
     *
     * @param value true to send them nevertheless
     * @return this builder
     */
    public Builder allowNewlines(boolean value) {
      allowNewlines = value;
      return this;
    }

    /**
     * Whether to try again when a node does not know the group or stream (code 115). Default false.
     * Useful where streams are made shortly before they are used: some nodes learn of them later
     * than others.
     *
     * @param value true to try again
     * @return this builder
     */
    public Builder retryUnknownTopic(boolean value) {
      retryUnknownTopic = value;
      return this;
    }

    /**
     * The largest request body when the cluster does not report one. Default 524,288 bytes, which
     * the configuration that ships with InLong sets; a DataProxy without it takes 65,536.
     *
     * @param value in bytes, encoded, at least 1
     * @return this builder
     * @throws IllegalArgumentException if it is below 1
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
     * The protocol.
     *
     * @return a new protocol
     */
    public InLongProtocol build() {
      return new InLongProtocol(this);
    }
  }
}
