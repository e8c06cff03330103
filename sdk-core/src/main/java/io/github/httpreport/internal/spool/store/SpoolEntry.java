package io.github.httpreport.internal.spool.store;

import static java.util.Objects.requireNonNull;

import io.github.httpreport.Destination;
import java.time.Instant;

/**
 * One encoded batch, as it stands in a spool. Immutable, but for the arrays, which are shared and
 * must not change.
 *
 * @param destination where the messages belong
 * @param acceptedAt when they were put into the spool, kept in milliseconds
 * @param body the whole request body
 * @param firstMessage where the first message starts in it
 * @param messageEnds where each message ends in it; at least one
 */
public record SpoolEntry(
    Destination destination, Instant acceptedAt, byte[] body, int firstMessage, int[] messageEnds) {

  /** Refuses nulls. */
  public SpoolEntry {
    requireNonNull(destination, "destination");
    requireNonNull(acceptedAt, "acceptedAt");
    requireNonNull(body, "body");
    requireNonNull(messageEnds, "messageEnds");
  }

  /**
   * How many messages it holds.
   *
   * @return at least 1
   */
  public int messages() {
    return messageEnds.length;
  }

  /**
   * What it takes on disk, about.
   *
   * @return in bytes
   */
  public int size() {
    return EntryCodec.sizeOf(this);
  }

  /** Shows sizes only. */
  @Override
  public String toString() {
    return "SpoolEntry["
        + destination
        + ", "
        + messages()
        + " messages, "
        + body.length
        + " bytes]";
  }
}
