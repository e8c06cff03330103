package io.github.httpreport;

import org.apache.commons.lang3.StringUtils;

/**
 * Where messages belong on the server.
 *
 * @param groupId the InLong group, not blank
 * @param streamId the InLong stream in that group, not blank
 */
public record Destination(String groupId, String streamId) {

  /**
   * Checks both ids.
   *
   * @throws IllegalArgumentException if one is null or blank; the text names which
   */
  public Destination {
    requireText(groupId, "groupId");
    requireText(streamId, "streamId");
  }

  private static void requireText(String value, String name) {
    if (StringUtils.isBlank(value)) {
      throw new IllegalArgumentException(
          name + " must not be " + (value == null ? "null" : "blank"));
    }
  }

  @Override
  public String toString() {
    return groupId + '/' + streamId;
  }
}
