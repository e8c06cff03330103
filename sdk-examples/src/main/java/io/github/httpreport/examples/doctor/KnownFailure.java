package io.github.httpreport.examples.doctor;

import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A row of the table in {@code docs/troubleshooting.md}. Immutable.
 *
 * @param messages the messages as the row writes them
 * @param cause the likely cause
 * @param remedy what to do
 * @param patterns what the messages look like in a real text
 */
public record KnownFailure(
    List<String> messages, String cause, String remedy, List<Pattern> patterns) {

  /**
   * Three dots, HOST:PORT, a letter such as N, and a number, which is an example unless it is the
   * code of a server.
   */
  private static final Pattern PLACEHOLDER =
      Pattern.compile(
          "(?<any>\\.\\.\\.)|(?<number>(?<!answered |HTTP )\\b[0-9][0-9,]*)|HOST:PORT|\\b[A-Z]\\b");

  /** Takes copies. */
  public KnownFailure {
    messages = List.copyOf(messages);
    patterns = List.copyOf(patterns);
  }

  static KnownFailure of(List<String> messages, String cause, String remedy) {
    return new KnownFailure(
        messages, cause, remedy, messages.stream().map(KnownFailure::patternOf).toList());
  }

  private static Pattern patternOf(String message) {
    StringBuilder regex = new StringBuilder();
    Matcher placeholder = PLACEHOLDER.matcher(message);
    int end = 0;
    while (placeholder.find()) {
      regex.append(Pattern.quote(message.substring(end, placeholder.start())));
      regex.append(regexOf(placeholder));
      end = placeholder.end();
    }
    return Pattern.compile(
        regex.append(Pattern.quote(message.substring(end))).toString(),
        Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  }

  private static String regexOf(Matcher placeholder) {
    if (placeholder.group("any") != null) {
      return ".*?";
    }
    return placeholder.group("number") != null ? "[0-9,]+" : "\\S+";
  }

  /** Where the message stands in a text; the later, the nearer to the cause. */
  OptionalInt positionIn(String text) {
    return patterns.stream()
        .map(pattern -> pattern.matcher(text))
        .filter(Matcher::find)
        .mapToInt(Matcher::start)
        .max();
  }
}
