package io.github.httpreport.protocol.support;

/** What a text is in UTF-8, without writing it. */
public final class Utf8 {

  private Utf8() {}

  /**
   * Finds what UTF-8 cannot carry: every encoder would put something else in its place.
   *
   * @param text any text
   * @return the index of the first half of a surrogate pair that stands alone, or -1
   */
  public static int unpairedSurrogate(String text) {
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

  /**
   * Checks that UTF-8 can carry a text.
   *
   * @param text any text
   * @throws IllegalArgumentException if it cannot; the text says where, and reads on from "body 3 "
   */
  public static void check(String text) {
    int half = unpairedSurrogate(text);
    if (half >= 0) {
      throw new IllegalArgumentException(
          "holds half a surrogate pair at index " + half + ", which UTF-8 cannot carry");
    }
  }

  /**
   * Checks that UTF-8 can carry a text with a name.
   *
   * @param name what the text is, for example {@code groupId}
   * @param text any text
   * @throws IllegalArgumentException if it cannot; the text begins with the name
   */
  public static void check(String name, String text) {
    try {
      check(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + ' ' + e.getMessage(), e);
    }
  }

  /**
   * The size of a text.
   *
   * @param text a text that UTF-8 can carry
   * @return in bytes
   */
  public static long length(String text) {
    long length = 0;
    for (int i = 0; i < text.length(); i++) {
      length += width(text.charAt(i));
    }
    return length;
  }

  /**
   * The size of a char. A pair of surrogates is four bytes, so each of them counts for two.
   *
   * @param c any char
   * @return in bytes, from 1 to 3
   */
  public static int width(char c) {
    if (c < 0x80) {
      return 1;
    }
    return c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
  }
}
