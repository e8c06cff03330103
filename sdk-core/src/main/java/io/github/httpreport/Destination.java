package io.github.httpreport;

import io.github.httpreport.common.Checks;
import io.github.httpreport.common.Printable;

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
    Checks.text(groupId, "groupId");
    Checks.text(streamId, "streamId");
  }

  @Override
  public String toString() {
    return Printable.escaped(groupId) + '/' + Printable.escaped(streamId);
  }
}
