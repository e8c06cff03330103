package io.github.httpreport.kafka.connect;

import static io.github.httpreport.kafka.connect.BadOptionException.named;

import io.github.httpreport.Destination;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/** Where the records of a topic belong. Remembers the topics it was asked for; for one thread. */
final class DestinationRule {

  /** Topics to remember: a transformation may name one after every day or tenant. */
  private static final int MAX_TOPICS = 1_000;

  private final TopicTemplate group;
  private final TopicTemplate stream;
  private final @Nullable Pattern pattern;
  private final Map<String, Destination> known = new HashMap<>();

  DestinationRule(HttpReportSinkConfig config) {
    String regex = config.textOrNull(HttpReportSinkConfig.TOPIC_PATTERN);
    pattern =
        regex == null ? null : named(HttpReportSinkConfig.TOPIC_PATTERN, () -> compile(regex));
    group = TopicTemplate.parse(HttpReportSinkConfig.GROUP, config.groupTemplate(), pattern);
    stream =
        TopicTemplate.parse(
            HttpReportSinkConfig.STREAM, config.text(HttpReportSinkConfig.STREAM), pattern);
  }

  private static Pattern compile(String regex) {
    return Pattern.compile(regex);
  }

  /**
   * Finds the destination.
   *
   * @throws DataException if the topic does not match the pattern, or an id would be blank
   */
  Destination of(String topic) {
    Destination destination = known.get(topic);
    if (destination == null) {
      destination = make(topic);
      if (known.size() >= MAX_TOPICS) {
        known.clear();
      }
      known.put(topic, destination);
    }
    return destination;
  }

  private Destination make(String topic) {
    Matcher matcher = pattern == null ? null : pattern.matcher(topic);
    if (matcher != null && !matcher.matches()) {
      throw new DataException(
          "topic " + topic + " does not match " + HttpReportSinkConfig.TOPIC_PATTERN);
    }
    try {
      return new Destination(group.of(topic, matcher), stream.of(topic, matcher));
    } catch (IllegalArgumentException e) {
      throw new DataException("topic " + topic + " has no destination: " + e.getMessage(), e);
    }
  }
}
