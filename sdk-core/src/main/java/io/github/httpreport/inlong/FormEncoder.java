package io.github.httpreport.inlong;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes text as the value of a form field, straight into the bytes of a request. Writes eight
 * bytes for two characters that take less, and the next ones over what was too much: asking of each
 * character whether to escape it costs more, since a processor cannot guess the outcome. Immutable.
 */
final class FormEncoder {

  // First, because the encoders are made with it.
  private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

  static final FormEncoder STANDARD = new FormEncoder("-._~", false);
  static final FormEncoder COMPACT = new FormEncoder("!\"$'()*,-./:<=>?@[\\]^_`{|}~", true);

  /** How many bytes behind a text may be overwritten with anything. */
  static final int SLACK = 7;

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** For each byte of UTF-8 what it is written as, lowest byte first; the highest is its width. */
  private final int[] written = new int[256];

  /** The same for each two characters of ASCII, the first in the higher bits of the index. */
  private final long[] pairs = new long[0x80 * 0x80];

  /** For each char of ISO 8859-1, which is what a text without others is stored in, its width. */
  private final byte[] widths = new byte[256];

  private final boolean rawUtf8;
  private final int widthOfByte;

  private FormEncoder(String plainPunctuation, boolean rawUtf8) {
    this.rawUtf8 = rawUtf8;
    widthOfByte = rawUtf8 ? 1 : 3;
    Arrays.setAll(written, FormEncoder::escaped);
    String unescaped =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + plainPunctuation;
    for (byte c : unescaped.getBytes(StandardCharsets.US_ASCII)) {
      written[c] = plain(c);
    }
    written[' '] = plain('+');
    Arrays.setAll(pairs, i -> pair(written[i >> 7], written[i & 0x7f]));
    for (int c = 0; c < widths.length; c++) {
      widths[c] = (byte) (c < 0x80 ? written[c] >>> 24 : 2 * widthOfByte);
    }
  }

  private static int plain(int octet) {
    return 1 << 24 | octet;
  }

  private static int escaped(int octet) {
    return 3 << 24 | HEX[octet & 0xf] << 16 | HEX[octet >> 4] << 8 | '%';
  }

  private static long pair(int first, int second) {
    int width = first >>> 24;
    int end = 8 * width;
    long bytes = (first & ((1L << end) - 1)) | ((second & 0xffffffL) << end);
    return (long) (width + (second >>> 24)) << 56 | bytes;
  }

  static FormEncoder of(FormEncoding encoding) {
    return encoding == FormEncoding.COMPACT ? COMPACT : STANDARD;
  }

  /**
   * The length of well-formed text once written, in bytes. The loop is one that the compiler can
   * unroll: a text stored in ISO 8859-1 costs it a load and an addition per char.
   */
  long encodedLength(String text) {
    byte[] latin1 = widths;
    long length = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      length += c < 0x100 ? latin1[c] : widthOfWide(c);
    }
    return length;
  }

  /** A pair of surrogates is four bytes, so each of them counts for two. */
  private int widthOfWide(char c) {
    return (c < 0x800 || Character.isSurrogate(c) ? 2 : 3) * widthOfByte;
  }

  /** How many bytes so many chars of text are written as, at most. */
  int longest(int chars) {
    return chars * 3 * widthOfByte;
  }

  /**
   * Writes a part of well-formed text. A surrogate pair belongs to the part that its second half is
   * in.
   *
   * @param text in an array: to ask a string for each char is to ask it each time how it is stored
   * @param target with room for the {@link #longest} text of one char more, and for {@link #SLACK}
   *     bytes behind it, which may be overwritten
   * @return where the text ends in the target
   */
  int encode(char[] text, int start, int end, byte[] target, int from) {
    // A copy: after each write into the target the field would be read again.
    long[] ascii = pairs;
    int position = from;
    int i = start;
    for (; i < end - 1; i += 2) {
      char first = text[i];
      char second = text[i + 1];
      if ((first | second) >= 0x80) {
        return encodeAny(text, i, end, target, position);
      }
      long bytes = ascii[first << 7 | second];
      LONGS.set(target, position, bytes);
      position += (int) (bytes >>> 56);
    }
    return encodeAny(text, i, end, target, position);
  }

  /** By itself, so that the loop for ASCII stays as small as it is once others were seen. */
  private int encodeAny(char[] text, int start, int end, byte[] target, int from) {
    int position = from;
    for (int i = start; i < end; i++) {
      char c = text[i];
      if (c < 0x80) {
        int bytes = written[c];
        INTS.set(target, position, bytes);
        position += bytes >>> 24;
      } else {
        position = encodeWide(text, i, target, position);
      }
    }
    return position;
  }

  /** Writes a pair of surrogates at its second, so that the caller's loop steps evenly. */
  private int encodeWide(char[] text, int index, byte[] target, int position) {
    char c = text[index];
    if (c < 0x800) {
      int utf8 = (0xc0 | c >> 6) | last(c) << 8;
      return write(utf8, 2, target, position);
    }
    if (!Character.isSurrogate(c)) {
      int utf8 = (0xe0 | c >> 12) | last(c >> 6) << 8 | last(c) << 16;
      return write(utf8, 3, target, position);
    }
    return Character.isLowSurrogate(c)
        ? write(utf8(text[index - 1], c), 4, target, position)
        : position;
  }

  private static int utf8(char high, char low) {
    int c = Character.toCodePoint(high, low);
    return (0xf0 | c >> 18) | last(c >> 12) << 8 | last(c >> 6) << 16 | last(c) << 24;
  }

  /** The byte of UTF-8 that carries the last six bits. */
  private static int last(int bits) {
    return 0x80 | (bits & 0x3f);
  }

  /** Writes bytes of UTF-8 that are not ASCII, lowest first. */
  private int write(int utf8, int count, byte[] target, int from) {
    if (rawUtf8) {
      INTS.set(target, from, utf8);
      return from + count;
    }
    int position = from;
    for (int rest = utf8, i = 0; i < count; rest >>>= 8, i++) {
      INTS.set(target, position, written[rest & 0xff]);
      position += 3;
    }
    return position;
  }
}
