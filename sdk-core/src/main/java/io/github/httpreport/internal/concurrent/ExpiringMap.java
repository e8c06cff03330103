package io.github.httpreport.internal.concurrent;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Bounded map of state that can be learned again. Entries that were not asked for during one or two
 * expiry times are dropped.
 *
 * <p>The thread that adds an entry or calls {@link #expire} drops them: there is no task, so a
 * sender that does nothing keeps what it has, and no more. A full map takes no new key until
 * entries expire. Any thread uses the map; one compare-and-set per expiry time decides which thread
 * sweeps, and a flag per entry, cleared by the sweep, says whether the entry was used since.
 */
public final class ExpiringMap<K, V> {

  private static final class Entry<V> {
    private final V value;

    /** Set by each read, cleared by each sweep: an entry that a sweep finds cleared is dropped. */
    private volatile boolean used = true;

    Entry(V value) {
      this.value = value;
    }

    /** Whether it was used since this was asked last. */
    boolean testAndClearUsed() {
      boolean was = used;
      used = false;
      return was;
    }
  }

  /** Threads that add at the same moment may exceed it by one entry each. */
  private final int maxEntries;

  private final Duration expiry;
  private final Scheduler scheduler;
  private final Map<K, Entry<V>> entries = new ConcurrentHashMap<>();

  /** When the last sweep began, on the clock of {@link Scheduler#nanoTime}. */
  private final AtomicLong expiredNanos;

  public ExpiringMap(int maxEntries, Duration expiry, Scheduler scheduler) {
    this.maxEntries = maxEntries;
    this.expiry = expiry;
    this.scheduler = scheduler;
    expiredNanos = new AtomicLong(scheduler.nanoTime());
  }

  /** The value of the key, which counts as used by that; null if there is none. */
  public @Nullable V get(K key) {
    Entry<V> entry = entries.get(key);
    if (entry == null) {
      return null;
    }
    // Read first: on a busy entry this runs for every request, on every thread.
    if (!entry.used) {
      entry.used = true;
    }
    return entry.value;
  }

  /**
   * The value of the key, a new one if need be. Null when the map is full; the caller then goes on
   * without the state.
   */
  public @Nullable V getOrAdd(K key, Supplier<V> newValue) {
    V known = get(key);
    if (known != null) {
      return known;
    }
    expire();
    return entries.size() >= maxEntries
        ? null
        : entries.computeIfAbsent(key, k -> new Entry<>(newValue.get())).value;
  }

  public void remove(K key) {
    entries.remove(key);
  }

  public boolean isEmpty() {
    return entries.isEmpty();
  }

  public int size() {
    return entries.size();
  }

  /**
   * Drops what was not used during the last expiry time; at most one thread at a time sweeps, and
   * the others return at once.
   */
  public void expire() {
    long now = scheduler.nanoTime();
    long last = expiredNanos.get();
    if (now - last >= expiry.toNanos() && expiredNanos.compareAndSet(last, now)) {
      entries.values().removeIf(entry -> !entry.testAndClearUsed());
    }
  }
}
