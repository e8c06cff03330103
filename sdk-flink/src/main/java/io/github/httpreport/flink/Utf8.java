package io.github.httpreport.flink;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/** Text as UTF-8. */
final class Utf8 {

  private static final char REPLACEMENT = '\uFFFD';

  private Utf8() {}

  /**
   * The text of these bytes, none of them replaced.
   *
   * @throws InvalidRecordException if they are no UTF-8
   */
  static String decode(byte[] bytes) {
    String text = new String(bytes, UTF_8);
    // The fast decoder writes this character for bytes that are no text; it may be in a text, too.
    return text.indexOf(REPLACEMENT) < 0 ? text : decodeStrictly(bytes);
  }

  private static String decodeStrictly(byte[] bytes) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new InvalidRecordException(
          "body must be text in UTF-8, but the serializer gave "
              + bytes.length
              + " bytes that are not",
          e);
    }
  }

  /** How many bytes a text has in UTF-8; each half of a broken pair counts as three. */
  static long length(String text) {
    long length = text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        length += c >= 0x800 && !isInPair(text, i) ? 2 : 1;
      }
    }
    return length;
  }

  /** A pair of two characters has four bytes. */
  private static boolean isInPair(String text, int index) {
    char c = text.charAt(index);
    if (Character.isHighSurrogate(c)) {
      return index + 1 < text.length() && Character.isLowSurrogate(text.charAt(index + 1));
    }
    return Character.isLowSurrogate(c)
        && index > 0
        && Character.isHighSurrogate(text.charAt(index - 1));
  }
}
