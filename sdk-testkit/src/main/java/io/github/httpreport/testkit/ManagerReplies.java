package io.github.httpreport.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The responses of the Manager as they go out: chunked, and with cookies that no client must keep.
 */
final class ManagerReplies {

  private static final int CLUSTER_ID = 2;
  private static final int CLUSTER_LOAD = 20;
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSxxx", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

  private static final String COOKIES =
      """
      Set-Cookie: JSESSIONID=%s; Path=/inlong/manager; HttpOnly; SameSite=lax\r
      Set-Cookie: rememberMe=deleteMe; Path=/inlong/manager; Max-Age=0; SameSite=lax\r
      """;
  private static final String STYLE =
      "<style type=\"text/css\">body {font-family:Tahoma,Arial,sans-serif;} h1, h2, h3, b"
          + " {color:white;background-color:#525D76;} h1 {font-size:22px;} h2 {font-size:16px;} h3"
          + " {font-size:14px;} p {font-size:12px;} a {color:black;} .line"
          + " {height:1px;background-color:#525D76;border:none;}</style>";

  /** Without the words that others write here. */
  static final Reply GO_AHEAD = new Reply("HTTP/1.1 100 \r\n\r\n".getBytes(UTF_8), false);

  private ManagerReplies() {}

  static Reply nodes(List<NodeRegistry.Entry> entries, @Nullable Integer maxPacketLength) {
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    data.put("clusterId", entries.isEmpty() ? null : CLUSTER_ID);
    data.putNull("reportSourceType").putNull("isIntranet").putNull("isSwitch");
    data.put("load", CLUSTER_LOAD);
    data.put("maxPacketLength", entries.isEmpty() ? null : maxPacketLength);
    if (entries.isEmpty()) {
      data.putNull("nodeList");
    } else {
      ArrayNode list = data.putArray("nodeList");
      entries.forEach(entry -> add(list, entry));
    }
    ObjectNode response = JsonNodeFactory.instance.objectNode();
    response.put("success", true).putNull("errMsg").set("data", data);
    return json(200, response);
  }

  private static void add(ArrayNode list, NodeRegistry.Entry entry) {
    list.addObject()
        .put("id", entry.id())
        .put("ip", entry.ip())
        .put("port", entry.port())
        .put("protocolType", entry.protocol())
        .put("nodeLoad", entry.load());
  }

  static Reply failure(String errMsg) {
    ObjectNode response = JsonNodeFactory.instance.objectNode();
    return json(200, response.put("success", false).put("errMsg", errMsg).putNull("data"));
  }

  static Reply error(int status, String error, String path) {
    return json(status, errorBody(status, error, path), false);
  }

  /** To a path that holds what the Manager takes in none; it closes behind it. */
  static Reply refusal(String path) {
    return json(400, errorBody(400, "Bad Request", path), true);
  }

  private static ObjectNode errorBody(int status, String error, String path) {
    ObjectNode response = JsonNodeFactory.instance.objectNode();
    response.put("timestamp", TIMESTAMP.format(Instant.now()));
    return response.put("status", status).put("error", error).put("path", path);
  }

  static Reply options() {
    String head =
        status(200) + COOKIES.formatted(UUID.randomUUID()) + "Content-Length: 0\r\nDate: ";
    return new Reply((head + DATE.format(Instant.now()) + "\r\n\r\n").getBytes(UTF_8), false);
  }

  /** To what the server under the Manager cannot read. */
  static Reply badRequestPage() {
    return html(
        400,
        "Bad Request",
        "Invalid request",
        "The server cannot or will not process the request due to something that is perceived to be"
            + " a client error (e.g., malformed request syntax, invalid request message framing, or"
            + " deceptive request routing).");
  }

  /** To a path outside the application. */
  static Reply noSuchPage(String path) {
    return html(
        404,
        "Not Found",
        "The requested resource [" + path.replace("/", "&#47;") + "] is not available",
        "The origin server did not find a current representation for the target resource or is not"
            + " willing to disclose that one exists.");
  }

  private static Reply html(int status, String title, String message, String description) {
    boolean close = status == 400;
    String text = "HTTP Status " + status + " \u2013 " + title;
    byte[] body =
        ("<!doctype html><html lang=\"en\"><head><title>" + text + "</title>" + STYLE + "</head>")
            .concat(
                "<body><h1>" + text + "</h1><hr class=\"line\" /><p><b>Type</b> Status Report</p>")
            .concat("<p><b>Message</b> " + message + "</p><p><b>Description</b> " + description)
            .concat("</p><hr class=\"line\" /></body></html>")
            .getBytes(UTF_8);
    String head =
        status(status)
            + "Content-Type: text/html;charset=utf-8\r\nContent-Language: en\r\nContent-Length: "
            + (body.length + "\r\nDate: " + DATE.format(Instant.now()))
            + (close ? "\r\nConnection: close\r\n\r\n" : "\r\n\r\n");
    return new Reply(Reply.concat(head.getBytes(UTF_8), body), close);
  }

  private static Reply json(int status, ObjectNode body) {
    return json(status, body, false);
  }

  private static Reply json(int status, ObjectNode body, boolean close) {
    byte[] bytes = write(body);
    String head =
        status(status)
            + COOKIES.formatted(UUID.randomUUID())
            + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nDate: "
            + DATE.format(Instant.now())
            + (close ? "\r\nConnection: close\r\n\r\n" : "\r\n\r\n")
            + (Integer.toHexString(bytes.length) + "\r\n");
    byte[] start = Reply.concat(head.getBytes(UTF_8), bytes);
    return new Reply(Reply.concat(start, "\r\n0\r\n\r\n".getBytes(UTF_8)), close);
  }

  private static String status(int status) {
    return "HTTP/1.1 " + status + " \r\n";
  }

  private static byte[] write(ObjectNode body) {
    try {
      return MAPPER.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an answer of the Manager cannot be written", e);
    }
  }
}
