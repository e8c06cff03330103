package io.github.httpreport.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One answer as it goes out, byte for byte, and whether the connection outlives it. */
final class Reply {

  static final Reply NONE = new Reply(new byte[0], false);
  static final Reply OK = json("0", "Ok", null, false);
  static final Reply OK_THEN_CLOSE = json("0", "Ok", null, true);
  static final Reply CONTINUE = new Reply("HTTP/1.1 100 Continue\r\n\r\n".getBytes(UTF_8), false);

  static final Reply EXPECTATION_FAILED =
      new Reply(
          "HTTP/1.1 417 Expectation Failed\r\ncontent-length: 0\r\n\r\n".getBytes(UTF_8), false);

  static final Reply UNDECODABLE = json("31", "Decode request failure", null, true);

  /** The unrequested bytes that a node writes to a connection that was idle for too long. */
  static final Reply IDLE = json("2147483647", "Process message failure: null", null, true);

  static final String QUEUE_FULL =
      "Put HTTP event to channel failure: Unable to put batch on required channel:"
          + " org.apache.flume.channel.MemoryChannel{name: ch-msg1}";

  private static final byte[] TOO_LARGE =
      "HTTP/1.1 413 Request Entity Too Large\r\ncontent-length: 0\r\n\r\n".getBytes(UTF_8);

  private final byte[] bytes;
  private final boolean close;

  Reply(byte[] bytes, boolean close) {
    this.bytes = bytes;
    this.close = close;
  }

  static Reply of(byte[] bytes) {
    return new Reply(bytes, false);
  }

  /** Status line, headers and body, shared; empty for no response at all. */
  byte[] bytes() {
    return bytes;
  }

  /** Whether the server closes the connection behind it. */
  boolean close() {
    return close;
  }

  /** To a HEAD: the same without its body. */
  Reply withoutBody() {
    String text = new String(bytes, ISO_8859_1);
    int end = text.indexOf("\r\n\r\n");
    return new Reply(Arrays.copyOf(bytes, end < 0 ? bytes.length : end + 4), close);
  }

  static Reply tooLarge(boolean close) {
    return new Reply(TOO_LARGE, close);
  }

  static Reply ok(@Nullable String callback, boolean close) {
    if (callback == null || callback.isBlank()) {
      return close ? OK_THEN_CLOSE : OK;
    }
    return json("0", "Ok", callback, close);
  }

  /** The text is not escaped: the real server does not escape it either. */
  static Reply json(String code, String msg, @Nullable String callback, boolean close) {
    String json = "{\"code\":\"" + code + "\",\"msg\":\"" + msg + "\"}";
    boolean wrapped = callback != null && !callback.isBlank();
    byte[] body = (wrapped ? callback + '(' + json + ')' : json).getBytes(UTF_8);
    String head =
        "HTTP/1.1 200 OK\r\ncontent-type: application/json;charset=utf-8\r\ncontent-length: "
            + body.length
            + "\r\n\r\n";
    return new Reply(concat(head.getBytes(UTF_8), body), close);
  }

  static byte[] concat(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
