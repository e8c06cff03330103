package io.github.httpreport.internal.transport;

import static java.util.Objects.requireNonNull;

import io.github.httpreport.http.Response;
import java.io.IOException;
import java.util.Arrays;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.ContentLengthStrategy;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.impl.DefaultConnectionReuseStrategy;
import org.apache.hc.core5.http.impl.DefaultContentLengthStrategy;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParser;
import org.apache.hc.core5.http.impl.io.SessionInputBufferImpl;
import org.apache.hc.core5.http.message.MessageSupport;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.util.CharArrayBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the responses of one connection, each within its bounds, as far as their bytes are there.
 *
 * <p>States: HEAD; then BODY for a length or up to the end, or, for chunks, CHUNK_SIZE, BODY and
 * CHUNK_END in a circle and TRAILERS; then DONE. A response whose body is as long as the request
 * allows ends where it is; the connection is closed then, rather than read to the end.
 *
 * <p>One thread at a time calls it: that which has the turn of the connection. A read that finds
 * nothing leaves the state as it is, and the next turn goes on from there.
 *
 * <p>httpcore parses the head; its parser and its buffer go on where they were after a {@link
 * WireInput.NothingThere}. On a socket that blocks there is no such moment. The chunks are decoded
 * here: of httpcore's decoders, the blocking one forgets a trailer that comes in two parts, and the
 * other one needs a buffer that httpcore keeps to itself and reads ahead, where a socket that
 * blocks would wait.
 */
final class ResponseReader {

  private enum Part {
    HEAD,
    BODY,
    CHUNK_SIZE,
    CHUNK_END,
    TRAILERS,
    DONE
  }

  /** So that a server that writes without end does not keep the I/O thread to itself. */
  private static final int READS_A_TURN = 16;

  /** Of a body without a length in its head; doubled as it fills. */
  private static final int FIRST_BUFFER = 256;

  private static final int HEX = 16;
  private static final HttpCoreContext NO_CONTEXT = HttpCoreContext.create();

  private final WireInput input;
  private final SessionInputBufferImpl buffer =
      new SessionInputBufferImpl(TransportSettings.IO_BUFFER, TransportSettings.MAX_LINE);
  private final DefaultHttpResponseParser parser =
      new DefaultHttpResponseParser(TransportSettings.HTTP_1);
  private final CharArrayBuffer line = new CharArrayBuffer(FIRST_BUFFER);
  private Part part = Part.DONE;
  private String method = "";
  private int limit;
  private @Nullable ClassicHttpResponse head;

  /** Whether the response began before the request had left whole. */
  private boolean early;

  /** Whether the rest of the request will never leave. */
  private boolean cutRequest;

  private byte[] body = {};
  private int length;

  /** The length of the body as its head gives it; negative for chunks, or up to the end. */
  private long size;

  /** Bytes that are still to come of the body, or of the chunk. */
  private long left;

  private boolean truncated;

  ResponseReader(Wire wire) {
    input = new WireInput(wire);
  }

  /** A request begins: forgets the response before, and keeps so many bytes of the next body. */
  void begin(String requestMethod, int maxBytes) {
    method = requestMethod;
    limit = maxBytes;
    head = null;
    early = false;
    cutRequest = false;
    body = new byte[0];
    length = 0;
    truncated = false;
    part = Part.HEAD;
    input.allow(TransportSettings.MAX_HEAD);
  }

  /** A turn begins, in which so much is read at most, unless the thread is the caller's own. */
  void beginTurn(boolean bounded) {
    input.beginTurn(bounded ? READS_A_TURN : Integer.MAX_VALUE);
  }

  /** Whether the turn ended before all was read that is there. */
  boolean hasMore() {
    return input.hasStopped();
  }

  /**
   * Whether anything is there that was not read: bytes or the end. What it reads stays in the
   * buffer, so the head that may begin there is not lost.
   */
  boolean hasArrived() throws IOException {
    try {
      return hasLeftover() || buffer.fillBuffer(input) != 0;
    } catch (WireInput.NothingThere e) {
      return false;
    }
  }

  /** Bytes behind the response, which nothing asked for, or the end. */
  boolean hasLeftover() {
    return buffer.hasBufferedData() || input.hasEnded();
  }

  /**
   * Reads what comes while the request is still being written; true when that is a whole response.
   * Before, the server may wait for the rest of the request.
   */
  boolean readEarly() throws IOException, HttpException {
    beginTurn(true);
    if (!hasArrived()) {
      return false;
    }
    early = true;
    return readHead(true) && readBody();
  }

  /** The rest of the request cannot be written, so the final response is early when it comes. */
  void markEarly() {
    early = true;
    cutRequest = true;
  }

  /** Reads on; true when the head of the final response is there. */
  boolean readHead() throws IOException, HttpException {
    return readHead(false);
  }

