package io.github.httpreport.logging;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One log event as a JSON object on one line. Members are written in the order of the calls; empty
 * ones are left out. Not safe for use by several threads.
 */
public final class EventJson {

  private final StringBuilder out = new StringBuilder(256).append('{');

  /**
   * Adds a text.
   *
   * @param name the member
   * @param value its value; nothing is written for null
   * @return this
   */
  public EventJson text(String name, @Nullable String value) {
    if (value != null) {
      name(name);
      JsonText.quote(value, out);
    }
    return this;
  }

  /**
   * Adds a time in UTC, with as many digits as it has.
   *
   * @param name the member
   * @param value its value
   * @return this
   */
  public EventJson time(String name, Instant value) {
    return text(name, value.toString());
  }

  /**
   * Adds an object; numbers and booleans stay such, everything else becomes a text.
   *
   * @param name the member
   * @param values its members; nothing is written for none
   * @return this
   */
  public EventJson object(String name, Map<String, ?> values) {
    if (!values.isEmpty()) {
      name(name);
      out.append('{');
      values.forEach(this::value);
      out.append('}');
    }
    return this;
  }

  /**
   * Adds members beside the others.
   *
   * @param values the members
   * @return this
   */
  public EventJson all(Map<String, ?> values) {
    values.forEach(this::value);
    return this;
  }

  /**
   * Adds an array of texts.
   *
   * @param name the member
   * @param values its elements; nothing is written for none
   * @return this
   */
  public EventJson array(String name, Iterable<String> values) {
    boolean some = false;
    for (String value : values) {
      if (some) {
        out.append(',');
      } else {
        name(name);
        out.append('[');
      }
      some = true;
      JsonText.quote(value, out);
    }
    if (some) {
      out.append(']');
    }
    return this;
  }

  /**
   * Adds an exception.
   *
   * @param type the name of its class
   * @param message its text
   * @param stackTrace as the JVM prints it, causes included
   * @return this
   */
  public EventJson exception(String type, @Nullable String message, String stackTrace) {
    name("exception");
    out.append('{');
    text("type", type).text("message", message).text("stackTrace", stackTrace);
    out.append('}');
    return this;
  }

  /**
   * Ends the object.
   *
   * @return the line, without a line break
   */
  public String end() {
    return out.append('}').toString();
  }

  private void value(String name, @Nullable Object value) {
    if (value instanceof Boolean || value instanceof Integer || value instanceof Long) {
      name(name);
      out.append(value);
    } else if (value instanceof Double number && Double.isFinite(number)) {
      name(name);
      out.append(number.doubleValue());
    } else {
      text(name, value == null ? null : String.valueOf(value));
    }
  }

  private void name(String name) {
    char before = out.charAt(out.length() - 1);
    if (before != '{') {
      out.append(',');
    }
    JsonText.quote(name, out);
    out.append(':');
  }
}
