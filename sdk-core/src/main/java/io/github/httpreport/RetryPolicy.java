package io.github.httpreport;

import static java.util.Objects.requireNonNull;

import io.github.httpreport.common.Checks;
import java.time.Duration;

/**
 * How often, how soon and how long a delivery is tried again. Immutable.
 *
 * <p>A retry on another node happens at once; one on the same node waits for a random time up to a
 * bound that starts at {@link #initialBackoff()} and doubles up to {@link #maxBackoff()} ("full
 * jitter"), or for as long as the server's {@code Retry-After} asks. Whichever of attempts and
 * deadline ends first ends the delivery; a wait that would pass the deadline is shortened, so that
 * one last attempt is made before it.
 *
 * <p>A rejection, or a request refused as too large, is tried on another node before it counts.
 * When two nodes agree, or there is only one, the delivery fails at once, unless the destination
 * acknowledged messages within the last minute and has not done so since the refusal: then it is
 * tried again within the deadline.
 */
public final class RetryPolicy {

  /** What to do with a request that may have been stored although no response came. */
  public enum UnknownOutcome {
    /** Send it again: at least once, and {@link SendResult#possibleDuplicate()} says so. */
    RESEND,
    /** Fail: at most once, and the exception's {@code mayHaveBeenStored()} says so. */
    FAIL
  }

  private static final RetryPolicy DEFAULTS = builder().build();

  private final int maxAttempts;
  private final Duration initialBackoff;
  private final Duration maxBackoff;
  private final Duration deadline;
  private final double budgetRatio;
  private final UnknownOutcome unknownOutcome;

  private RetryPolicy(Builder builder) {
    maxAttempts = builder.maxAttempts;
    initialBackoff = builder.initialBackoff;
    maxBackoff = builder.maxBackoff;
    deadline = builder.deadline;
    budgetRatio = builder.budgetRatio;
    unknownOutcome = builder.unknownOutcome;
    if (maxBackoff.compareTo(initialBackoff) < 0) {
      throw new IllegalArgumentException(
          "maxBackoff " + maxBackoff + " is shorter than initialBackoff " + initialBackoff);
    }
  }

  /**
   * The defaults that {@link Builder} names.
   *
   * @return the default policy
   */
  public static RetryPolicy defaults() {
    return DEFAULTS;
  }

  /**
   * One attempt and no more.
   *
   * @return a policy that never retries
   */
  public static RetryPolicy none() {
    return builder().maxAttempts(1).build();
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
   * Attempts in all, the first included.
   *
   * @return at least 1
   */
  public int maxAttempts() {
    return maxAttempts;
  }

  /**
   * The bound of the first wait.
   *
   * @return more than zero
   */
  public Duration initialBackoff() {
    return initialBackoff;
  }

  /**
   * The bound that waits never exceed.
   *
   * @return at least {@link #initialBackoff()}
   */
  public Duration maxBackoff() {
    return maxBackoff;
  }

  /**
   * How long a delivery may take, from the sealing of its batch to its end, waits included.
   *
   * @return more than zero
   */
  public Duration deadline() {
    return deadline;
  }

  /**
   * How many retries each first attempt pays for, so that a dead cluster does not double the
   * traffic. A retry that is not paid for waits; it is not dropped.
   *
   * @return from 0 to 10
   */
  public double budgetRatio() {
    return budgetRatio;
  }

  /**
   * What to do when it is unknown whether the server stored the messages.
   *
   * @return the setting
   */
  public UnknownOutcome unknownOutcome() {
    return unknownOutcome;
  }

  /** Collects the settings of a policy; not safe for use by several threads. */
  public static final class Builder {
    private int maxAttempts = 30;
    private Duration initialBackoff = Duration.ofMillis(100);
    private Duration maxBackoff = Duration.ofSeconds(10);
    private Duration deadline = Duration.ofMinutes(2);
    private double budgetRatio = 0.2;
    private UnknownOutcome unknownOutcome = UnknownOutcome.RESEND;

    private Builder() {}

    /**
     * Attempts in all, the first included. Default 30.
     *
     * @param value at least 1
     * @return this builder
     */
    public Builder maxAttempts(int value) {
      maxAttempts = Checks.atLeast(1, value, "maxAttempts");
      return this;
    }

    /**
     * The bounds of the waits between two attempts. Default 100 ms and 10 s.
     *
     * @param initial the bound of the first wait, at least 1 ms
     * @param max the bound that waits never exceed
     * @return this builder
     */
    public Builder backoff(Duration initial, Duration max) {
      initialBackoff = Checks.positive(initial, "initialBackoff");
      Checks.atLeast(1, initial.toMillis(), "initialBackoff in milliseconds");
      maxBackoff = Checks.positive(max, "maxBackoff");
      return this;
    }

    /**
     * How long a delivery may take in all. Default 2 minutes.
     *
     * @param value more than zero
     * @return this builder
     */
    public Builder deadline(Duration value) {
      deadline = Checks.positive(value, "deadline");
      return this;
    }

    /**
     * How many retries each first attempt pays for. Default 0.2; in addition, 10 retries a second
     * are always free.
     *
     * @param value from 0 to 10
     * @return this builder
     */
    public Builder budgetRatio(double value) {
      if (!(value >= 0 && value <= 10)) {
        throw new IllegalArgumentException("budgetRatio must be from 0 to 10, but is " + value);
      }
      budgetRatio = value;
      return this;
    }

    /**
     * What to do when it is unknown whether the server stored the messages. Default {@link
     * UnknownOutcome#RESEND}.
     *
     * @param value the setting
     * @return this builder
     */
    public Builder unknownOutcome(UnknownOutcome value) {
      unknownOutcome = requireNonNull(value, "unknownOutcome");
      return this;
    }

    /**
     * The policy.
     *
     * @return a new policy
     * @throws IllegalArgumentException if the settings contradict each other
     */
    public RetryPolicy build() {
      return new RetryPolicy(this);
    }
  }
}
