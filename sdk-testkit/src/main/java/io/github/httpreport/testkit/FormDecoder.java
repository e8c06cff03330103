package io.github.httpreport.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code a=b&c=d} straight from bytes the way the real server does, its oddities included.
 * Reuses its buffer, so that it belongs to one connection.
 */
final class FormDecoder {

  private byte[] data = {};
  private int from;
  private int to;
  private byte[] scratch = {};

  /** Reads the fields of a body. */
  Map<String, String> form(byte[] body, int length) throws BadEscapeException {
    boolean gzip = length > 1 && body[0] == 0x1f && body[1] == (byte) 0x8b;
    Map<String, String> fields = fields(body, length > 0 && body[0] == '?' ? 1 : 0, length);
    if (gzip) {
      // The real server was seen to stumble over an escape in it; a short one may hold none.
      throw new BadEscapeException(
          "unterminated escape sequence at index " + index(to) + " of: " + all());
    }
    return fields;
  }

  /** Reads the fields of a target's query. An error tells, and counts from, the whole target. */
  Map<String, String> query(String target, int pathEnd) throws BadEscapeException {
    boolean has = pathEnd < target.length() && target.charAt(pathEnd) == '?';
    data = target.getBytes(ISO_8859_1);
    from = 0;
    to = data.length;
    return fields(has ? pathEnd + 1 : to);
  }

  /** Reads the fields in a range of bytes; the first of two equal names wins. */
  Map<String, String> fields(byte[] source, int start, int end) throws BadEscapeException {
    data = source;
    from = start;
    to = end;
    return fields(from);
  }

  private Map<String, String> fields(int start) throws BadEscapeException {
    Map<String, String> fields = new HashMap<>();
    int name = start;
    int value = -1;
    int at = start;
    for (; at < to && data[at] != '#'; at++) {
      switch (data[at]) {
        case '=' -> {
          if (name == at) {
            name = at + 1;
          } else if (value < name) {
            value = at + 1;
          }
        }
        // The semicolon separates fields like the ampersand: this is what cuts a body there.
        case '&', ';' -> {
          put(fields, name, value, at);
          name = at + 1;
        }
        default -> {}
      }
    }
    put(fields, name, value, at);
    return fields;
  }

  private void put(Map<String, String> fields, int name, int value, int end)
      throws BadEscapeException {
    if (name < end) {
      boolean hasValue = value > name;
      String key = text(name, hasValue ? value - 1 : end);
      fields.putIfAbsent(key, hasValue ? text(value, end) : "");
    }
  }

  /** Decodes a path, in which a plus sign is a plus sign. */
  String path(String raw) throws BadEscapeException {
    if (raw.indexOf('%') < 0) {
      return raw;
    }
    data = raw.replace("+", "%2B").getBytes(UTF_8);
    from = 0;
    to = data.length;
    return unescaped(from, to);
  }

  private String text(int start, int end) throws BadEscapeException {
    for (int i = start; i < end; i++) {
      if (data[i] == '%' || data[i] == '+') {
        return unescaped(start, end);
      }
    }
    return new String(data, start, end - start, UTF_8);
  }

  private String unescaped(int start, int end) throws BadEscapeException {
    if (scratch.length < end - start) {
      scratch = new byte[end - start];
    }
    @Nullable StringBuilder earlier = null;
    boolean wasEscaped = false;
    int length = 0;
    for (int i = start; i < end; i++) {
      boolean escaped = data[i] == '%';
      byte next = escaped ? octet(i, end) : data[i] == '+' ? (byte) ' ' : data[i];
      i += escaped ? 2 : 0;
      // A character that begins raw and ends escaped is two broken ones to the real decoder.
      if (escaped != wasEscaped && length > 0 && scratch[length - 1] < 0 && isContinuation(next)) {
        earlier = earlier == null ? new StringBuilder() : earlier;
        earlier.append(new String(scratch, 0, length, UTF_8));
        length = 0;
      }
      scratch[length++] = next;
      wasEscaped = escaped;
    }
    String last = new String(scratch, 0, length, UTF_8);
    return earlier == null ? last : earlier.append(last).toString();
  }

  private static boolean isContinuation(byte b) {
    return (b & 0xC0) == 0x80;
  }

  private byte octet(int percent, int end) throws BadEscapeException {
    if (percent + 3 > end) {
      throw new BadEscapeException(
          "unterminated escape sequence at index " + index(percent) + " of: " + all());
    }
    int high = Character.digit(data[percent + 1], 16);
    int low = Character.digit(data[percent + 2], 16);
    if (high < 0 || low < 0) {
      String digits = new String(data, percent + 1, 2, UTF_8);
      throw new BadEscapeException(
          "invalid hex byte '"
              + digits
              + "' at index "
              + index(percent + 1)
              + " of '"
              + all()
              + "'");
    }
    return (byte) (high << 4 | low);
  }

  private int index(int at) {
    return new String(data, from, at - from, UTF_8).length();
  }

  private String all() {
    return new String(data, from, to - from, UTF_8);
  }
}
