package io.github.httpreport;

import java.time.Duration;

/**
 * When a batch of enqueued messages is sealed: at the first of its three limits; and which data
 * times may share one. Immutable.
 *
 * @param linger how long a batch waits for more messages; zero seals each message at once
 * @param maxMessages how many messages a batch holds at most; a protocol's own limit may be lower
 * @param maxBytes how many bytes a batch has at most, encoded; the cluster's own limit may be lower
 * @param dataTimeGranularity messages of one destination share a batch only with equal data times,
 *     after these were rounded down to a multiple of this since 1970-01-01T00:00Z; at least 1 ms,
 *     which keeps every time as it is, and a whole number of milliseconds. Applies to enqueued
 *     messages that are given a data time
 */
public record Batching(
    Duration linger, int maxMessages, int maxBytes, Duration dataTimeGranularity) {

  /** The resolution of data times on the wire: rounding to it changes nothing. */
  private static final Duration EXACT = Duration.ofMillis(1);

  private static final Batching DEFAULTS = new Batching(Duration.ofMillis(50), 500, 256 * 1024);

  /**
   * Checks the limits.
   *
   * @throws IllegalArgumentException if the linger is negative, a limit is below 1, or the
   *     granularity is below 1 ms or not a whole number of milliseconds; the text names it
   */
  public Batching {
    Checks.notNegative(linger, "linger");
    Checks.atLeast(1, maxMessages, "maxMessages");
    Checks.atLeast(1, maxBytes, "maxBytes");
    Checks.wholeMillis(dataTimeGranularity, "dataTimeGranularity");
  }

  /**
   * Exact data times: messages share a batch only with equal ones, in milliseconds.
   *
   * @param linger how long a batch waits for more messages; zero seals each message at once
   * @param maxMessages how many messages a batch holds at most
   * @param maxBytes how many bytes a batch has at most, encoded
   * @throws IllegalArgumentException if the linger is negative or a limit is below 1; the text
   *     names it
   */
  public Batching(Duration linger, int maxMessages, int maxBytes) {
    this(linger, maxMessages, maxBytes, EXACT);
  }

  /**
   * 50 ms, 500 messages, 256 KiB, exact data times.
   *
   * @return the defaults
   */
  public static Batching defaults() {
    return DEFAULTS;
  }

  /**
   * The same with another linger.
   *
   * @param value how long a batch waits for more messages
   * @return a copy
   */
  public Batching withLinger(Duration value) {
    return new Batching(value, maxMessages, maxBytes, dataTimeGranularity);
  }

  /**
   * The same with another count limit.
   *
   * @param value how many messages a batch holds at most
   * @return a copy
   */
  public Batching withMaxMessages(int value) {
    return new Batching(linger, value, maxBytes, dataTimeGranularity);
  }

  /**
   * The same with another size limit.
   *
   * @param value how many bytes a batch has at most, encoded
   * @return a copy
   */
  public Batching withMaxBytes(int value) {
    return new Batching(linger, maxMessages, value, dataTimeGranularity);
  }

  /**
   * The same with another granularity of the data time. A producer that passes the time of each
   * event sends about one message a request with exact times; with a granularity of a minute, its
   * messages of one minute share batches and arrive with the start of that minute as their time.
   *
   * @param value what data times are rounded down to a multiple of
   * @return a copy
   */
  public Batching withDataTimeGranularity(Duration value) {
    return new Batching(linger, maxMessages, maxBytes, value);
  }
}
