package io.github.httpreport.kafka.connect;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Text with placeholders for the name of a topic and for the groups of the pattern that it matched:
 * {@code ${topic}}, {@code ${1}}, {@code ${name}}. Immutable.
 */
final class TopicTemplate {

  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}]*)}");
  private static final String TOPIC = "topic";

  /** A literal text, or a part of the topic. */
  private interface Part {
    @Nullable String of(String topic, @Nullable Matcher matched);
  }

  private final List<Part> parts;

  private TopicTemplate(List<Part> parts) {
    this.parts = parts;
  }

  /**
   * Reads a template.
   *
   * @param pattern where the groups are, or null for none
   * @throws BadOptionException if it names a group that the pattern does not have
   */
  static TopicTemplate parse(String option, String text, @Nullable Pattern pattern) {
    List<Part> parts = new ArrayList<>();
    Matcher placeholder = PLACEHOLDER.matcher(text);
    int end = 0;
    while (placeholder.find()) {
      parts.add(literal(text.substring(end, placeholder.start())));
      parts.add(part(option, placeholder.group(1), pattern));
      end = placeholder.end();
    }
    parts.add(literal(text.substring(end)));
    return new TopicTemplate(List.copyOf(parts));
  }

  private static Part literal(String text) {
    return (topic, matched) -> text;
  }

  private static Part part(String option, String name, @Nullable Pattern pattern) {
    if (name.equals(TOPIC)) {
      return (topic, matched) -> topic;
    }
    if (pattern == null || !hasGroup(pattern, name)) {
      throw new BadOptionException(
          option,
          "${"
              + name
              + "} is neither ${topic} nor a group of "
              + HttpReportSinkConfig.TOPIC_PATTERN
              + (pattern == null ? ", which is not set" : " " + pattern));
    }
    return isNumber(name)
        ? group(matched -> matched.group(Integer.parseInt(name)))
        : group(matched -> matched.group(name));
  }

  private static Part group(Function<Matcher, @Nullable String> reader) {
    return (topic, matched) -> matched == null ? null : reader.apply(matched);
  }

  private static boolean isNumber(String name) {
    return name.matches("[0-9]{1,3}");
  }

  private static boolean hasGroup(Pattern pattern, String name) {
    return isNumber(name)
        ? Integer.parseInt(name) <= pattern.matcher("").groupCount()
        : hasNamedGroup(pattern, name);
  }

  /** Java 17 lists no names of groups, and compiles a back reference only to one that exists. */
  private static boolean hasNamedGroup(Pattern pattern, String name) {
    if (!name.matches("[A-Za-z][A-Za-z0-9]*")) {
      return false;
    }
    try {
      Pattern.compile("(?:" + pattern.pattern() + ")\\k<" + name + '>');
      return true;
    } catch (PatternSyntaxException e) {
      return false;
    }
  }

  /** The text for a topic; a group that took no part in the match is empty. */
  String of(String topic, @Nullable Matcher matched) {
    StringBuilder text = new StringBuilder();
    for (Part part : parts) {
      String value = part.of(topic, matched);
      text.append(value == null ? "" : value);
    }
    return text.toString();
  }
}
