package io.github.httpreport.internal.transport;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.ContentLengthStrategy;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.impl.DefaultContentLengthStrategy;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParser;
import org.apache.hc.core5.http.impl.io.SessionInputBufferImpl;
import org.apache.hc.core5.http.message.MessageSupport;
import org.apache.hc.core5.util.CharArrayBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the responses of one connection, each within its bounds, as far as their bytes are there.
 * httpcore parses the head; its parser goes on where it was after a {@link SocketTimeoutException},
 * which stands here for "nothing there now". On a socket that blocks there is no such moment.
 *
 * <p>States: HEAD, then BODY or the four parts of chunks, then DONE. One thread at a time calls it:
 * that which has the turn of the connection.
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

  private static final int FIRST_BUFFER = 256;
  private static final int HEX = 16;

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
  private boolean early;
  private byte[] body = {};
  private int length;
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
    body = new byte[0];
    length = 0;
    truncated = false;
    part = Part.HEAD;
    input.beginHead();
  }

  /** A turn begins, in which so much is read at most, unless the thread is the caller's own. */
  void beginTurn(boolean bounded) {
    input.reads = bounded ? READS_A_TURN : Integer.MAX_VALUE;
  }

  /** Whether the turn ended before all was read that is there. */
  boolean hasMore() {
    return input.reads < 0;
  }

  /** Whether anything is there that was not read: bytes or the end. */
  boolean hasArrived() throws IOException {
    try {
      return buffer.hasBufferedData() || input.ended || buffer.fillBuffer(input) != 0;
    } catch (NothingThere e) {
      return false;
    }
  }

  /** Bytes behind the response, which nothing asked for. */
  boolean hasLeftover() {
    return buffer.hasBufferedData() || input.ended;
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

  /** The rest of the request cannot be written, so whatever comes is early. */
  void markEarly() {
    early = true;
  }

  boolean readHead() throws IOException, HttpException {
    return readHead(false);
  }

  private boolean readHead(boolean sending) throws IOException, HttpException {
    try {
      while (part == Part.HEAD) {
        ClassicHttpResponse next = parser.parse(buffer, input);
        if (next == null || input.ended) {
          // The parser takes the end of the connection for the end of the head.
          throw new ConnectionClosedException("Connection closed within the head of a response");
        }
        if (next.getVersion() != null && next.getVersion().greaterEquals(HttpVersion.HTTP_2)) {
          throw new ProtocolException("The response is not HTTP/1.1");
        }
        input.beginHead();
        if (next.getCode() >= HttpStatus.SC_SUCCESS) {
          head = next;
          beginBody(next);
        } else {
          // An interim response says nothing of when the final one begins.
          early = sending && buffer.hasBufferedData();
        }
      }
      return true;
    } catch (NothingThere e) {
      return false;
    }
  }

  private void beginBody(ClassicHttpResponse response) throws HttpException {
    input.endHead();
    if (!MessageSupport.canResponseHaveBody(method, response)) {
      part = Part.DONE;
      return;
    }
    long size = DefaultContentLengthStrategy.INSTANCE.determineLength(response);
    if (size == ContentLengthStrategy.CHUNKED) {
      part = Part.CHUNK_SIZE;
    } else {
      part = size == 0 ? Part.DONE : Part.BODY;
      left = size < 0 ? Long.MAX_VALUE : size;
      body = new byte[size < 0 ? 0 : (int) Math.min(size, limit)];
    }
  }

  /** Reads on; true when the response is whole, or as much of it as its limit allows. */
  boolean readBody() throws IOException {
    try {
      while (part != Part.DONE) {
        readPart();
      }
      return true;
    } catch (NothingThere e) {
      return false;
    }
  }

  private void readPart() throws IOException {
    switch (part) {
      case BODY -> readBytes();
      case CHUNK_SIZE -> {
        left = chunkSize();
        part = left == 0 ? Part.TRAILERS : Part.BODY;
        if (left == 0) {
          input.beginHead();
        }
      }
      case CHUNK_END -> {
        if (!readLine().isEmpty()) {
          throw new MalformedChunkCodingException("A chunk does not end with a line break");
        }
        part = Part.CHUNK_SIZE;
      }
      default -> {
        if (readLine().isEmpty()) {
          input.endHead();
          part = Part.DONE;
        }
      }
    }
  }

  private void readBytes() throws IOException {
    if (length == limit) {
      truncated = !isUpToTheEnd() || buffer.read(input) >= 0;
      part = Part.DONE;
      return;
    }
    if (length == body.length) {
      body = Arrays.copyOf(body, (int) Math.min(limit, Math.max(FIRST_BUFFER, length * 2L)));
    }
    int wanted = (int) Math.min(left, body.length - length);
    int read = buffer.read(body, length, wanted, input);
    if (read < 0) {
      if (!isUpToTheEnd()) {
        throw new ConnectionClosedException("Connection closed within the body of a response");
      }
      part = Part.DONE;
      return;
    }
    length += read;
    left -= isUpToTheEnd() ? 0 : read;
    if (left == 0) {
      part = isChunked() ? Part.CHUNK_END : Part.DONE;
    }
  }

  private boolean isUpToTheEnd() {
    return left == Long.MAX_VALUE;
  }

  private boolean isChunked() {
    return head != null && head.containsHeader("Transfer-Encoding");
  }

  private long chunkSize() throws IOException {
    String text = readLine();
    int extension = text.indexOf(';');
    try {
      long size = Long.parseLong((extension < 0 ? text : text.substring(0, extension)).trim(), HEX);
      if (size >= 0 && size < Long.MAX_VALUE) {
        return size;
      }
    } catch (NumberFormatException e) {
      // Its text quotes the server.
    }
    throw new MalformedChunkCodingException("The size of a chunk is not a number");
  }

  private String readLine() throws IOException {
    line.clear();
    if (buffer.readLine(line, input) < 0) {
      throw new ConnectionClosedException("Connection closed within the body of a response");
    }
    return line.toString();
  }

  /** The head that was read. */
  ClassicHttpResponse head() throws IOException {
    ClassicHttpResponse known = head;
    if (known == null) {
      throw new IOException("no response");
    }
    return known;
  }

  /** Whether a refusal began before the request had left whole: its words may never arrive. */
  boolean isEarlyRefusal() {
    ClassicHttpResponse known = head;
    return early && known != null && known.getCode() >= HttpStatus.SC_REDIRECTION;
  }

  boolean isEarly() {
    return early;
  }

  byte[] body() {
    return length == body.length ? body : Arrays.copyOf(body, length);
  }

  /** Whether the response ended before its body did. */
  boolean isTruncated() {
    return truncated || part != Part.DONE;
  }

  /** What comes from the wire, as far as it is there. */
  private static final class WireInput extends InputStream {
    private final Wire wire;
    private final NothingThere nothingThere = new NothingThere();
    private ByteBuffer target = ByteBuffer.allocate(0);
    private int headLeft = Integer.MAX_VALUE;
    private int reads;
    private boolean ended;

    WireInput(Wire wire) {
      this.wire = wire;
    }

    /** From now on a head is read: the read after this many bytes of it fails. */
    void beginHead() {
      headLeft = TransportSettings.MAX_HEAD;
    }

    void endHead() {
      headLeft = Integer.MAX_VALUE;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
      if (headLeft <= 0) {
        // The bounds of httpcore's parser are not the same in all of its versions.
        throw new MessageConstraintException("The head of a response is too long");
      }
      if (--reads < 0) {
        throw nothingThere;
      }
      if (target.array() != bytes) {
        // The buffer has one array, so this one serves for long.
        target = ByteBuffer.wrap(bytes);
      }
      int read = wire.read(target.limit(offset + count).position(offset));
      if (read == 0) {
        throw nothingThere;
      }
      ended |= read < 0;
      if (headLeft < Integer.MAX_VALUE) {
        headLeft -= Math.max(read, 0);
      }
      return read;
    }
  }

  /** Thrown before almost every request: nobody asks where it comes from. */
  private static final class NothingThere extends SocketTimeoutException {
    private static final long serialVersionUID = 1L;

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }
}
