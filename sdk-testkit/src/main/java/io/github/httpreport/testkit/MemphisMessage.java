package io.github.httpreport.testkit;

import java.util.Map;

/**
 * One message in a station of a {@link LocalMemphis}.
 *
 * @param station its station
 * @param body the message: as it was sent alone, or as the gateway wrote it again out of a batch
 * @param headers the headers of its request, which became its own; names in lower case
 * @param user who sent it
 */
public record MemphisMessage(
    String station, String body, Map<String, String> headers, String user) {

  /** Takes a copy of the headers. */
  public MemphisMessage {
    headers = Map.copyOf(headers);
  }

  /** Shows sizes and names of headers only: the rest may be personal data or a secret. */
  @Override
  public String toString() {
    return "MemphisMessage["
        + station
        + (", body of " + body.length() + " characters")
        + (", headers " + headers.keySet() + ']');
  }
}
