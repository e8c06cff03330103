package io.github.httpreport.internal.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.httpreport.http.Request;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the requests of one connection, as far as the wire takes them.
 *
 * <p>A request of usual size is one buffer and, if the socket has room, one write. A long body is
 * not copied behind its head but follows from the array of the request. The builder of a request
 * has refused what could break out of a line. One thread at a time calls this: that which has the
 * turn of the connection.
 */
final class RequestWriter {

  /** A copy of so much costs less than a second write. */
  private static final int MAX_BODY_BESIDE_HEAD = 32 * 1024;

  private final Wire wire;
  private ByteBuffer unsent = ByteBuffer.allocate(0);

  /** A long body, until the head has left. */
  private @Nullable ByteBuffer body;

  RequestWriter(Wire wire) {
    this.wire = wire;
  }

  /** Whether head and body are one buffer. */
  static boolean isShort(Request request) {
    return !hasBody(request) || request.body().length <= MAX_BODY_BESIDE_HEAD;
  }

  private static boolean hasBody(Request request) {
    return !request.method().equals("GET");
  }

  /**
   * A request begins.
   *
   * @param absolute for a proxy that forwards it
   */
  void begin(Request request, boolean absolute) {
    byte[] head = head(request, absolute).getBytes(ISO_8859_1);
    if (hasBody(request) && isShort(request)) {
      unsent = ByteBuffer.allocate(head.length + request.body().length);
      unsent.put(head).put(request.body()).flip();
    } else {
      unsent = ByteBuffer.wrap(head);
      body = isShort(request) ? null : ByteBuffer.wrap(request.body());
    }
  }

  /** A request for a tunnel begins. */
  void beginConnect(String authority) {
    String head = "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n\r\n";
    unsent = ByteBuffer.wrap(head.getBytes(ISO_8859_1));
  }

  /** Nothing that a server needs no more than the others: no agent, no accepted types. */
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

  /**
   * Whether the socket has all of the request. Tries to hand over what TLS has encrypted: until
   * that is gone, the request has not left whole.
   */
  boolean isDone() throws IOException {
    ByteBuffer next = body;
    if (!unsent.hasRemaining() && next != null) {
      unsent = next;
      body = null;
    }
    return !unsent.hasRemaining() && wire.flush();
  }

  /** Writes once; false where the socket takes nothing now and something is left. */
  boolean writeSome() throws IOException {
    return wire.write(unsent) > 0 || isDone();
  }
}
