package io.github.httpreport.internal.delivery;

import io.github.httpreport.protocol.WireProtocol.FirstUse;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Order of first requests: the first one for a thing that the server sets up goes alone. A use is
 * known once a request for it was accepted; from then on its requests go side by side. Until then
 * one request of its scope is under way, and the others wait in the order in which they came,
 * without a thread.
 *
 * <p>Any delivery calls {@link #enter}, on its own thread, and {@link #ended} on the thread that
 * completed its exchange. That thread resumes those that wait: all of a use that became known, or
 * the next one after a failure. It resumes in a loop and not in a recursion, however many end as
 * soon as they start; {@code resuming} marks the scope meanwhile, so that no other thread does.
 *
 * <p>The lock guards the scopes and runs no delivery. A scope is dropped when nothing is under way
 * or waits in it. Those that wait are bounded by the places on the way, and the known uses by a
 * number: beyond it all are forgotten, and each goes alone once more.
 */
public final class FirstRequests {

  private static final Logger LOG = LoggerFactory.getLogger(FirstRequests.class);
  private static final int MAX_KNOWN = 10_000;

  /** What goes on in one scope. */
  private static final class Scope {
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private @Nullable FirstUse underWay;
    private boolean resuming;
  }

  private final Set<FirstUse> known = ConcurrentHashMap.newKeySet();
  private final Map<Object, Scope> scopes = new HashMap<>();
  private final ReentrantLock lock = new ReentrantLock();

  boolean isKnown(FirstUse use) {
    return known.contains(use);
  }

  /**
   * Takes the turn of the first request, or waits for it.
   *
   * @param again runs once when it is worth another call, unless the turn was taken
   * @return whether the request may go now; the caller then reports its end to {@link #ended}
   */
  boolean enter(FirstUse use, Runnable again) {
    lock.lock();
    try {
      if (known.contains(use)) {
        return true;
      }
      Scope scope = scopes.computeIfAbsent(use.scope(), any -> new Scope());
      if (scope.underWay == null) {
        scope.underWay = use;
        return true;
      }
      scope.waiting.add(again);
      return false;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Gives the turn on.
   *
   * @param accepted whether the server has set up what the request was for
   */
  void ended(FirstUse use, boolean accepted) {
    lock.lock();
    try {
      if (accepted) {
        learn(use);
      }
      Scope scope = scopes.get(use.scope());
      if (scope != null && use.equals(scope.underWay)) {
        scope.underWay = null;
      }
    } finally {
      lock.unlock();
    }
    resume(use.scope());
  }

  private void learn(FirstUse use) {
    if (known.size() >= MAX_KNOWN) {
      known.clear();
    }
    known.add(use);
  }

  private void resume(Object key) {
    for (Runnable next = next(key, false); next != null; next = next(key, true)) {
      try {
        next.run();
      } catch (RuntimeException | Error e) {
        // The others hold places on the way, which they give back only when they are resumed.
        LOG.error("A delivery could not be resumed", e);
      }
    }
  }

  /**
   * The next one to resume; null when another request is under way, none waits, or another thread
   * resumes already.
   *
   * @param resuming whether this thread has resumed one just now
   */
  private @Nullable Runnable next(Object key, boolean resuming) {
    lock.lock();
    try {
      Scope scope = scopes.get(key);
      if (scope == null || (scope.resuming && !resuming)) {
        return null;
      }
      Runnable next = scope.underWay == null ? scope.waiting.poll() : null;
      scope.resuming = next != null;
      if (scope.underWay == null && next == null) {
        scopes.remove(key);
      }
      return next;
    } finally {
      lock.unlock();
    }
  }
}
