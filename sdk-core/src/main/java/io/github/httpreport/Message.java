package io.github.httpreport;

import org.jspecify.annotations.Nullable;

/**
 * One message as the application gave it. Bodies are never trimmed or changed.
 *
 * @param body the text to report
 * @param key what a server with keyed messages keys it by, or null for none
 */
public record Message(String body, @Nullable String key) {

  /**
   * A message with a key.
   *
   * @param body the text to report
   * @param key the key
   * @return the message
   */
  public static Message keyed(String body, String key) {
    return new Message(body, key);
  }

  /**
   * A message without a key.
   *
   * @param body the text to report
   * @return the message
   */
  public static Message of(String body) {
    return new Message(body, null);
  }

  /** Tells the length only: a body may be personal data and must not reach a log. */
  @Override
  public String toString() {
    return "Message[" + body.length() + " characters]";
  }
}
