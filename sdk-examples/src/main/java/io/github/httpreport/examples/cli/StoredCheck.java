package io.github.httpreport.examples.cli;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Compares the lines that were read with those that were stored, however often each occurs. What
 * was stored as often as it was read takes no memory, so that it holds little more than the lines
 * under way; of these it holds a digest of 64 bits. Safe for use by many threads.
 */
public final class StoredCheck {

  /** How often each line was stored more than it was read; never zero. */
  private final ConcurrentMap<Long, Long> surplus = new ConcurrentHashMap<>();

  /** A check of nothing. */
  public StoredCheck() {}

  /**
   * Takes note of a line that is to be stored.
   *
   * @param line the line
   */
  public void read(String line) {
    add(line, -1L);
  }

  /**
   * Takes note of a line that was stored.
   *
   * @param line the line
   */
  public void stored(String line) {
    add(line, 1L);
  }

  /**
   * How many lines were read and not stored.
   *
   * @return 0 when nothing is missing
   */
  public long missing() {
    return -surplus.values().stream().mapToLong(times -> Math.min(0, times)).sum();
  }

  /**
   * How many lines were stored beyond what was read.
   *
   * @return 0 when nothing was stored twice
   */
  public long duplicates() {
    return surplus.values().stream().mapToLong(times -> Math.max(0, times)).sum();
  }

  private void add(String line, long times) {
    surplus.merge(digest(line), times, StoredCheck::sum);
  }

  private static @Nullable Long sum(Long before, Long more) {
    return before + more == 0 ? null : Long.valueOf(before + more);
  }

  /** FNV-1a over the characters, and a last step that spreads similar lines over all 64 bits. */
  private static long digest(String line) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < line.length(); i++) {
      hash = (hash ^ line.charAt(i)) * 0x100000001b3L;
    }
    hash = (hash ^ (hash >>> 32)) * 0xd6e8feb86659fd93L;
    return hash ^ (hash >>> 32);
  }
}
