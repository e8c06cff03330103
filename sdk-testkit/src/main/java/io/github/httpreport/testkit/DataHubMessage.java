package io.github.httpreport.testkit;

import org.jspecify.annotations.Nullable;

/**
 * One message that a {@link LocalDataHub} stored.
 *
 * @param dataHubId the DataHub it was sent to
 * @param body the body, exactly
 * @param key the key, exactly; null where there was none
 * @param messageId the id that the sender received
 */
public record DataHubMessage(
    String dataHubId, String body, @Nullable String key, String messageId) {

  /** Shows the length of the body only: a body may be personal data and must not reach a log. */
  @Override
  public String toString() {
    return "DataHubMessage["
        + dataHubId
        + ", body of "
        + body.length()
        + " characters, "
        + messageId
        + ']';
  }
}
