package io.github.httpreport;

import io.github.httpreport.common.Checks;
import java.util.Objects;

/**
 * Counts of the messages that a sender accepted in its life, by their end. The four numbers add up
 * to the messages accepted. Immutable.
 */
public final class CloseSummary {

  private final long sent;
  private final long failed;
  private final long spooled;
  private final long abandoned;

  private CloseSummary(Builder builder) {
    sent = builder.sent;
    failed = builder.failed;
    spooled = builder.spooled;
    abandoned = builder.abandoned;
  }

  /**
   * Starts from zero everywhere: for a sender of the application's own, such as a fake.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Messages that a server acknowledged, at once or from the spool.
   *
   * @return zero or more
   */
  public long sent() {
    return sent;
  }

  /**
   * Messages whose future failed before the sender was closed or while it was draining; and
   * messages in the spool that a server then refused, or that became too old or unreadable there.
   *
   * @return zero or more
   */
  public long failed() {
    return failed;
  }

  /**
   * Messages left on disk for the next sender on the same spool. Messages that earlier senders had
   * left there are not counted, whatever became of them.
   *
   * @return zero or more
   */
  public long spooled() {
    return spooled;
  }

  /**
   * Messages not acknowledged when the time to close ran out; their futures failed.
   *
   * @return zero or more
   */
  public long abandoned() {
    return abandoned;
  }

  /**
   * Every message that was accepted.
   *
   * @return the sum of the four numbers
   */
  public long total() {
    return sent + failed + spooled + abandoned;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CloseSummary that
        && sent == that.sent
        && failed == that.failed
        && spooled == that.spooled
        && abandoned == that.abandoned;
  }

  @Override
  public int hashCode() {
    return Objects.hash(sent, failed, spooled, abandoned);
  }

  @Override
  public String toString() {
    return "CloseSummary[sent="
        + sent
        + ", failed="
        + failed
        + ", spooled="
        + spooled
        + ", abandoned="
        + abandoned
        + ']';
  }

  /**
   * Collects counts; not safe for use by several threads. A negative count is refused by name with
   * an {@link IllegalArgumentException}.
   */
  public static final class Builder {
    private long sent;
    private long failed;
    private long spooled;
    private long abandoned;

    private Builder() {}

    /**
     * Sets the number of acknowledged messages.
     *
     * @param value zero or more
     * @return this builder
     */
    public Builder sent(long value) {
      sent = Checks.atLeast(0, value, "sent");
      return this;
    }

    /**
     * Sets the number of failed messages.
     *
     * @param value zero or more
     * @return this builder
     */
    public Builder failed(long value) {
      failed = Checks.atLeast(0, value, "failed");
      return this;
    }

    /**
     * Sets the number of messages left on disk.
     *
     * @param value zero or more
     * @return this builder
     */
    public Builder spooled(long value) {
      spooled = Checks.atLeast(0, value, "spooled");
      return this;
    }

    /**
     * Sets the number of abandoned messages.
     *
     * @param value zero or more
     * @return this builder
     */
    public Builder abandoned(long value) {
      abandoned = Checks.atLeast(0, value, "abandoned");
      return this;
    }

    /**
     * The summary.
     *
     * @return a new summary
     */
    public CloseSummary build() {
      return new CloseSummary(this);
    }
  }
}
