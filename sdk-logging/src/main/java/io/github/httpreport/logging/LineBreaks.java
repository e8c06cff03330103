package io.github.httpreport.logging;

/** Line breaks in the text of an event, which a server would take for the end of a message. */
final class LineBreaks {

  private LineBreaks() {}

  /** Without the line breaks at the end, with which a layout for files ends each event. */
  static String withoutLast(String text) {
    int end = text.length();
    while (end > 0 && isBreak(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }

  /** With {@code \n} and {@code \r} as two characters each. */
  static String escaped(String text) {
    if (text.indexOf('\n') < 0 && text.indexOf('\r') < 0) {
      return text;
    }
    return text.replace("\r", "\\r").replace("\n", "\\n");
  }

  private static boolean isBreak(char c) {
    return c == '\n' || c == '\r';
  }
}
