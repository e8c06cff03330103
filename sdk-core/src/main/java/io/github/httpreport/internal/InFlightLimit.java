package io.github.httpreport.internal;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds the requests on the way. Deliveries wait here, before a node is selected for them, and not
 * in the queue of a node that may die meanwhile.
 */
final class InFlightLimit {

  private final AtomicInteger free;
  private final AtomicInteger drainRequests = new AtomicInteger();
  private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

  InFlightLimit(int max) {
    free = new AtomicInteger(max);
  }

  /** Runs the task when there is a place, perhaps at once on this thread. It takes the place. */
  void enter(Runnable task) {
    if (tryEnter()) {
      task.run();
      return;
    }
    waiting.add(task);
    drain();
  }

  /** Takes a place if there is one and nobody waits for it. */
  boolean tryEnter() {
    return waiting.isEmpty() && tryTake();
  }

  /** Gives a place back. */
  void leave() {
    free.incrementAndGet();
    if (!waiting.isEmpty()) {
      drain();
    }
  }

  /** A loop and not a recursion, however many tasks end as soon as they start. */
  private void drain() {
    if (drainRequests.getAndIncrement() != 0) {
      return;
    }
    int served = 1;
    do {
      while (!waiting.isEmpty() && tryTake()) {
        Runnable next = waiting.poll();
        if (next == null) {
          free.incrementAndGet();
        } else {
          next.run();
        }
      }
      served = drainRequests.addAndGet(-served);
    } while (served != 0);
  }

  private boolean tryTake() {
    int current;
    do {
      current = free.get();
      if (current <= 0) {
        return false;
      }
    } while (!free.compareAndSet(current, current - 1));
    return true;
  }
}
