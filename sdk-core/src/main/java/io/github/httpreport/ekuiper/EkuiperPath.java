package io.github.httpreport.ekuiper;

import io.github.httpreport.protocol.support.Utf8;
import java.util.regex.Pattern;

/**
 * Paths as the DATASOURCE of a stream has them, and as a request has them. The server compares
 * after decoding, so whatever is escaped here arrives as it was written.
 */
final class EkuiperPath {

  /** The server answers these with a redirect to the path that it makes of them. */
  private static final Pattern UNCLEAN = Pattern.compile("//|/\\.{1,2}(/|$)");

  private EkuiperPath() {}

  /**
   * Checks that a path means one endpoint and nothing else.
   *
   * @param name whose path it is, for the error
   */
  static void check(String path, String name) {
    if (path == null || !path.startsWith("/")) {
      throw new IllegalArgumentException(name + " must start with a slash");
    }
    if (UNCLEAN.matcher(path).find()) {
      throw new IllegalArgumentException(
          name + " must not hold an empty, . or .. segment, which the server would take out");
    }
    checkCharacters(path, name);
  }

  /** Checks that an id is one segment of a path. */
  static void checkSegment(String id, String name) {
    if (id.indexOf('/') >= 0) {
      throw new IllegalArgumentException(
          name + " must not hold a slash: it names one segment of a path");
    }
    if (id.equals(".") || id.equals("..")) {
      throw new IllegalArgumentException(name + " must not be . or .. as it names a path");
    }
    checkCharacters(id, name);
  }

  private static void checkCharacters(String text, String name) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        throw new IllegalArgumentException(name + " holds a control character at index " + i);
      }
    }
    try {
      Utf8.check(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + ' ' + e.getMessage(), e);
    }
  }
}
