package io.github.httpreport.testkit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers requests as the real node does, and stores what it takes. For one connection. */
final class ReportService implements Service {

  private static final String REPORT = "/dataproxy/message";
  private static final String HEARTBEAT = "/dataproxy/heartbeat";
  private static final String FORM = "application/x-www-form-urlencoded";

  /**
   * State that the responses depend on, apart from the request.
   *
   * @param address the node, as {@code host:port}
   * @param maxBytes the limit of an entity, and of a decoded body
   * @param topics the groups and streams that the node knows
   * @param store where records go
   */
  record ServiceSettings(String address, int maxBytes, Topics topics, Store<StoredRecord> store) {}

  private final ServiceSettings settings;
  private final FormDecoder decoder = new FormDecoder();

  ReportService(ServiceSettings settings) {
    this.settings = settings;
  }

  @Override
  public boolean meetsFaults(RequestHead head) {
    return head.rawPath().equals(REPORT);
  }

  @Override
  public int maxBytes() {
    return settings.maxBytes();
  }

  @Override
  public Reply undecodable(String received) {
    return Reply.UNDECODABLE;
  }

  @Override
  public Reply expectationFailed() {
    return Reply.EXPECTATION_FAILED;
  }

  @Override
  public Reply idle() {
    return Reply.IDLE;
  }

  @Override
  public Reply response(ReceivedRequest request) {
    try {
      Reply reply = route(request);
      return request.head().method().equals("HEAD") ? reply.withoutBody() : reply;
    } catch (BadEscapeException e) {
      return Reply.json("2147483647", "Process message failure: " + e.getMessage(), null, true);
    }
  }

  private Reply route(ReceivedRequest request) throws BadEscapeException {
    RequestHead head = request.head();
    if (!head.method().equals("GET") && !head.method().equals("POST")) {
      return Reply.json("32", "Only support [GET, POST] methods", null, true);
    }
    return switch (decoder.path(head.rawPath())) {
      case REPORT -> report(request);
      case HEARTBEAT -> Reply.ok(null, head.saysClose());
      case "/favicon.ico" -> Reply.NONE;
      default ->
          Reply.json("35", "Only support [" + HEARTBEAT + ", " + REPORT + "] paths!", null, true);
    };
  }

  private Reply report(ReceivedRequest request) throws BadEscapeException {
    RequestHead head = request.head();
    Map<String, String> fields = new HashMap<>(decoder.query(head.uri(), head.rawPath().length()));
    String type = head.headers().getOrDefault("content-type", "");
    if (head.method().equals("POST") && request.length() > 0 && !type.isBlank()) {
      if (!type.equalsIgnoreCase(FORM)) {
        return Reply.json("36", "Only support [" + FORM + "] content type!", null, true);
      }
      fields.putAll(decoder.form(request.body(), request.length()));
    }
    Refusal refusal = refusal(fields);
    return refusal == null
        ? store(fields, head.saysClose())
        : Reply.json(refusal.code(), refusal.msg(), fields.get("callback"), head.saysClose());
  }

  private record Refusal(String code, String msg) {}

  private @Nullable Refusal refusal(Map<String, String> fields) {
    String groupId = fields.getOrDefault("groupId", "");
    String streamId = fields.getOrDefault("streamId", "");
    if (groupId.isBlank()) {
      return new Refusal("100", "Field groupId must exist and not blank!");
    }
    if (streamId.isBlank()) {
      return new Refusal("101", "Field streamId must exist and not blank!");
    }
    if (!settings.topics().knows(groupId, streamId)) {
      return new Refusal(
          "115", "Topic not configured for groupId(" + groupId + "),streamId(," + streamId + ")");
    }
    return refusalOfBody(fields.get("body"));
  }

  private @Nullable Refusal refusalOfBody(@Nullable String body) {
    if (body == null) {
      return new Refusal("103", "Field body is not exist!");
    }
    if (body.isBlank()) {
      return new Refusal("111", "Field body is Blank!");
    }
    if (body.length() > settings.maxBytes()) {
      return new Refusal(
          "104",
          "Error msg, the body length("
              + body.length()
              + ") is bigger than allowed length("
              + settings.maxBytes()
              + ")");
    }
    return null;
  }

  private Reply store(Map<String, String> fields, boolean close) {
    StoredRecord stored =
        new StoredRecord(
            fields.getOrDefault("groupId", ""),
            fields.getOrDefault("streamId", ""),
            dataTime(fields.get("dt")),
            count(fields.get("cnt")),
            fields.getOrDefault("body", ""),
            settings.address());
    try {
      settings.store().add(List.of(stored));
    } catch (RuntimeException e) {
      return Reply.json("114", Reply.QUEUE_FULL, fields.get("callback"), true);
    }
    return Reply.ok(fields.get("callback"), close);
  }

  private static long dataTime(@Nullable String dt) {
    try {
      return Long.parseLong(dt == null ? "" : dt);
    } catch (NumberFormatException e) {
      return System.currentTimeMillis();
    }
  }

  private static int count(@Nullable String cnt) {
    try {
      return Integer.parseInt(cnt == null ? "" : cnt);
    } catch (NumberFormatException e) {
      return 1;
    }
  }
}
