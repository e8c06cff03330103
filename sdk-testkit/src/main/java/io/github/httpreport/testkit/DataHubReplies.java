package io.github.httpreport.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/** Answers of Tencent's API: every one of them a 200. */
final class DataHubReplies {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private DataHubReplies() {}

  static String accepted(List<String> messageIds) {
    ObjectNode response = MAPPER.createObjectNode();
    ArrayNode ids = response.putArray("MessageId");
    messageIds.forEach(ids::add);
    return envelope(response);
  }

  static String error(String code, String message) {
    ObjectNode response = MAPPER.createObjectNode();
    response.putObject("Error").put("Code", code).put("Message", message);
    return envelope(response);
  }

  private static String envelope(ObjectNode response) {
    response.put("RequestId", UUID.randomUUID().toString());
    try {
      return MAPPER.writeValueAsString(MAPPER.createObjectNode().set("Response", response));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can be written", e);
    }
  }

  static Reply reply(String status, String json, Instant date, boolean close) {
    byte[] body = json.getBytes(UTF_8);
    String head =
        "HTTP/1.1 "
            + (status + "\r\nDate: " + HTTP_DATE.format(date))
            + ("\r\nContent-Type: application/json\r\nContent-Length: " + body.length)
            + (close ? "\r\nConnection: close\r\n\r\n" : "\r\n\r\n");
    return new Reply(Reply.concat(head.getBytes(UTF_8), body), close);
  }
}
