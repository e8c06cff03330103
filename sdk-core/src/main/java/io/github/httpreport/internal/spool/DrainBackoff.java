package io.github.httpreport.internal.spool;

import io.github.httpreport.internal.concurrent.ExponentialBackoff;
import io.github.httpreport.internal.concurrent.Jitter;
import io.github.httpreport.internal.concurrent.Scheduler;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;

/**
 * Back-off of each group whose messages from the spool could not be delivered: from half a second
 * to a minute, doubling, with jitter.
 *
 * <p>The thread of the spool begins waits and collects those that are over. A wait ends when the
 * scheduler says so, or earlier when any thread reports a success; removal from the map decides
 * which of both it is, so a wait ends once and its task cannot cut a later one short. Only groups
 * that wait take memory here. There is no lock.
 */
final class DrainBackoff {

  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
  private static final Duration MAX_WAIT = Duration.ofMinutes(1);

  private final Scheduler scheduler;
  private final ExponentialBackoff backoff;
  private final Runnable wake;
  private final ConcurrentMap<String, Wait> waits = new ConcurrentHashMap<>();
  private final Queue<String> over = new ConcurrentLinkedQueue<>();

  /**
   * @param wake signals the spool's thread
   */
  DrainBackoff(Scheduler scheduler, DoubleSupplier random, Runnable wake) {
    this.scheduler = scheduler;
    backoff = new ExponentialBackoff(FIRST_WAIT, MAX_WAIT, Jitter.HALF, random);
    this.wake = wake;
  }

  /**
   * Lets a group wait, unless it does.
   *
   * @param failures how many waits in a row it has had before
   */
  void begin(String group, int failures) {
    Wait wait = new Wait();
    if (waits.putIfAbsent(group, wait) == null) {
      wait.scheduled = scheduler.schedule(backoff.after(failures + 1), () -> end(group, wait));
    }
  }

  boolean isWaiting(String group) {
    return waits.containsKey(group);
  }

  /** Ends the wait of a group, if it waits. Safe for use by any thread. */
  void end(String group) {
    Wait wait = waits.get(group);
    if (wait != null) {
      wait.scheduled.cancel();
      end(group, wait);
    }
  }

  /** Ends the waits of some groups. */
  void endAll(Predicate<String> which) {
    waits.keySet().stream().filter(which).forEach(this::end);
  }

  private void end(String group, Wait wait) {
    if (waits.remove(group, wait)) {
      over.add(group);
      wake.run();
    }
  }

  /** Forgets a group that has nothing left to deliver. */
  void forget(String group) {
    Wait wait = waits.remove(group);
    if (wait != null) {
      wait.scheduled.cancel();
    }
  }

  /** Passes on the groups whose waits are over. */
  void collect(Consumer<String> groups) {
    for (String group = over.poll(); group != null; group = over.poll()) {
      groups.accept(group);
    }
  }

  /** One wait of one group. */
  private static final class Wait {
    private volatile Scheduler.Scheduled scheduled = () -> {};
  }
}
