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

/** The responses of the Memphis gateway as they go out, members sorted by their names. */
final class MemphisReplies {

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);

  private static final String PLAIN_TEXT = "text/plain; charset=utf-8";
  private static final String CLOSE = "Connection: close\r\n";
  private static final int SNIPPET = 20;

  private MemphisReplies() {}

  static Reply success() {
    return json(200, object().putNull("error").put("success", true));
  }

  static Reply failure(int status, String error) {
    return json(status, object().put("error", error).put("success", false));
  }

  static Reply batchFailure(int status, String error) {
    ObjectNode response = object();
    response.putArray("error").add(error);
    return json(status, response.put("success", false));
  }

  /** What version 0.1 says of a batch that it went through to the end. */
  static Reply counts(List<String> errors, int sent) {
    ObjectNode response = object();
    ArrayNode list = response.putArray("errors");
    errors.forEach(list::add);
    return json(400, response.put("fail", errors.size()).put("sent", sent).put("success", false));
  }

  /** What the validator of a login says of a field that is missing. */
  static Reply required(String field) {
    ObjectNode response = object();
    response.putArray("message").addObject().put("field", field).put("reason", "required");
    return json(400, response);
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
  static Reply text(int status, String text) {
    return reply(status, PLAIN_TEXT, text, false);
  }

  static Reply methodNotAllowed() {
    return reply(405, PLAIN_TEXT, phrase(405), "Allow: POST\r\n", false);
  }

  static Reply headTooLarge() {
    return reply(431, PLAIN_TEXT, phrase(431), "", true);
  }

  static Reply tooLarge() {
    return reply(413, PLAIN_TEXT, phrase(413), "", true);
  }

  /** What the framework says of what is no HTTP, all of which it repeats. */
  static Reply undecodable(String received) {
    String quoted = quoted(received);
    String text =
        "error when reading request headers: cannot find http request method in "
            + quoted
            + (". Buffer size=" + received.length() + ", contents: " + snippet(received, quoted));
    return reply(400, PLAIN_TEXT, text, "", true);
  }

  /** Its beginning and its end, where it is long. */
  private static String snippet(String received, String quoted) {
    int length = received.length();
    return length <= 2 * SNIPPET
        ? quoted
        : quoted(received.substring(0, SNIPPET))
            + "..."
            + quoted(received.substring(length - SNIPPET));
  }

  /** As Go quotes bytes. */
  private static String quoted(String bytes) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < bytes.length(); i++) {
      char c = bytes.charAt(i);
      switch (c) {
        case '"', '\\' -> quoted.append('\\').append(c);
        case '\r' -> quoted.append("\\r");
        case '\n' -> quoted.append("\\n");
        case '\t' -> quoted.append("\\t");
        default -> quoted.append(c < ' ' || c > '~' ? String.format("\\x%02x", (int) c) : c);
      }
    }
    return quoted.append('"').toString();
  }

  private static Reply reply(int status, String type, String body, boolean close) {
    return reply(status, type, body, "", close);
  }

  private static Reply reply(int status, String type, String body, String more, boolean close) {
    byte[] bytes = body.getBytes(UTF_8);
    String head =
        "HTTP/1.1 "
            + (status + " " + phrase(status))
            + ("\r\nDate: " + DATE.format(Instant.now()))
            + ("\r\nContent-Type: " + type)
            + ("\r\nContent-Length: " + bytes.length)
            + ("\r\nVary: Origin\r\nAccess-Control-Allow-Origin: *\r\n" + more)
            + (close ? CLOSE + "\r\n" : "\r\n");
    return new Reply(Reply.concat(head.getBytes(UTF_8), bytes), close);
  }

  /** The same with the end of the connection behind it. */
  static Reply closing(Reply reply) {
    if (reply.close()) {
      return reply;
    }
    String text = new String(reply.bytes(), UTF_8);
    int end = text.indexOf("\r\n\r\n") + 2;
    return new Reply((text.substring(0, end) + CLOSE + text.substring(end)).getBytes(UTF_8), true);
  }

  private static String phrase(int status) {
    return switch (status) {
      case 200 -> "OK";
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 413 -> "Request Entity Too Large";
      case 431 -> "Request Header Fields Too Large";
      default -> "Internal Server Error";
    };
  }
}
