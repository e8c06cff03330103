package io.github.httpreport;

import java.time.Duration;

/**
 * When a batch of enqueued messages is sealed: at the first of its three limits. Immutable.
 *
 * @param linger how long a batch waits for more messages; zero seals each message at once
 * @param maxMessages how many messages a batch holds at most; a protocol's own limit may be lower
 * @param maxBytes how many bytes a batch has at most, encoded; the cluster's own limit may be lower
 */
public record Batching(Duration linger, int maxMessages, int maxBytes) {

  private static final Batching DEFAULTS = new Batching(Duration.ofMillis(50), 500, 256 * 1024);

  /**
   * Checks the limits.
   *
   * @throws IllegalArgumentException if the linger is negative or a limit is below 1; the text
   *     names it
   */
  public Batching {
    Checks.notNegative(linger, "linger");
    Checks.atLeast(1, maxMessages, "maxMessages");
    Checks.atLeast(1, maxBytes, "maxBytes");
  }

  /**
   * 50 ms, 500 messages, 256 KiB.
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
    return new Batching(value, maxMessages, maxBytes);
  }

  /**
   * The same with another count limit.
   *
   * @param value how many messages a batch holds at most
   * @return a copy
   */
  public Batching withMaxMessages(int value) {
    return new Batching(linger, value, maxBytes);
  }

  /**
   * The same with another size limit.
   *
   * @param value how many bytes a batch has at most, encoded
   * @return a copy
   */
  public Batching withMaxBytes(int value) {
    return new Batching(linger, maxMessages, value);
  }
}
