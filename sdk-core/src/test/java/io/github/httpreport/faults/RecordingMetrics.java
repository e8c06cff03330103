package io.github.httpreport.faults;

import io.github.httpreport.Attempt;
import io.github.httpreport.Destination;
import io.github.httpreport.SenderMetrics;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts attempts, and remembers what a sender told its metrics that it must not tell. */
final class RecordingMetrics implements SenderMetrics {

  private final AtomicInteger attempts = new AtomicInteger();
  private final Queue<Throwable> leaks = new ConcurrentLinkedQueue<>();

  @Override
  public void attempted(Destination destination, Attempt attempt) {
    attempts.incrementAndGet();
    look(attempt);
  }

  @Override
  public void failed(Destination destination, int messages, RuntimeException cause) {
    look(cause);
  }

  private void look(Object value) {
    try {
      Canary.assertNotIn(value);
    } catch (AssertionError e) {
      leaks.add(e);
    }
  }

  /** How many requests have ended. */
  int attempts() {
    return attempts.get();
  }

  List<Throwable> leaks() {
    return List.copyOf(leaks);
  }
}
