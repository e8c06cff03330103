package io.github.httpreport.testkit;

import io.github.httpreport.testkit.Fault.Strike;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The faults that are still to come, for use by many threads. */
final class FaultPlan {

  static final Set<Strike> ON_REQUEST = Set.of(Strike.REQUEST);

  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Fault> script = new ArrayDeque<>();
  private @Nullable Fault always;
  private volatile boolean healthy = true;

  void script(Fault... faults) {
    change(null, List.of(faults));
  }

  void always(Fault fault) {
    change(fault, List.of());
  }

  void clear() {
    change(null, List.of());
  }

  private void change(@Nullable Fault constant, List<Fault> faults) {
    lock.lock();
    try {
      always = constant;
      script.clear();
      script.addAll(faults);
      healthy = constant == null && faults.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Takes the next fault if it strikes at one of these moments. */
  @Nullable Fault take(Set<Strike> moments) {
    if (healthy) {
      return null;
    }
    lock.lock();
    try {
      Fault next = next();
      if (next == null || moments.stream().noneMatch(next::strikes)) {
        return null;
      }
      if (always == null) {
        script.remove();
        healthy = script.isEmpty();
      }
      return next;
    } finally {
      lock.unlock();
    }
  }

  /** The next fault if it meets every path, left in place. */
  @Nullable Fault everyPath() {
    if (healthy) {
      return null;
    }
    lock.lock();
    try {
      Fault next = next();
      return next != null && next.meetsEveryPath() ? next : null;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Fault next() {
    return always != null ? always : script.peek();
  }
}
