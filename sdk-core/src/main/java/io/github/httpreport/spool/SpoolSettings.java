package io.github.httpreport.spool;

import static java.util.Objects.requireNonNull;

import io.github.httpreport.common.Checks;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Directory, bounds and mode of the messages that a sender keeps on disk. Immutable. Needs {@code
 * com.h2database:h2-mvstore}, an optional dependency, on the class path or module path.
 *
 * <p>A directory belongs to one sender at a time, and to one kind of server as long as anything
 * stands in it. Its files can be read by their owner only, where the file system knows owners. They
 * hold what was sent in plain form.
 *
 * <pre>{@code
 * SpoolSettings.builder(Path.of("/var/spool/app")).maxBytes(4L << 30).writeAhead(true).build()
 * }</pre>
 */
public final class SpoolSettings {

  private static final long MIN_BYTES = 1 << 20;

  private final Path directory;
  private final long maxBytes;
  private final Duration maxAge;
  private final boolean writeAhead;

  private SpoolSettings(Builder builder) {
    directory = builder.directory;
    maxBytes = builder.maxBytes;
    maxAge = builder.maxAge;
    writeAhead = builder.writeAhead;
  }

  /**
   * The defaults: at most 1 GiB for at most 7 days, and only what cannot be delivered.
   *
   * @param directory is created when the sender is built; its parent need not exist
   * @return the settings
   */
  public static SpoolSettings in(Path directory) {
    return builder(directory).build();
  }

  /**
   * Starts from the defaults.
   *
   * @param directory is created when the sender is built; its parent need not exist
   * @return a new builder
   */
  public static Builder builder(Path directory) {
    requireNonNull(directory, "spool directory");
    return new Builder(directory.toAbsolutePath());
  }

  /**
   * The directory.
   *
   * @return absolute
   */
  public Path directory() {
    return directory;
  }

  /**
   * The bound.
   *
   * @return in bytes
   */
  public long maxBytes() {
    return maxBytes;
  }

  /**
   * The age at which messages are given up.
   *
   * @return more than zero
   */
  public Duration maxAge() {
    return maxAge;
  }

  /**
   * Whether every message goes to disk first.
   *
   * @return false for only those that cannot be delivered
   */
  public boolean writeAhead() {
    return writeAhead;
  }

  @Override
  public String toString() {
    return "SpoolSettings["
        + directory
        + ", "
        + maxBytes
        + " bytes, "
        + maxAge
        + (writeAhead ? ", write-ahead]" : "]");
  }

  /**
   * Collects settings; not safe for use by several threads. A bad value is refused by name with an
   * {@link IllegalArgumentException}.
   */
  public static final class Builder {
    private final Path directory;
    private long maxBytes = 1L << 30;
    private Duration maxAge = Duration.ofDays(7);
    private boolean writeAhead;

    private Builder(Path directory) {
      this.directory = directory;
    }

    /**
     * Sets the bound. When it is reached, the messages on disk stay there, and a message that would
     * be added fails. The file is at most twice the size of its live entries plus 8 MiB; while it
     * is rewritten, a second file takes the size of the live entries once more. Default 1 GiB.
     *
     * @param value in bytes, at least 1 MiB
     * @return this builder
     */
    public Builder maxBytes(long value) {
      maxBytes = Checks.atLeast(MIN_BYTES, value, "spool maxBytes");
      return this;
    }

    /**
     * Sets the age at which messages are given up, from the time they were put on disk. Default 7
     * days.
     *
     * @param value more than zero, at most 365 days
     * @return this builder
     */
    public Builder maxAge(Duration value) {
      maxAge = Checks.positive(value, "spool maxAge");
      return this;
    }

    /**
     * Sets whether every batch goes to disk before it is delivered. Default false: a batch goes to
     * disk when it cannot be delivered.
     *
     * @param value true to write every batch to disk first: a future then completes as soon as its
     *     message is there, and delivery follows
     * @return this builder
     */
    public Builder writeAhead(boolean value) {
      writeAhead = value;
      return this;
    }

    /**
     * The settings.
     *
     * @return new settings
     */
    public SpoolSettings build() {
      return new SpoolSettings(this);
    }
  }
}
