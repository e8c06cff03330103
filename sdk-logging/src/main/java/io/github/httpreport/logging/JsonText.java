package io.github.httpreport.logging;

/**
 * JSON strings. By hand, because each log event passes here and Jackson would leave half a
 * surrogate pair as it is, for which UTF-8 has no bytes. It becomes U+FFFD, and not an escape,
 * because readers of JSON refuse the escape of half a pair.
 */
final class JsonText {

  private static final char REPLACEMENT = '\ufffd';

  private JsonText() {}

  static void quote(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (needsEscape(c)) {
        escape(c, out);
      } else if (Character.isSurrogate(c) && isHalf(text, i)) {
        out.append(REPLACEMENT);
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }

  /** The two line separators of Unicode too: some readers of lines end a line at them. */
  private static boolean needsEscape(char c) {
    return c < ' ' || c == '"' || c == '\\' || c == '\u007f' || c == '\u2028' || c == '\u2029';
  }

  private static boolean isHalf(String text, int index) {
    char c = text.charAt(index);
    if (Character.isHighSurrogate(c)) {
      return index + 1 == text.length() || !Character.isLowSurrogate(text.charAt(index + 1));
    }
    return (index == 0 || !Character.isHighSurrogate(text.charAt(index - 1)));
  }

  private static void escape(char c, StringBuilder out) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default ->
          out.append("\\u")
              .append(hex(c >> 12))
              .append(hex(c >> 8))
              .append(hex(c >> 4))
              .append(hex(c));
    }
  }

  private static char hex(int value) {
    return Character.forDigit(value & 0xf, 16);
  }
}
