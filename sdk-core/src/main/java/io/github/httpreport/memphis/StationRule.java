package io.github.httpreport.memphis;

import io.github.httpreport.Destination;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Which station the messages of a destination go to. Immutable.
 *
 * @param station tells its name
 * @param subject what tells it, for errors
 * @param description for toString
 */
record StationRule(Function<Destination, String> station, String subject, String description) {

  static final StationRule BY_STREAM =
      new StationRule(Destination::streamId, "streamId", "{streamId}");

  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9_.-]{0,126}[a-z0-9])?");

  static StationRule fixed(String station) {
    check(station, "station");
    return new StationRule(any -> station, "station", station);
  }

  static StationRule by(Function<Destination, String> rule) {
    return new StationRule(rule, "the station that the rule tells", "a station by rule");
  }

  /** The station, checked: its name becomes a segment of a path. */
  String of(Destination destination) {
    String name = station.apply(destination);
    check(name, subject);
    return name;
  }

  private static void check(String name, String subject) {
    if (name == null || !NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          subject
              + " must name a Memphis station: 1 to 128 characters, lower-case letters, digits, _ ."
              + " and -, the first and the last a letter or digit");
    }
  }
}
