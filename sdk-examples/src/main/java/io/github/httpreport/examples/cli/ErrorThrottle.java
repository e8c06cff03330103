package io.github.httpreport.examples.cli;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** Prints the first few errors of each kind: a million lines may fail. Safe for many threads. */
final class ErrorThrottle {

  static final int MAX_OF_A_KIND = 5;

  private final Consumer<String> sink;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Integer> counts = new HashMap<>();
  private final Map<String, String> last = new HashMap<>();

  ErrorThrottle(Consumer<String> sink) {
    this.sink = sink;
  }

  /**
   * Prints an error, unless the last of this kind had the same text or enough were printed.
   *
   * @param place where it happened, which does not count as part of the text
   */
  void show(String kind, String place, String text) {
    lock.lock();
    try {
      if (Objects.equals(last.put(kind, text), text)) {
        return;
      }
      int before = counts.merge(kind, 1, Integer::sum) - 1;
      if (before < MAX_OF_A_KIND) {
        sink.accept("error: " + place + text);
      } else if (before == MAX_OF_A_KIND) {
        sink.accept("error: more like these are counted only");
      }
    } finally {
      lock.unlock();
    }
  }
}
