package io.github.httpreport.examples.cli;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** Tells the first few errors of each kind: a million lines may fail. Safe for many threads. */
final class ErrorThrottle {

  static final int TOLD_OF_A_KIND = 5;

  private final Consumer<String> teller;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Integer> told = new HashMap<>();
  private final Map<String, String> last = new HashMap<>();

  ErrorThrottle(Consumer<String> teller) {
    this.teller = teller;
  }

  /**
   * Tells, unless the last of this kind was in the same words or enough were told.
   *
   * @param place where it happened, which does not make the words others
   */
  void tell(String kind, String place, String words) {
    lock.lock();
    try {
      if (Objects.equals(last.put(kind, words), words)) {
        return;
      }
      int before = told.merge(kind, 1, Integer::sum) - 1;
      if (before < TOLD_OF_A_KIND) {
        teller.accept("error: " + place + words);
      } else if (before == TOLD_OF_A_KIND) {
        teller.accept("error: more like these are counted only");
      }
    } finally {
      lock.unlock();
    }
  }
}
