package io.github.httpreport.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.Clock;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Answers as the HTTP server of Go writes them. */
final class GoReply {

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US);
  private static final String PLAIN_TEXT = "Content-Type: text/plain; charset=utf-8\r\n";

  /** Behind what is no HTTP; without a date, as the real one. */
  static final Reply BAD_REQUEST =
      new Reply(
          ("HTTP/1.1 400 Bad Request\r\n" + PLAIN_TEXT + "Connection: close\r\n\r\n400 Bad Request")
              .getBytes(ISO_8859_1),
          true);

  private GoReply() {}

  static Reply ok(boolean close) {
    return reply("200 OK", "", "Content-Length: 2\r\n" + PLAIN_TEXT, "ok", close);
  }

  static Reply empty(String status, String headers, boolean close) {
    return reply(status, headers, "Content-Length: 0\r\n", "", close);
  }

  /** What {@code http.Error} writes: the text and a line feed. */
  static Reply error(String status, String text, boolean close) {
    String head = PLAIN_TEXT + "X-Content-Type-Options: nosniff\r\n";
    String length = "Content-Length: " + (text.length() + 1) + "\r\n";
    return reply(status, head, length, text + '\n', close);
  }

  private static Reply reply(
      String status, String before, String after, String body, boolean close) {
    String now = DATE.format(ZonedDateTime.now(Clock.system(ZoneOffset.UTC)));
    String text =
        ("HTTP/1.1 " + status + "\r\n" + before + "Date: " + now + "\r\n" + after)
            + (close ? "Connection: close\r\n\r\n" : "\r\n")
            + body;
    return new Reply(text.getBytes(ISO_8859_1), close);
  }
}
