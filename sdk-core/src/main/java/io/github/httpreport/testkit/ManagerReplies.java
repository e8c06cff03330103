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

/** The answers of the Manager as they go out: chunked, and with cookies that nobody must keep. */
final class ManagerReplies {

  private static final int CLUSTER_ID = 2;
  private static final int CLUSTER_LOAD = 20;
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSxxx", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

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
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("success", true).putNull("errMsg").set("data", data);
    return json(200, answer);
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
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    return json(200, answer.put("success", false).put("errMsg", errMsg).putNull("data"));
  }

  static Reply error(int status, String error, String path) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("timestamp", TIMESTAMP.format(Instant.now()));
    return json(status, answer.put("status", status).put("error", error).put("path", path));
  }

  static Reply html(int status, String title, boolean close) {
    String text = "HTTP Status " + status + " \u2013 " + title;
    byte[] body =
        ("<!doctype html><html lang=\"en\"><head><title>" + text + "</title></head>")
            .concat("<body><h1>" + text + "</h1></body></html>")
            .getBytes(UTF_8);
    String head =
        status(status)
            + "Content-Type: text/html;charset=utf-8\r\nContent-Language: en\r\nContent-Length: "
            + (body.length + "\r\nDate: " + DATE.format(Instant.now()))
            + (close ? "\r\nConnection: close\r\n\r\n" : "\r\n\r\n");
    return new Reply(Reply.concat(head.getBytes(UTF_8), body), close);
  }

  private static Reply json(int status, ObjectNode body) {
    byte[] bytes = write(body);
    String head =
        status(status)
            + ("Set-Cookie: JSESSIONID=" + UUID.randomUUID())
            + "; Path=/inlong/manager; HttpOnly; SameSite=lax\r\n"
            + "Set-Cookie: rememberMe=deleteMe; Path=/inlong/manager; Max-Age=0; SameSite=lax\r\n"
            + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nDate: "
            + (DATE.format(Instant.now()) + "\r\n\r\n")
            + (Integer.toHexString(bytes.length) + "\r\n");
    byte[] start = Reply.concat(head.getBytes(UTF_8), bytes);
    return new Reply(Reply.concat(start, "\r\n0\r\n\r\n".getBytes(UTF_8)), false);
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
