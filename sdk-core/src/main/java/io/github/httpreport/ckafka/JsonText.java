package io.github.httpreport.ckafka;

import io.github.httpreport.protocol.Utf8;

/**
 * Text inside a JSON string, escaped as Tencent's own client does: quote, backslash, control
 * characters and the two line separators of Unicode, and nothing else.
 */
final class JsonText {

  private static final byte[] HEX = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };
  private static final int UNICODE_ESCAPE = 6;

  private JsonText() {}

  /** How many bytes {@link #write} writes. */
  static long length(String text) {
    long length = 0;
    for (int i = 0; i < text.length(); i++) {
      length += length(text.charAt(i));
    }
    return length;
  }

  private static int length(char c) {
    if (shortEscape(c) != 0) {
      return 2;
    }
    return needsUnicodeEscape(c) ? UNICODE_ESCAPE : Utf8.width(c);
  }

  /** Writes a text without unpaired surrogates, and tells where it ends. */
  static int write(String text, byte[] target, int at) {
    int end = at;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80 || needsUnicodeEscape(c)) {
        end = writeAsciiOrEscape(c, target, end);
      } else if (Character.isHighSurrogate(c)) {
        i++;
        end = writeUtf8(Character.toCodePoint(c, text.charAt(i)), target, end);
      } else {
        end = writeUtf8(c, target, end);
      }
    }
    return end;
  }

  private static int writeAsciiOrEscape(char c, byte[] target, int at) {
    char escape = shortEscape(c);
    if (escape != 0) {
      target[at] = '\\';
      target[at + 1] = (byte) escape;
      return at + 2;
    }
    if (needsUnicodeEscape(c)) {
      target[at] = '\\';
      target[at + 1] = 'u';
      for (int digit = 0; digit < 4; digit++) {
        target[at + 2 + digit] = HEX[(c >> (12 - 4 * digit)) & 0xf];
      }
      return at + UNICODE_ESCAPE;
    }
    target[at] = (byte) c;
    return at + 1;
  }

  private static int writeUtf8(int codePoint, byte[] target, int at) {
    if (codePoint < 0x800) {
      target[at] = (byte) (0xc0 | (codePoint >> 6));
      target[at + 1] = continuation(codePoint);
      return at + 2;
    }
    if (codePoint < 0x10000) {
      target[at] = (byte) (0xe0 | (codePoint >> 12));
      target[at + 1] = continuation(codePoint >> 6);
      target[at + 2] = continuation(codePoint);
      return at + 3;
    }
    target[at] = (byte) (0xf0 | (codePoint >> 18));
    target[at + 1] = continuation(codePoint >> 12);
    target[at + 2] = continuation(codePoint >> 6);
    target[at + 3] = continuation(codePoint);
    return at + 4;
  }

  private static byte continuation(int bits) {
    return (byte) (0x80 | (bits & 0x3f));
  }

  private static boolean needsUnicodeEscape(char c) {
    return c < ' ' || c == '\u2028' || c == '\u2029';
  }

  private static char shortEscape(char c) {
    return switch (c) {
      case '"', '\\' -> c;
      case '\b' -> 'b';
      case '\f' -> 'f';
      case '\n' -> 'n';
      case '\r' -> 'r';
      case '\t' -> 't';
      default -> 0;
    };
  }
}
