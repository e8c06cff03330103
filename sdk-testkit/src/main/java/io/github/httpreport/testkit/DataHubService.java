package io.github.httpreport.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.httpreport.testkit.Tc3Check.Keys;
import io.github.httpreport.testkit.Tc3Check.Refusal;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Answers SendMessage as Tencent's API does, and stores what it takes. For all connections. */
final class DataHubService implements Service {

  /** More than any limit of the API itself, which answers what is over its limits. */
  private static final int MAX_READ_BYTES = 16 << 20;

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /**
   * State that the responses depend on, apart from the request.
   *
   * @param dataHubs the ids that are known; empty when all are
   * @param plainIds whether the ids of messages are written as text and not as hexadecimal digits
   */
  record ServiceSettings(
      Set<String> dataHubs, int maxMessages, int maxBytes, boolean plainIds, String service) {}

  private final ServiceSettings settings;
  private final Clock clock;
  private final Supplier<Keys> keys;
  private final Store<DataHubMessage> store;
  private final RateLimit limit;
  private final Tc3Check signatures;
  private final AtomicLong offset = new AtomicLong();

  DataHubService(
      ServiceSettings settings,
      Clock clock,
      Supplier<Keys> keys,
      Store<DataHubMessage> store,
      RateLimit limit) {
    this.settings = settings;
    this.clock = clock;
    this.keys = keys;
    this.store = store;
    this.limit = limit;
    signatures = new Tc3Check(settings.service());
  }

  @Override
  public int maxBytes() {
    return MAX_READ_BYTES;
  }

  @Override
  public Reply undecodable(String received) {
    return DataHubReplies.reply("400 Bad Request", "", clock.instant(), true);
  }

  @Override
  public Reply response(ReceivedRequest request) {
    RequestHead head = request.head();
    boolean known = head.method().equals("POST") && head.rawPath().equals("/");
    String status = known ? "200 OK" : "404 Not Found";
    String json = known ? json(request) : "";
    return DataHubReplies.reply(status, json, clock.instant(), head.saysClose());
  }

  private String json(ReceivedRequest request) {
    try {
      requireCall(request.head());
      requireAllowed(request);
      return DataHubReplies.accepted(store(body(request)));
    } catch (RefusedException e) {
      return DataHubReplies.error(e.code, e.text());
    } catch (RuntimeException e) {
      return DataHubReplies.error("InternalError", "An internal error has occurred.");
    }
  }

  private static void requireCall(RequestHead head) throws RefusedException {
    if (!"SendMessage".equals(head.header("x-tc-action"))) {
      throw new RefusedException("InvalidAction", "The action is not known.");
    }
    if (!"2019-08-19".equals(head.header("x-tc-version"))) {
      throw new RefusedException("NoSuchVersion", "The version does not exist.");
    }
  }

  private void requireAllowed(ReceivedRequest request) throws RefusedException {
    if (!limit.lets(clock.instant())) {
      throw new RefusedException("RequestLimitExceeded", "Too many requests in this second.");
    }
    Refusal refusal = signatures.refusal(request, keys.get(), clock.instant());
    if (refusal != null) {
      throw new RefusedException("AuthFailure." + refusal.code(), refusal.text());
    }
    if (request.length() > settings.maxBytes()) {
      throw new RefusedException("RequestSizeLimitExceeded", "The request is too large.");
    }
  }

  private JsonNode body(ReceivedRequest request) throws RefusedException {
    JsonNode body;
    try {
      body = JSON.readTree(new String(request.body(), 0, request.length(), UTF_8));
    } catch (IOException notJson) {
      throw new RefusedException("InvalidRequest", "The request is no JSON.");
    }
    requireFields(body, Set.of("DataHubId", "Message"));
    if (!body.path("DataHubId").isTextual() || !body.path("Message").isArray()) {
      throw new RefusedException("MissingParameter", "DataHubId or Message is missing.");
    }
    String hub = body.get("DataHubId").textValue();
    if (!settings.dataHubs().isEmpty() && !settings.dataHubs().contains(hub)) {
      throw new RefusedException("ResourceNotFound", "There is no DataHub " + hub + ".");
    }
    int messages = body.get("Message").size();
    if (messages < 1 || messages > settings.maxMessages()) {
      throw new RefusedException("InvalidParameterValue", messages + " messages in one request.");
    }
    return body;
  }

  private static void requireFields(JsonNode object, Set<String> known) throws RefusedException {
    for (var field : object.properties()) {
      if (!known.contains(field.getKey())) {
        throw new RefusedException("UnknownParameter", "A parameter is not known.");
      }
    }
  }

  private List<String> store(JsonNode body) throws RefusedException {
    String hub = body.get("DataHubId").textValue();
    List<DataHubMessage> messages = new ArrayList<>();
    for (JsonNode message : body.get("Message")) {
      requireFields(message, Set.of("Body", "Key"));
      JsonNode key = message.path("Key");
      if (!message.path("Body").isTextual() || !(key.isMissingNode() || key.isTextual())) {
        throw new RefusedException("InvalidParameter", "Body and Key are strings.");
      }
      messages.add(
          new DataHubMessage(hub, message.get("Body").textValue(), key.textValue(), nextId(hub)));
    }
    store.add(messages);
    return messages.stream().map(DataHubMessage::messageId).toList();
  }

  private String nextId(String hub) {
    String id = hub + ":topic:0:" + offset.getAndIncrement();
    return settings.plainIds() ? id : HexFormat.of().formatHex(id.getBytes(UTF_8));
  }

  /** Ends a request with an error. */
  private static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String code;

    RefusedException(String code, String text) {
      super(text);
      this.code = code;
    }

    String text() {
      return String.valueOf(getMessage());
    }
  }
}
