package io.github.httpreport;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One message as the application gave it. Bodies are never trimmed or changed. Immutable. */
public final class Message {

  private final String body;
  private final @Nullable String key;

  private Message(String body, @Nullable String key) {
    this.body = body;
    this.key = key;
  }

  /**
   * A message without a key.
   *
   * @param body the text to report; the sender refuses null, by index
   * @return the message
   */
  public static Message of(String body) {
    return new Message(body, null);
  }

  /**
   * A message with a key.
   *
   * @param body the text to report; the sender refuses null, by index
   * @param key what a server with keyed messages keys it by; null for none
   * @return the message
   */
  public static Message keyed(String body, @Nullable String key) {
    return new Message(body, key);
  }

  /**
   * The text to report.
   *
   * @return as it was given
   */
  public String body() {
    return body;
  }

  /**
   * The key for a server with keyed messages.
   *
   * @return null for none
   */
  public @Nullable String key() {
    return key;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Message that
        && Objects.equals(body, that.body)
        && Objects.equals(key, that.key);
  }

  @Override
  public int hashCode() {
    return Objects.hash(body, key);
  }

  /** Shows the length only: a body may be personal data and must not reach a log. */
  @Override
  public String toString() {
    return body == null ? "Message[no body]" : "Message[" + body.length() + " characters]";
  }
}
