package io.github.httpreport.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads requests from a connection, within the bounds of the real server. For one thread. */
final class HttpInput {

  private static final Logger log = LoggerFactory.getLogger(HttpInput.class);
  private static final int MAX_LINE = 4096;
  private static final int MAX_HEADERS = 8192;

  private final Socket socket;
  private final InputStream in;
  private final long idleNanos;
  private final byte[] buffer = new byte[32 * 1024];
  private int at;
  private int end;
  private int headStart;
  private byte[] body = {};
  private long lastRequest = System.nanoTime();
  private boolean detached;

  HttpInput(Socket socket, Duration idleTimeout) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
    this.idleNanos = idleTimeout.toNanos();
  }

  /**
   * Waits for the first byte of a request.
   *
   * @return false at the end of the stream
   * @throws SocketTimeoutException when the idle time is over
   */
  boolean await() throws IOException {
    while (at < end || fill()) {
      if ((buffer[at] & 0xff) > ' ') {
        return true;
      }
      at++;
    }
    return false;
  }

  RequestHead head() throws IOException, BadRequestException {
    List<String> lines = new ArrayList<>(8);
    headStart = at;
    lines.add(line(MAX_LINE));
    // Said at once of what is no HTTP: there may be no more to come.
    RequestHead.requestLine(lines.get(0));
    int room = MAX_HEADERS;
    for (String line = line(room); !line.isEmpty(); line = line(room)) {
      room -= line.length();
      lines.add(line);
    }
    return RequestHead.parse(lines);
  }

  /** What came since the head began, as far as it is still here. */
  String received() {
    return new String(buffer, headStart, end - headStart, ISO_8859_1);
  }

  /** Reads the body; null where a chunked one goes over the limit. */
  @Nullable ReceivedRequest body(RequestHead head, int maxBytes)
      throws IOException, BadRequestException {
    int length = head.chunked() ? chunks(maxBytes) : fixed((int) head.contentLength(), 0);
    lastRequest = System.nanoTime();
    return length < 0 ? null : new ReceivedRequest(head, body, length);
  }

  void skip(long bytes) throws IOException {
    for (long left = bytes; left > 0; ) {
      if (at == end) {
        require();
      }
      int taken = (int) Math.min(left, end - at);
      at += taken;
      left -= taken;
    }
  }

  /** From now on only what already came is read. */
  void detach() {
    detached = true;
  }

  /** Reads and forgets until the client ends the connection; without end where the time is zero. */
  static void drain(Socket socket, Duration silence) throws IOException {
    socket.setSoTimeout(Math.toIntExact(silence.toMillis()));
    try {
      socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (SocketTimeoutException e) {
      log.trace("a client that was told of the end stays silent");
    }
  }

  private int fixed(int length, int offset) throws IOException {
    reserve(offset + length);
    for (int read = 0; read < length; ) {
      if (at == end) {
        require();
      }
      int taken = Math.min(length - read, end - at);
      System.arraycopy(buffer, at, body, offset + read, taken);
      at += taken;
      read += taken;
    }
    return offset + length;
  }

  private int chunks(int maxBytes) throws IOException, BadRequestException {
    int length = 0;
    while (true) {
      int size = chunkSize(line(MAX_LINE));
      if (size == 0) {
        skipTrailers();
        return length;
      }
      if (size > maxBytes - length) {
        return -1;
      }
      length = fixed(size, length);
      if (!line(MAX_LINE).isEmpty()) {
        throw new BadRequestException("no end of chunk");
      }
    }
  }

  private static int chunkSize(String line) throws BadRequestException {
    int cut = line.indexOf(';');
    String digits = (cut < 0 ? line : line.substring(0, cut)).strip();
    boolean hex = !digits.isEmpty() && digits.chars().allMatch(c -> Character.digit(c, 16) >= 0);
    if (!hex || digits.length() > 7) {
      throw new BadRequestException("not a chunk size");
    }
    return Integer.parseInt(digits, 16);
  }

  private void skipTrailers() throws IOException, BadRequestException {
    for (int room = MAX_HEADERS; ; ) {
      String line = line(room);
      if (line.isEmpty()) {
        return;
      }
      room -= line.length();
    }
  }

  private void reserve(int bytes) {
    if (body.length < bytes) {
      body = Arrays.copyOf(body, Math.max(bytes, 2 * body.length));
    }
  }

  private String line(int max) throws IOException, BadRequestException {
    StringBuilder line = null;
    while (true) {
      if (at == end) {
        require();
      }
      int start = at;
      while (at < end && buffer[at] != '\n') {
        at++;
      }
      String part = new String(buffer, start, at - start, ISO_8859_1);
      if (part.length() + (line == null ? 0 : line.length()) > max + 1) {
        throw BadRequestException.lineTooLong();
      }
      if (at < end) {
        at++;
        return stripReturn(line == null ? part : line.append(part).toString(), max);
      }
      line = line == null ? new StringBuilder(part) : line.append(part);
    }
  }

  private static String stripReturn(String line, int max) throws BadRequestException {
    String text = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    if (text.length() > max) {
      throw BadRequestException.lineTooLong();
    }
    return text;
  }

  private void require() throws IOException {
    if (!fill()) {
      throw new EOFException("connection ended in a request");
    }
  }

  private boolean fill() throws IOException {
    if (detached) {
      return false;
    }
    long left = idleNanos - (System.nanoTime() - lastRequest);
    if (left <= 0) {
      throw new SocketTimeoutException("idle");
    }
    socket.setSoTimeout((int) Math.min(Integer.MAX_VALUE, TimeUnit.NANOSECONDS.toMillis(left) + 1));
    at = 0;
    headStart = 0;
    end = Math.max(0, in.read(buffer));
    return end > 0;
  }
}