  /** An interim response says nothing of when the final one begins. */
  private boolean readHead(boolean sending) throws IOException, HttpException {
    try {
      while (part == Part.HEAD) {
        ClassicHttpResponse next = parser.parse(buffer, input);
        if (next == null || input.hasEnded()) {
          // The parser takes the end of the connection for the end of the head.
          throw new ConnectionClosedException("Connection closed within the head of a response");
        }
        if (next.getVersion() != null && next.getVersion().greaterEquals(HttpVersion.HTTP_2)) {
          throw new ProtocolException("The response is not HTTP/1.1");
        }
        input.allow(TransportSettings.MAX_HEAD);
        if (next.getCode() >= HttpStatus.SC_SUCCESS) {
          head = next;
          beginBody(next);
        } else {
          early = cutRequest || (sending && buffer.hasBufferedData());
        }
      }
      return true;
    } catch (WireInput.NothingThere e) {
      return false;
    }
  }

  /** A refusal that ends the connection may have neither length nor chunks: up to the end, then. */
  private void beginBody(ClassicHttpResponse response) throws HttpException {
    input.allow(Long.MAX_VALUE);
    size =
        MessageSupport.canResponseHaveBody(method, response)
            ? DefaultContentLengthStrategy.INSTANCE.determineLength(response)
            : 0;
    if (size == ContentLengthStrategy.CHUNKED) {
      part = Part.CHUNK_SIZE;
    } else {
      part = size == 0 ? Part.DONE : Part.BODY;
      left = size < 0 ? Long.MAX_VALUE : size;
      body = new byte[(int) Math.min(Math.max(size, 0), limit)];
    }
  }

  /** Reads on; true when the response is whole, or as much of it as its limit allows. */
  boolean readBody() throws IOException {
    try {
      while (part != Part.DONE) {
        part =
            switch (part) {
              case BODY -> readBytes();
              case CHUNK_SIZE -> readChunkSize();
              case CHUNK_END -> readChunkEnd();
              default -> readTrailer();
            };
      }
      return true;
    } catch (WireInput.NothingThere e) {
      return false;
    }
  }

  private Part readBytes() throws IOException {
    if (length == limit) {
      // Up to the end, one more byte tells; of all others more is to come.
      truncated = !isUpToTheEnd() || buffer.read(input) >= 0;
      return Part.DONE;
    }
    if (length == body.length) {
      body = Arrays.copyOf(body, (int) Math.min(limit, Math.max(FIRST_BUFFER, length * 2L)));
    }
    int wanted = (int) Math.min(left, body.length - length);
    int read = buffer.read(body, length, wanted, input);
    if (read < 0 && isUpToTheEnd()) {
      return Part.DONE;
    } else if (read < 0) {
      throw closedWithinBody();
    }
    length += read;
    left -= isUpToTheEnd() ? 0 : read;
    if (left > 0) {
      return Part.BODY;
    }
    return size == ContentLengthStrategy.CHUNKED ? Part.CHUNK_END : Part.DONE;
  }

  private boolean isUpToTheEnd() {
    return left == Long.MAX_VALUE;
  }

  /** Hexadecimal, perhaps with an extension behind a semicolon, in a line of bounded length. */
  private Part readChunkSize() throws IOException {
    String text = readLine();
    int extension = text.indexOf(';');
    try {
      left = Long.parseLong((extension < 0 ? text : text.substring(0, extension)).trim(), HEX);
    } catch (NumberFormatException e) {
      // Its text quotes the server, so it is no cause.
      left = -1;
    }
    if (left < 0 || isUpToTheEnd()) {
      throw new MalformedChunkCodingException("The size of a chunk is not a number");
    }
    if (left > 0) {
      return Part.BODY;
    }
    input.allow(TransportSettings.MAX_HEAD);
    return Part.TRAILERS;
  }

  private Part readChunkEnd() throws IOException {
    if (!readLine().isEmpty()) {
      throw new MalformedChunkCodingException("A chunk does not end with a line break");
    }
    return Part.CHUNK_SIZE;
  }

  /** Their names and values are of no use here. */
  private Part readTrailer() throws IOException {
    return readLine().isEmpty() ? Part.DONE : Part.TRAILERS;
  }

  private String readLine() throws IOException {
    line.clear();
    if (buffer.readLine(line, input) < 0) {
      throw closedWithinBody();
    }
    return line.toString();
  }

  private static ConnectionClosedException closedWithinBody() {
    return new ConnectionClosedException("Connection closed within the body of a response");
  }

  /** The status of the response whose head was read. */
  int status() {
    return requireNonNull(head).getCode();
  }

  boolean isEarly() {
    return early;
  }

  /** Whether a refusal began before the request had left whole: its words may never arrive. */
  boolean isEarlyRefusal() {
    return early && head != null && status() >= HttpStatus.SC_REDIRECTION;
  }

  private boolean isTruncated() {
    return truncated || part != Part.DONE;
  }

  /** What was read, as the response of a call; the array of the body is the response's from now. */
  Response response(boolean reusedConnection) {
    ClassicHttpResponse known = requireNonNull(head);
    return Response.status(known.getCode())
        .headers(new ResponseHeaders(known))
        .body(length == body.length ? body : Arrays.copyOf(body, length))
        .truncated(isTruncated())
        .reusedConnection(reusedConnection)
        .early(early)
        .build();
  }

  /** Whether the connection may carry another request after this response. */
  boolean isReusable() {
    ClassicHttpResponse known = head;
    return known != null
        && !isTruncated()
        && !early
        && !hasLeftover()
        && DefaultConnectionReuseStrategy.INSTANCE.keepAlive(null, known, NO_CONTEXT);
  }
}
