package io.github.httpreport;

import io.github.httpreport.common.Checks;
import java.time.Duration;

/**
 * Limits that seal a batch of enqueued messages, at the first of the three that it reaches, and the
 * granularity of the data times that may share a batch. Immutable.
 *
 * <pre>{@code
 * Batching.builder().linger(Duration.ofMillis(20)).maxMessages(200).build()
 * }</pre>
 */
public final class Batching {

  private static final Batching DEFAULTS = builder().build();

  private final Duration linger;
  private final int maxMessages;
  private final int maxBytes;
  private final Duration dataTimeGranularity;

  private Batching(Builder builder) {
    linger = builder.linger;
    maxMessages = builder.maxMessages;
    maxBytes = builder.maxBytes;
    dataTimeGranularity = builder.dataTimeGranularity;
  }

  /**
   * 50 ms, 1,000 messages, 256 KiB, exact data times.
   *
   * @return the defaults
   */
  public static Batching defaults() {
    return DEFAULTS;
  }

  /**
   * Starts from the defaults.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * How long a batch waits for more messages.
   *
   * @return zero or more
   */
  public Duration linger() {
    return linger;
  }

  /**
   * How many messages a batch holds at most.
   *
   * @return at least 1
   */
  public int maxMessages() {
    return maxMessages;
  }

  /**
   * How many bytes a batch has at most.
   *
   * @return in bytes, encoded; at least 1
   */
  public int maxBytes() {
    return maxBytes;
  }

  /**
   * The unit that data times of enqueued messages are rounded down to.
   *
   * @return at least 1 ms, a whole number of milliseconds
   */
  public Duration dataTimeGranularity() {
    return dataTimeGranularity;
  }

  @Override
  public String toString() {
    return "Batching[linger="
        + linger
        + ", maxMessages="
        + maxMessages
        + ", maxBytes="
        + maxBytes
        + ", dataTimeGranularity="
        + dataTimeGranularity
        + ']';
  }

  /**
   * Collects limits; not safe for use by several threads. A bad value is refused by name with an
   * {@link IllegalArgumentException}.
   */
  public static final class Builder {
    private Duration linger = Duration.ofMillis(50);
    private int maxMessages = 1_000;
    private int maxBytes = 256 * 1024;

    /** The resolution of data times on the wire: rounding to it changes nothing. */
    private Duration dataTimeGranularity = Duration.ofMillis(1);

    private Builder() {}

    /**
     * Sets how long a batch waits for more messages. Default 50 ms.
     *
     * @param value at most 365 days; zero seals each message at once
     * @return this builder
     */
    public Builder linger(Duration value) {
      linger = Checks.notNegative(value, "linger");
      return this;
    }

    /**
     * Sets how many messages a batch holds at most. Default 1,000; a protocol's own limit may be
     * lower.
     *
     * @param value at least 1
     * @return this builder
     */
    public Builder maxMessages(int value) {
      maxMessages = Checks.atLeast(1, value, "maxMessages");
      return this;
    }

    /**
     * Sets how many bytes a batch has at most. Default 256 KiB; the cluster's own limit may be
     * lower.
     *
     * @param value in bytes, encoded; at least 1
     * @return this builder
     */
    public Builder maxBytes(int value) {
      maxBytes = Checks.atLeast(1, value, "maxBytes");
      return this;
    }

    /**
     * Sets the granularity of data times: messages of one destination share a batch only with equal
     * data times, after these were rounded down to a multiple of this since 1970-01-01T00:00Z.
     * Applies to enqueued messages that are given a data time. Default 1 ms, which keeps every time
     * as it is.
     *
     * <p>A producer that passes the time of each event sends about one message a request with exact
     * times. With a granularity of a minute, its messages of one minute share batches and arrive
     * with the start of that minute as their time.
     *
     * @param value at least 1 ms and at most 365 days, a whole number of milliseconds
     * @return this builder
     */
    public Builder dataTimeGranularity(Duration value) {
      dataTimeGranularity = Checks.wholeMillis(value, "dataTimeGranularity");
      return this;
    }

    /**
     * The limits.
     *
     * @return new limits
     */
    public Batching build() {
      return new Batching(this);
    }
  }
}
