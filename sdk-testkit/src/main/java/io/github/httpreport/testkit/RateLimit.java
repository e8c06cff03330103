package io.github.httpreport.testkit;

import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;

/** How many requests pass in each second of a clock. */
final class RateLimit {

  private final ReentrantLock lock = new ReentrantLock();
  private final int perSecond;
  private long second = Long.MIN_VALUE;
  private int passed;

  RateLimit(int perSecond) {
    this.perSecond = perSecond;
  }

  boolean lets(Instant now) {
    lock.lock();
    try {
      if (now.getEpochSecond() != second) {
        second = now.getEpochSecond();
        passed = 0;
      }
      if (passed < perSecond) {
        passed++;
        return true;
      }
      return false;
    } finally {
      lock.unlock();
    }
  }
}
