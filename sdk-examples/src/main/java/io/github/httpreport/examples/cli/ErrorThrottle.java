package io.github.httpreport.examples.cli;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** Tells the first few errors of each kind: a million lines may fail. Safe for many threads. */
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
   * Tells, unless the last of this kind was in the same words or enough were told.
   *
   * @param place where it happened, which does not make the words others
   */
  void show(String kind, String place, String words) {
    lock.lock();
    try {
      if (Objects.equals(last.put(kind, words), words)) {
        return;
      }
      int before = counts.merge(kind, 1, Integer::sum) - 1;
      if (before < MAX_OF_A_KIND) {
        sink.accept("error: " + place + words);
      } else if (before == MAX_OF_A_KIND) {
        sink.accept("error: more like these are counted only");
      }
    } finally {
      lock.unlock();
    }
  }
}
