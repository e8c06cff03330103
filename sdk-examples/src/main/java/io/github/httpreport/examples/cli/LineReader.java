package io.github.httpreport.examples.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines that end with LF or CRLF. Whatever the input is, it holds one line at most, and none
 * that is longer than its limit.
 */
final class LineReader implements LineSource {

  /** Far over what a server takes, far under what a small heap holds. */
  static final int MAX_LINE_BYTES = 16 << 20;

  private static final int CHUNK = 64 << 10;
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final InputStream in;
  private final int maxLineBytes;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);
  private final byte[] chunk = new byte[CHUNK];
  private int chunkAt;
  private int chunkEnd;
  private byte[] line = new byte[1024];
  private CharBuffer text = CharBuffer.allocate(1024);
  private long number;
  private long offset;
  private boolean byteOrderMark;

  LineReader(InputStream in) {
    this(in, MAX_LINE_BYTES);
  }

  LineReader(InputStream in, int maxLineBytes) {
    this.in = in;
    this.maxLineBytes = maxLineBytes;
  }

  /** Whether the input began with a byte order mark, which is no part of its first line. */
  boolean hadByteOrderMark() {
    return byteOrderMark;
  }

  /** How many bytes the lines so far have, with what ended them. */
  long offset() {
    return offset;
  }

  @Override
  public @Nullable Line next() throws IOException {
    long start = offset;
    long length = 0;
    boolean ended = false;
    while (!ended && fill()) {
      int end = indexOfNewline();
      ended = end < chunkEnd;
      length += keep(length, end - chunkAt);
      offset += end - chunkAt + (ended ? 1 : 0);
      chunkAt = end + (ended ? 1 : 0);
    }
    if (length == 0 && !ended) {
      return null;
    }
    number++;
    return length > maxLineBytes
        ? new Line.TooLong(number, start, length)
        : decode(start, withoutReturn((int) length, ended));
  }

  private boolean fill() throws IOException {
    if (chunkAt == chunkEnd) {
      chunkAt = 0;
      chunkEnd = Math.max(0, in.read(chunk));
    }
    return chunkEnd > 0;
  }

  private int indexOfNewline() {
    int at = chunkAt;
    while (at < chunkEnd && chunk[at] != '\n') {
      at++;
    }
    return at;
  }

  /** Keeps these bytes of the chunk behind those of the line so far, unless it is too long. */
  private int keep(long length, int more) {
    long total = length + more;
    if (total <= maxLineBytes) {
      if (total > line.length) {
        line = Arrays.copyOf(line, (int) Math.min(maxLineBytes, Math.max(total, line.length * 2L)));
      }
      System.arraycopy(chunk, chunkAt, line, (int) length, more);
    }
    return more;
  }

  private int withoutReturn(int length, boolean ended) {
    return ended && length > 0 && line[length - 1] == '\r' ? length - 1 : length;
  }

  private Line decode(long start, int length) {
    if (text.capacity() < length) {
      text = CharBuffer.allocate(Math.max(length, text.capacity() * 2));
    }
    text.clear();
    ByteBuffer bytes = ByteBuffer.wrap(line, 0, length);
    CoderResult result = decoder.reset().decode(bytes, text, true);
    if (result.isError()) {
      return new Line.NotUtf8(number, start + bytes.position(), Arrays.copyOf(line, length));
    }
    text.flip();
    if (number == 1 && text.hasRemaining() && text.charAt(0) == BYTE_ORDER_MARK) {
      byteOrderMark = true;
      text.get();
    }
    return new Line.TextLine(number, text.toString());
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
