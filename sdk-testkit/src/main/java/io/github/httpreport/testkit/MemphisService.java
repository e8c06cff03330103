package io.github.httpreport.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Answers requests as the Memphis gateway does. Shared by all connections. */
final class MemphisService implements Service {

  private static final String AUTHENTICATE = "/auth/authenticate";
  private static final String STATUS = "/monitoring/status";
  private static final Pattern PRODUCE =
      Pattern.compile("(?i)/stations/([^/]+)/produce/(single|batch)/?");
  private static final String NO_LOGIN =
      "Some of your fields are not valid it is usually because you are missing some fields or you"
          + " are sending wrong data types, also please notice that account_id field should be sent"
          + " as a number rather than a string";
  private static final String JSON_TYPE = "application/json";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MILLIS_OF_A_MINUTE = 60_000;

  /**
   * State that the responses depend on, apart from the request and the switches.
   *
   * @param version whose answers these are
   * @param maxBodyBytes the limit of a body
   * @param maxHeadBytes the limit of a request line and its headers
   * @param tokenLifetime of a token whose request names no other
   * @param clock that tokens are signed and checked with
   */
  record ServiceSettings(
      LocalMemphis.Version version,
      int maxBodyBytes,
      int maxHeadBytes,
      Duration tokenLifetime,
      Clock clock) {}

  private final ServiceSettings settings;
  private final MemphisBroker broker;
  private final MemphisTokens tokens = new MemphisTokens();
  private final FaultPlan authenticationFaults = new FaultPlan();
  private final AtomicLong authentications = new AtomicLong();
  private final Map<String, String> passwords = new ConcurrentHashMap<>();
  private final Map<String, String> connectionTokens = new ConcurrentHashMap<>();

  MemphisService(ServiceSettings settings, MemphisBroker broker) {
    this.settings = settings;
    this.broker = broker;
  }

  void password(String user, String password) {
    passwords.put(user, password);
  }

  void connectionToken(String user, String token) {
    connectionTokens.put(user, token);
  }

  MemphisTokens tokens() {
    return tokens;
  }

  FaultPlan authenticationFaults() {
    return authenticationFaults;
  }

  long authentications() {
    return authentications.get();
  }

  @Override
  public boolean meetsFaults(RequestHead head) {
    return !is(AUTHENTICATE, head);
  }

  @Override
  public @Nullable Fault fault(RequestHead head, FaultPlan faults) {
    FaultPlan plan = meetsFaults(head) ? faults : authenticationFaults;
    return plan.take(FaultPlan.ON_REQUEST);
  }

  @Override
  public int maxBytes() {
    return settings.maxBodyBytes();
  }

  @Override
  public Reply undecodable(String received) {
    return MemphisReplies.undecodable(received);
  }

  @Override
  public Reply headTooLarge() {
    return MemphisReplies.headTooLarge();
  }

  @Override
  public Reply tooLarge(boolean close) {
    return MemphisReplies.tooLarge();
  }

  @Override
  public Reply response(ReceivedRequest request) {
    RequestHead head = request.head();
    if (sizeOf(head) > settings.maxHeadBytes()) {
      return MemphisReplies.headTooLarge();
    }
    Reply reply = decide(request);
    return head.saysClose() || head.isHttp10() ? MemphisReplies.closing(reply) : reply;
  }

  private static int sizeOf(RequestHead head) {
    int size = head.method().length() + head.uri().length() + " HTTP/1.1\r\n\r\n".length() + 1;
    for (Map.Entry<String, String> header : head.headers().entrySet()) {
      size += header.getKey().length() + header.getValue().length() + ": \r\n".length();
    }
    return size;
  }

  private Reply decide(ReceivedRequest request) {
    RequestHead head = request.head();
    boolean post = head.method().equals("POST");
    if (is(AUTHENTICATE, head)) {
      return post ? authenticate(request) : MemphisReplies.methodNotAllowed();
    }
    if (is(STATUS, head) && head.method().equals("GET")) {
      return MemphisReplies.json(200, MemphisReplies.object().put("status", "ok"));
    }
    Optional<JsonNode> claims =
        bearer(head).flatMap(token -> tokens.verify(token, settings.clock().instant()));
    if (claims.isEmpty()) {
      return MemphisReplies.message(401, "Unauthorized");
    }
    Matcher path = PRODUCE.matcher(head.rawPath());
    if (!path.matches()) {
      return MemphisReplies.text(404, "Cannot " + head.method() + ' ' + head.rawPath());
    }
    if (!post) {
      return MemphisReplies.methodNotAllowed();
    }
    RequestSource origin =
        new RequestSource(
            path.group(1).toLowerCase(Locale.ROOT),
            head.headers(),
            claims.get().path("username").asText());
    return path.group(2).equalsIgnoreCase("single")
        ? single(request, origin)
        : batch(request, origin);
  }

  /** In any case, and with one slash more or not. */
  private static boolean is(String path, RequestHead head) {
    String raw = head.rawPath();
    return raw.equalsIgnoreCase(path) || raw.equalsIgnoreCase(path + '/');
  }

