package io.github.httpreport.faults;

import java.util.List;

/**
 * What may come of a message that is sent while a fault lasts.
 *
 * @param mayPass whether it may be acknowledged
 * @param doubt whether the fault leaves open if the message was stored, so that it may be stored
 *     twice or be stored though it failed
 * @param failures what it may fail with; none when it must be acknowledged
 */
record Expected(boolean mayPass, boolean doubt, List<Class<?>> failures) {

  /** Acknowledged, and stored once. */
  static Expected delivered() {
    return new Expected(true, false, List.of());
  }

  /** Acknowledged, and perhaps stored more than once, which is then said. */
  static Expected deliveredPerhapsTwice() {
    return new Expected(true, true, List.of());
  }

  /** Given up for one of these reasons, and not stored. */
  static Expected failed(Class<?>... reasons) {
    return new Expected(false, false, List.of(reasons));
  }

  /** Given up for one of these reasons, and perhaps stored, which is then said. */
  static Expected failedPerhapsStored(Class<?>... reasons) {
    return new Expected(false, true, List.of(reasons));
  }

  /** The same, or acknowledged. */
  Expected orDelivered() {
    return new Expected(true, doubt, failures);
  }
}
