package io.github.httpreport.examples.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/**
 * Takes the head of a request byte by byte, wherever the network cut it, and makes no object on the
 * way. Used by one thread.
 */
final class HeadParser {

  /** What is asked for. */
  enum Asked {
    REPORT,
    HEARTBEAT,
    NODES,
    SOMETHING_ELSE
  }

  private static final int LONGEST_LINE = 8192;
  private static final byte[] REPORT = ascii("POST /dataproxy/message ");
  private static final byte[] HEARTBEAT = ascii("GET /dataproxy/heartbeat ");
  private static final byte[] POST = ascii("POST ");
  private static final byte[] NODES = ascii("/inlong/manager/openapi/dataproxy/getIpList/");
  private static final byte[] CONTENT_LENGTH = ascii("content-length:");
  private static final byte[] CONNECTION = ascii("connection:");
  private static final byte[] CLOSE = ascii("close");

  private byte[] line = new byte[256];
  private int lineLength;
  private boolean firstLine;
  private Asked asked;
  private int nodes;
  private long contentLength;
  private boolean close;
  private int length;

  HeadParser() {
    asked = Asked.SOMETHING_ELSE;
    reset();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }

  /** Makes ready for the next request. */
  void reset() {
    lineLength = 0;
    firstLine = true;
    asked = Asked.SOMETHING_ELSE;
    nodes = 0;
    contentLength = 0;
    close = false;
    length = 0;
  }

  /**
   * Takes the next byte.
   *
   * @return whether it was the last of the head
   * @throws IllegalArgumentException if this is no head
   */
  boolean take(byte next) {
    length++;
    if (next != '\n') {
      append(next);
      return false;
    }
    if (lineLength > 0 && line[lineLength - 1] == '\r') {
      lineLength--;
    }
    boolean end = lineLength == 0;
    if (firstLine) {
      takeRequestLine();
      firstLine = false;
    } else if (!end) {
      takeHeader();
    }
    lineLength = 0;
    return end;
  }

  private void append(byte next) {
    if (lineLength == line.length) {
      if (lineLength == LONGEST_LINE) {
        throw new IllegalArgumentException("a line of the head is too long");
      }
      line = Arrays.copyOf(line, lineLength * 2);
    }
    line[lineLength++] = next;
  }

  private void takeRequestLine() {
    if (startsWith(REPORT)) {
      asked = Asked.REPORT;
    } else if (startsWith(HEARTBEAT)) {
      asked = Asked.HEARTBEAT;
    } else if (startsWith(POST)) {
      takeManagerPath();
    }
  }

  /** {@code /3/inlong/manager/...}: a Manager that lists three nodes. */
  private void takeManagerPath() {
    int position = POST.length;
    if (position < lineLength && line[position] == '/') {
      int digits = position + 1;
      int number = 0;
      while (digits < lineLength && isDigit(line[digits]) && digits - position < 6) {
        number = number * 10 + line[digits++] - '0';
      }
      if (digits > position + 1 && matches(NODES, digits)) {
        asked = Asked.NODES;
        nodes = number;
      }
    }
  }

  private void takeHeader() {
    if (startsWith(CONTENT_LENGTH)) {
      contentLength = number(afterSpaces(CONTENT_LENGTH.length));
    } else if (startsWith(CONNECTION)) {
      close = matches(CLOSE, afterSpaces(CONNECTION.length));
    }
  }

  private long number(int from) {
    long number = 0;
    for (int i = from; i < lineLength; i++) {
      if (!isDigit(line[i]) || number > Integer.MAX_VALUE) {
        throw new IllegalArgumentException("the content length is none");
      }
      number = number * 10 + line[i] - '0';
    }
    return number;
  }

  private int afterSpaces(int from) {
    int position = from;
    while (position < lineLength && line[position] == ' ') {
      position++;
    }
    return position;
  }

  private boolean startsWith(byte[] expected) {
    return matches(expected, 0);
  }

  /** Letters of either case, as in the names of headers. */
  private boolean matches(byte[] expected, int from) {
    if (lineLength - from < expected.length) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      if (lower(line[from + i]) != lower(expected[i])) {
        return false;
      }
    }
    return true;
  }

  private static int lower(byte letter) {
    return letter >= 'A' && letter <= 'Z' ? letter + ('a' - 'A') : letter;
  }

  static boolean isDigit(byte character) {
    return character >= '0' && character <= '9';
  }

  Asked asked() {
    return asked;
  }

  /** How many nodes are to be listed. */
  int nodes() {
    return nodes;
  }

  long contentLength() {
    return contentLength;
  }

  /** Whether the connection is to be closed after the answer. */
  boolean close() {
    return close;
  }

  /** Of the head so far, in bytes. */
  int length() {
    return length;
  }
}
