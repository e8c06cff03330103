package io.github.httpreport.inlong;

import java.nio.charset.StandardCharsets;

/**
 * Writes text as the value of a form field, straight into the bytes of a request. Works through
 * chunks of chars copied out of the text, which is about twice as fast as asking the text for each
 * char. Immutable.
 */
final class FormEncoder {

  static final FormEncoder STANDARD = new FormEncoder("-._~", false);
  static final FormEncoder COMPACT = new FormEncoder("!\"$'()*,-./:<=>?@[\\]^_`{|}~", true);

  private static final int CHUNK = 512;
  private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

  /** What an ASCII character is written as, or 0 when it has to be escaped. */
  private final byte[] plain = new byte[128];

  private final boolean rawUtf8;
  private final int widthOfByte;

  private FormEncoder(String plainPunctuation, boolean rawUtf8) {
    this.rawUtf8 = rawUtf8;
    widthOfByte = rawUtf8 ? 1 : 3;
    String unescaped =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + plainPunctuation;
    for (byte c : unescaped.getBytes(StandardCharsets.US_ASCII)) {
      plain[c] = c;
    }
    plain[' '] = '+';
  }

  static FormEncoder of(FormEncoding encoding) {
    return encoding == FormEncoding.COMPACT ? COMPACT : STANDARD;
  }

  /**
   * Finds what UTF-8 cannot carry.
   *
   * @return the index of the first half of a surrogate pair that stands alone, or -1
   */
  static int unpairedSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (!isPair(text, i)) {
          return i;
        }
        i++;
      }
    }
    return -1;
  }

  private static boolean isPair(String text, int index) {
    return Character.isHighSurrogate(text.charAt(index))
        && index + 1 < text.length()
        && Character.isLowSurrogate(text.charAt(index + 1));
  }

  /** Scratch space for texts of at most this many characters. */
  static char[] chunk(int longest) {
    return new char[Math.min(longest, CHUNK)];
  }

  /** The length of well-formed text once written, in bytes. */
  long encodedLength(String text) {
    int chars = text.length();
    long length = 0;
    for (int i = 0; i < chars; i++) {
      char c = text.charAt(i);
      if (c < plain.length) {
        length += plain[c] != 0 ? 1 : 3;
      } else if (c < 0x800) {
        length += 2L * widthOfByte;
      } else if (!Character.isSurrogate(c)) {
        length += 3L * widthOfByte;
      } else {
        length += 4L * widthOfByte;
        i++;
      }
    }
    return length;
  }

  /** Writes one well-formed text into bytes of exactly its encoded length. */
  void encode(String text, byte[] target) {
    encode(text, target, 0, target.length, chunk(text.length()));
  }

  /**
   * Writes well-formed text.
   *
   * @param to {@code from} plus the text's encoded length
   * @param chunk scratch space of {@link #chunk}, for as many texts as one thread writes
   */
  void encode(String text, byte[] target, int from, int to, char[] chunk) {
    if (to - from == text.length()) {
      copy(text, target, from, to);
      return;
    }
    int position = from;
    for (int start = 0; start < text.length(); ) {
      int end = endOfChunk(text, start);
      text.getChars(start, end, chunk, 0);
      position = encode(chunk, end - start, target, position);
      start = end;
    }
  }

  /** One byte for each char: nothing is escaped, so all of it is ASCII and copied as it is. */
  @SuppressWarnings("deprecation") // drops high bytes, of which there are none
  private static void copy(String text, byte[] target, int from, int to) {
    text.getBytes(0, text.length(), target, from);
    for (int i = from; i < to; i++) {
      if (target[i] == ' ') {
        target[i] = '+';
      }
    }
  }

  private static int endOfChunk(String text, int start) {
    int end = Math.min(text.length(), start + CHUNK);
    boolean cutsPair = end < text.length() && Character.isHighSurrogate(text.charAt(end - 1));
    return cutsPair ? end - 1 : end;
  }

  private int encode(char[] chars, int count, byte[] target, int from) {
    int position = from;
    for (int i = 0; i < count; i++) {
      char c = chars[i];
      if (c >= plain.length) {
        int codePoint = Character.isSurrogate(c) ? Character.toCodePoint(c, chars[++i]) : c;
        position =
            rawUtf8 ? utf8(codePoint, target, position) : escaped(codePoint, target, position);
      } else if (plain[c] != 0) {
        target[position++] = plain[c];
      } else {
        position = escape(c, target, position);
      }
    }
    return position;
  }

  private static int utf8(int codePoint, byte[] target, int position) {
    if (codePoint < 0x800) {
      target[position] = (byte) (0xc0 | (codePoint >> 6));
      target[position + 1] = continuation(codePoint);
      return position + 2;
    }
    if (codePoint < 0x10000) {
      target[position] = (byte) (0xe0 | (codePoint >> 12));
      target[position + 1] = continuation(codePoint >> 6);
      target[position + 2] = continuation(codePoint);
      return position + 3;
    }
    target[position] = (byte) (0xf0 | (codePoint >> 18));
    target[position + 1] = continuation(codePoint >> 12);
    target[position + 2] = continuation(codePoint >> 6);
    target[position + 3] = continuation(codePoint);
    return position + 4;
  }

  private static byte continuation(int bits) {
    return (byte) (0x80 | (bits & 0x3f));
  }

  private static int escaped(int codePoint, byte[] target, int from) {
    if (codePoint < 0x800) {
      int second = escape(0xc0 | (codePoint >> 6), target, from);
      return escape(continuation(codePoint) & 0xff, target, second);
    }
    int last;
    if (codePoint < 0x10000) {
      int second = escape(0xe0 | (codePoint >> 12), target, from);
      last = escape(continuation(codePoint >> 6) & 0xff, target, second);
    } else {
      int second = escape(0xf0 | (codePoint >> 18), target, from);
      int third = escape(continuation(codePoint >> 12) & 0xff, target, second);
      last = escape(continuation(codePoint >> 6) & 0xff, target, third);
    }
    return escape(continuation(codePoint) & 0xff, target, last);
  }

  private static int escape(int value, byte[] target, int position) {
    target[position] = '%';
    target[position + 1] = HEX[value >> 4];
    target[position + 2] = HEX[value & 0xf];
    return position + 3;
  }
}
