package io.github.httpreport.benchmarks.reliability;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * What this process occupies.
 *
 * @param heap bytes behind the garbage collector
 * @param threads those that live
 */
record Footprint(long heap, Set<Thread> threads) {

  private static final Duration TIME_TO_END = Duration.ofSeconds(10);

  static Footprint now() {
    return new Footprint(Heap.usedAfterCollection(), Thread.getAllStackTraces().keySet());
  }

  /** What is occupied when threads that began after this have had some time to end. */
  Footprint after() throws InterruptedException {
    long deadline = System.nanoTime() + TIME_TO_END.toNanos();
    Set<Thread> begun = Thread.getAllStackTraces().keySet();
    begun.removeAll(threads);
    for (Thread thread : begun) {
      TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, deadline - System.nanoTime()));
    }
    return now();
  }

  /** The names of the threads that did not live at the other time. */
  Set<String> threadsSince(Footprint before) {
    return threads.stream()
        .filter(thread -> !before.threads.contains(thread))
        .map(Thread::getName)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
