package io.github.httpreport.spool;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where and how a sender keeps messages on disk. Immutable. Needs {@code
 * com.h2database:h2-mvstore}, an optional dependency, on the class path or module path.
 *
 * <p>A directory belongs to one sender at a time, and to one kind of server as long as anything
 * stands in it. Its files can be read by their owner only, where the file system knows owners. They
 * hold what was sent in plain form.
 */
public final class SpoolSettings {

  private static final long LEAST_BYTES = 1 << 20;
  private static final Duration LONGEST = Duration.ofDays(365);

  private final Path directory;
  private final long maxBytes;
  private final Duration maxAge;
  private final boolean writesAhead;

  private SpoolSettings(Path directory, long maxBytes, Duration maxAge, boolean writesAhead) {
    this.directory = directory;
    this.maxBytes = maxBytes;
    this.maxAge = maxAge;
    this.writesAhead = writesAhead;
  }

  /**
   * Keeps at most 1 GiB for at most 7 days, and only what cannot be delivered.
   *
   * @param directory is created when the sender is built; its parent need not exist
   * @return the settings
   */
  public static SpoolSettings in(Path directory) {
    requireNonNull(directory, "spool directory");
    return new SpoolSettings(directory.toAbsolutePath(), 1L << 30, Duration.ofDays(7), false);
  }

  /**
   * The same with another bound. When it is reached, what is on disk stays there, and what would be
   * added fails. The file may become larger, but never more than twice what stands in it and 8 MiB:
   * it is then written anew beside the old one, which for that while takes what stands in it once
   * more.
   *
   * @param value in bytes, at least 1 MiB. Default 1 GiB
   * @return new settings
   * @throws IllegalArgumentException if it is less
   */
  public SpoolSettings maxBytes(long value) {
    if (value < LEAST_BYTES) {
      throw new IllegalArgumentException(
          "spool maxBytes must be at least " + LEAST_BYTES + ", but is " + value);
    }
    return new SpoolSettings(directory, value, maxAge, writesAhead);
  }

  /**
   * The same with another age at which messages are given up.
   *
   * @param value more than zero, at most 365 days, from the time they were put on disk. Default 7
   *     days
   * @return new settings
   * @throws IllegalArgumentException if it is out of range
   */
  public SpoolSettings maxAge(Duration value) {
    if (value.isZero() || value.isNegative() || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "spool maxAge must be more than zero and at most 365 days, but is " + value);
    }
    return new SpoolSettings(directory, maxBytes, value, writesAhead);
  }

  /**
   * The same, but with every message or only those in need on disk.
   *
   * @param value true to write every batch to disk first: a future then completes as soon as its
   *     message is there, and delivery follows. Default false: a batch goes to disk when it cannot
   *     be delivered
   * @return new settings
   */
  public SpoolSettings writeAhead(boolean value) {
    return new SpoolSettings(directory, maxBytes, maxAge, value);
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
   * @return false for only those in need
   */
  public boolean writesAhead() {
    return writesAhead;
  }

  @Override
  public String toString() {
    return "SpoolSettings["
        + directory
        + ", "
        + maxBytes
        + " bytes, "
        + maxAge
        + (writesAhead ? ", write-ahead]" : "]");
  }
}
