package io.github.httpreport.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** The answers of the Memphis gateway as they go out, members sorted by their names. */
final class MemphisReplies {

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);

  private MemphisReplies() {}

  static Reply success() {
    return json(200, object().putNull("error").put("success", true));
  }

  static Reply failure(int status, String error) {
    return json(status, object().put("error", error).put("success", false));
  }

  static Reply batchFailure(int status, String error) {
    ObjectNode answer = object();
    answer.putArray("error").add(error);
    return json(status, answer.put("success", false));
  }

  /** What version 0.1 says of a batch that it went through to the end. */
  static Reply counts(List<String> errors, int sent) {
    ObjectNode answer = object();
    ArrayNode list = answer.putArray("errors");
    errors.forEach(list::add);
    return json(400, answer.put("fail", errors.size()).put("sent", sent).put("success", false));
  }

  static Reply message(int status, String message) {
    return json(status, object().put("message", message));
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static Reply json(int status, ObjectNode body) {
    return reply(status, "application/json", body.toString(), false);
  }

  /** What the framework under the gateway says by itself. */
  static Reply text(int status, String words) {
    return reply(status, "text/plain; charset=utf-8", words, false);
  }

  static Reply headTooLarge() {
    return reply(431, "text/plain; charset=utf-8", "Too big request header", true);
  }

  static Reply undecodable() {
    return reply(400, "text/plain; charset=utf-8", "Error when parsing request", true);
  }

  private static Reply reply(int status, String type, String body, boolean close) {
    byte[] bytes = body.getBytes(UTF_8);
    String head =
        "HTTP/1.1 "
            + (status + " " + phrase(status))
            + ("\r\nDate: " + DATE.format(Instant.now()))
            + ("\r\nContent-Type: " + type)
            + ("\r\nContent-Length: " + bytes.length)
            + (close ? "\r\nConnection: close\r\n\r\n" : "\r\n\r\n");
    return new Reply(Reply.concat(head.getBytes(UTF_8), bytes), close);
  }

  private static String phrase(int status) {
    return switch (status) {
      case 200 -> "OK";
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 431 -> "Request Header Fields Too Large";
      default -> "Internal Server Error";
    };
  }
}