  private static Optional<String> bearer(RequestHead head) {
    String[] parts = head.headers().getOrDefault("authorization", "").split(" ", -1);
    return parts.length == 2 ? Optional.of(parts[1]) : Optional.empty();
  }

  private Reply authenticate(ReceivedRequest request) {
    authentications.incrementAndGet();
    Optional<JsonNode> asked = object(request).filter(MemphisService::isLogin);
    if (asked.isEmpty()) {
      return MemphisReplies.message(400, NO_LOGIN);
    }
    String user = asked.get().path("username").asText();
    if (user.isEmpty()) {
      return MemphisReplies.required("Username");
    }
    String password = asked.get().path("password").asText();
    String connectionToken = asked.get().path("connection_token").asText();
    boolean known =
        password.isEmpty()
            ? connectionToken.equals(connectionTokens.get(user))
            : password.equals(passwords.get(user));
    return known
        ? token(asked.get(), MemphisTokens.claims().put("username", user))
        : MemphisReplies.message(401, "Unauthorized");
  }

  private static Optional<JsonNode> object(ReceivedRequest request) {
    String type = request.head().headers().getOrDefault("content-type", "");
    if (!type.toLowerCase(Locale.ROOT).startsWith(JSON_TYPE)) {
      return Optional.empty();
    }
    try {
      JsonNode body = JSON.readTree(request.body(), 0, request.length());
      return Optional.of(body).filter(JsonNode::isObject);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Whether its fields, as far as they are there, are of their types. */
  private static boolean isLogin(JsonNode asked) {
    return Stream.of("username", "password", "connection_token")
            .map(asked::path)
            .allMatch(field -> field.isMissingNode() || field.isNull() || field.isTextual())
        && Stream.of("account_id", "token_expiry_in_minutes")
            .map(asked::path)
            .allMatch(field -> field.isMissingNode() || field.isNull() || field.isInt());
  }

  private Reply token(JsonNode asked, ObjectNode claims) {
    long minutes = asked.path("token_expiry_in_minutes").asLong();
    Duration lifetime = minutes > 0 ? Duration.ofMinutes(minutes) : settings.tokenLifetime();
    Instant end = settings.clock().instant().plus(lifetime);
    claims
        .put("account_id", asked.path("account_id").asInt(1))
        .put("connection_token", asked.path("connection_token").asText())
        .put("exp", end.getEpochSecond())
        .put("password", asked.path("password").asText());
    long expiresIn =
        settings.version() == LocalMemphis.Version.V0_1
            ? lifetime.toMillis()
            : end.getEpochSecond() * MILLIS_OF_A_MINUTE;
    String jwt = tokens.sign(claims);
    return MemphisReplies.json(
        200,
        MemphisReplies.object()
            .put("expires_in", expiresIn)
            .put("jwt", jwt)
            .put("jwt_refresh_token", jwt)
            .put("refresh_token_expires_in", expiresIn));
  }

  /** What all messages of a request have in common. */
  private record RequestSource(String station, Map<String, String> headers, String user) {
    MemphisMessage message(String body) {
      return new MemphisMessage(station, body, headers, user);
    }
  }

  private boolean isOld() {
    return settings.version() == LocalMemphis.Version.V0_1;
  }

  private Reply single(ReceivedRequest request, RequestSource origin) {
    String type = request.head().headers().getOrDefault("content-type", "");
    boolean json = isOld() ? type.equals(JSON_TYPE) : type.contains(JSON_TYPE);
    if (!json && !type.contains("text") && !type.equals("application/x-protobuf")) {
      return MemphisReplies.text(500, "unsupported content type");
    }
    String error = broker.open(origin.station());
    if (error == null) {
      error = broker.take(origin.message(new String(request.body(), 0, request.length(), UTF_8)));
    }
    return error == null ? MemphisReplies.success() : MemphisReplies.failure(status(error), error);
  }

  private int status(String error) {
    return isOld() || error.startsWith(MemphisBroker.SCHEMA_VIOLATION) ? 400 : 500;
  }

  private Reply batch(ReceivedRequest request, RequestSource origin) {
    if (!request.head().headers().getOrDefault("content-type", "").equals(JSON_TYPE)) {
      return MemphisReplies.text(500, "unsupported content type");
    }
    Optional<List<String>> objects = GoJson.objects(request.body(), request.length());
    if (objects.isEmpty()) {
      return MemphisReplies.text(500, "unsupported request");
    }
    String unopened = broker.open(origin.station());
    if (unopened != null) {
      return MemphisReplies.failure(status(unopened), unopened);
    }
    List<String> errors = new ArrayList<>();
    for (String object : objects.get()) {
      String error = broker.take(origin.message(object));
      if (error != null && !isOld()) {
        return MemphisReplies.batchFailure(status(error), error);
      } else if (error != null) {
        errors.add(error);
      }
    }
    return errors.isEmpty()
        ? MemphisReplies.success()
        : MemphisReplies.counts(errors, objects.get().size() - errors.size());
  }
}
