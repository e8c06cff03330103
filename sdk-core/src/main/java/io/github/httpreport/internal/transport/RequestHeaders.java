package io.github.httpreport.internal.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.httpreport.http.Request;
import java.nio.ByteBuffer;

/** The bytes of a request. Its builder has refused what could break out of a line. */
final class RequestHeaders {

  /** A request of usual size is one write. */
  private static final int MAX_BODY_BESIDE_HEAD = 32 * 1024;

  private RequestHeaders() {}

  private static boolean hasBody(Request request) {
    return !request.method().equals("GET");
  }

  /** The head, and the body behind it unless that is long. */
  static ByteBuffer firstBytes(Request request, boolean absolute) {
    byte[] head = head(request, absolute).getBytes(ISO_8859_1);
    if (hasBody(request) && isWhole(request)) {
      ByteBuffer all = ByteBuffer.allocate(head.length + request.body().length);
      return all.put(head).put(request.body()).flip();
    }
    return ByteBuffer.wrap(head);
  }

  /** Whether the first bytes are all of it. */
  static boolean isWhole(Request request) {
    return !hasBody(request) || request.body().length <= MAX_BODY_BESIDE_HEAD;
  }

  private static String head(Request request, boolean absolute) {
    StringBuilder head = new StringBuilder(256).append(request.method()).append(' ');
    if (absolute) {
      head.append(request.origin());
    }
    head.append(request.path()).append(" HTTP/1.1");
    field(head, "Host", request.host());
    if (hasBody(request)) {
      field(head, "Content-Length", Integer.toString(request.body().length));
    }
    if (!request.contentType().isEmpty()) {
      field(head, "Content-Type", request.contentType());
    }
    request.headers().forEach((name, value) -> field(head, name, value));
    return head.append("\r\n\r\n").toString();
  }

  private static void field(StringBuilder head, String name, String value) {
    head.append("\r\n").append(name).append(": ").append(value);
  }

  /** Asks a proxy for a tunnel. */
  static ByteBuffer connect(String authority) {
    String head = "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n\r\n";
    return ByteBuffer.wrap(head.getBytes(ISO_8859_1));
  }
}
