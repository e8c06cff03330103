package io.github.httpreport.internal.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.httpreport.http.Request;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
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

  /** A connection keeps a buffer of so much for the requests that fit into it. */
  private static final int KEPT_BUFFER = 4 * 1024;

  private final Wire wire;
  private final CharsetEncoder encoder =
      ISO_8859_1
          .newEncoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private final StringBuilder head = new StringBuilder(256);
  private final ByteBuffer kept = ByteBuffer.allocate(KEPT_BUFFER);
  private ByteBuffer unsent = kept.limit(0);

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
    boolean together = hasBody(request) && isShort(request);
    buildHead(request, absolute);
    unsent = bufferOf(head.length() + (together ? request.body().length : 0));
    encoder.reset().encode(CharBuffer.wrap(head), unsent, true);
    if (together) {
      unsent.put(request.body());
    }
    unsent.flip();
    body = isShort(request) ? null : ByteBuffer.wrap(request.body());
  }

  /** Empty; that of the connection where it is large enough, since the last request has left. */
  private ByteBuffer bufferOf(int bytes) {
    return bytes <= KEPT_BUFFER ? kept.clear() : ByteBuffer.allocate(bytes);
  }

  /** A request for a tunnel begins. */
  void beginConnect(String authority) {
    String connect = "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n\r\n";
    unsent = ByteBuffer.wrap(connect.getBytes(ISO_8859_1));
  }

  /** Nothing that a server needs no more than the others: no agent, no accepted types. */
  private void buildHead(Request request, boolean absolute) {
    head.setLength(0);
    head.append(request.method()).append(' ');
    if (absolute) {
      head.append(request.origin());
    }
    head.append(request.path()).append(" HTTP/1.1");
    field("Host", request.host());
    if (hasBody(request)) {
      field("Content-Length", Integer.toString(request.body().length));
    }
    if (!request.contentType().isEmpty()) {
      field("Content-Type", request.contentType());
    }
    request.headers().forEach(this::field);
    head.append("\r\n\r\n");
  }

  private void field(String name, String value) {
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
