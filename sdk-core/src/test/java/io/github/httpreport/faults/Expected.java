package io.github.httpreport.faults;

import java.util.List;

/**
 * What may come of a message that is sent while a fault lasts.
 *
 * @param mayPass whether it may be acknowledged
 * @param doubt whether the fault leaves open if the message was stored, so that it may be stored
 *     twice or be stored though it failed
 * @param failures what it may fail with; none when it must be acknowledged
 * @param attempts how many requests are made of it before it fails; 0 where that is left open
 */
record Expected(boolean mayPass, boolean doubt, List<Class<?>> failures, int attempts) {

  /** Acknowledged, and stored once. */
  static Expected delivered() {
    return new Expected(true, false, List.of(), 0);
  }

  /** Acknowledged, and perhaps stored more than once, which is then said. */
  static Expected deliveredPerhapsTwice() {
    return new Expected(true, true, List.of(), 0);
  }

  /** Given up for one of these reasons, and not stored. */
  static Expected failed(Class<?>... reasons) {
    return new Expected(false, false, List.of(reasons), 0);
  }

  /** Given up for one of these reasons, and perhaps stored, which is then said. */
  static Expected failedPerhapsStored(Class<?>... reasons) {
    return new Expected(false, true, List.of(reasons), 0);
  }

  /** The same, or acknowledged. */
  Expected orDelivered() {
    return new Expected(true, doubt, failures, attempts);
  }

  /** The same, after so many requests: no more, and not given up before. */
  Expected after(int requests) {
    return new Expected(mayPass, doubt, failures, requests);
  }

  /** Whether it fails only because no request is left, so not while there are more. */
  boolean isExhausted() {
    return attempts > 1;
  }
}
