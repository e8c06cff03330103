package io.github.httpreport.testkit;

import java.util.List;

/**
 * What one report left behind on a node.
 *
 * @param groupId the group it was stored under
 * @param streamId the stream it was stored under
 * @param dataTime the data time in milliseconds since 1970; the time of arrival where the report
 *     gave none that could be read
 * @param count what the report said of its message count, 1 where it gave none that could be read;
 *     never compared with the body
 * @param body the body as stored: messages joined by newlines
 * @param node the node that stored it, as {@code host:port}
 */
public record StoredRecord(
    String groupId, String streamId, long dataTime, int count, String body, String node) {

  /**
   * The messages that a consumer downstream sees: the newline is the only separator it knows.
   *
   * @return the lines of the body, in order, unmodifiable
   */
  public List<String> messages() {
    return List.of(body.split("\n", -1));
  }

  int messageCount() {
    int lines = 1;
    for (int at = body.indexOf('\n'); at >= 0; at = body.indexOf('\n', at + 1)) {
      lines++;
    }
    return lines;
  }

  /** Shows the length of the body only: a body may be personal data and must not reach a log. */
  @Override
  public String toString() {
    return "StoredRecord["
        + (groupId + '/' + streamId)
        + (", dataTime=" + dataTime)
        + (", count=" + count)
        + (", body of " + body.length() + " characters")
        + (", node=" + node + ']');
  }
}
