package io.github.httpreport.common;

import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Keeps text that others wrote on one line of a log or an exception, with nothing hidden in it. */
public final class Printable {

  private static final int MAX_QUOTED = 200;

  /** Control and format characters and line separators could forge or hide a log line. */
  private static final Pattern UNPRINTABLE =
      Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

  private Printable() {}

  /**
   * The text with what cannot be printed as Java escapes, such as {@code \}{@code u000a}.
   *
   * @param text of any length, holding anything
   * @return the same for most texts
   */
  public static String escaped(String text) {
    return UNPRINTABLE.matcher(text).replaceAll(Printable::escape);
  }

  private static String escape(MatchResult found) {
    return found
        .group()
        .chars()
        .mapToObj(c -> String.format(Locale.ROOT, "\\\\u%04x", c))
        .collect(Collectors.joining());
  }

  /**
   * A wrong argument, for the text that says so.
   *
   * @param text of any length, holding anything
   * @return its start in quotes, escaped; null without quotes
   */
  public static String quoted(@Nullable String text) {
    return text == null ? "null" : '"' + escaped(start(text, MAX_QUOTED)) + '"';
  }

  /**
   * The text with spaces for what cannot be printed.
   *
   * @param text of any length, holding anything
   * @param most how many chars to take
   * @return its start, then dots if there was more
   */
  public static String onOneLine(String text, int most) {
    return UNPRINTABLE.matcher(start(text, most)).replaceAll(" ");
  }

  private static String start(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    boolean cutsPair = Character.isHighSurrogate(text.charAt(most - 1));
    return text.substring(0, cutsPair ? most - 1 : most) + "...";
  }
}
