package io.github.httpreport.internal;

import io.github.httpreport.SenderMetrics;
import io.github.httpreport.WhenFull;
import io.github.httpreport.error.BufferFullException;
import io.github.httpreport.error.FailureDetails;
import io.github.httpreport.error.InterruptedSendException;
import io.github.httpreport.error.MessageTooLargeException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** The bytes that accepted and unsettled messages may take. Those who wait get room in order. */
final class Room {

  private static final Logger LOG = LoggerFactory.getLogger(Room.class);

  private final long maxBytes;
  private final WhenFull whenFull;
  private final SenderMetrics metrics;
  private final AtomicLong used = new AtomicLong();
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Condition> waiting = new ArrayDeque<>();
  private volatile boolean contended;
  private volatile boolean closed;
  private volatile boolean saidFull;

  Room(long maxBytes, WhenFull whenFull, SenderMetrics metrics) {
    this.maxBytes = maxBytes;
    this.whenFull = whenFull;
    this.metrics = metrics;
  }

  long used() {
    return used.get();
  }

  /** Takes room, and waits for it if the settings say so. */
  void acquire(long bytes) {
    if (bytes > maxBytes) {
      throw new MessageTooLargeException(
          FailureDetails.beforeSending(
              "needs " + bytes + " bytes of buffer, which has " + maxBytes, false));
    }
    boolean mayOvertake = !contended || whenFull instanceof WhenFull.Fail;
    if (mayOvertake && tryTake(bytes)) {
      return;
    }
    if (whenFull instanceof WhenFull.Block block) {
      await(bytes, block.timeout().toNanos());
    } else {
      sayFull();
      throw full("buffer is full: " + used.get() + " of " + maxBytes + " bytes in use");
    }
  }

  /** Takes room if there is some and nobody waits for it. */
  boolean tryAcquire(long bytes) {
    if (!contended && tryTake(bytes)) {
      return true;
    }
    sayFull();
    return false;
  }

  long maxBytes() {
    return maxBytes;
  }

  void release(long bytes) {
    long now = used.addAndGet(-bytes);
    tellUsed();
    if (contended || saidFull) {
      lock.lock();
      try {
        signalFirst();
        if (saidFull && now == 0) {
          saidFull = false;
          LOG.info("The buffer is empty again");
        }
      } finally {
        lock.unlock();
      }
    }
  }

  /** Wakes everybody who waits; they get an {@link IllegalStateException}. */
  void close() {
    lock.lock();
    try {
      closed = true;
      waiting.forEach(Condition::signal);
    } finally {
      lock.unlock();
    }
  }

  private boolean tryTake(long bytes) {
    long current;
    do {
      current = used.get();
      if (current + bytes > maxBytes) {
        return false;
      }
    } while (!used.compareAndSet(current, current + bytes));
    tellUsed();
    return true;
  }

  /**
   * Told outside of any lock, so another thread may tell a newer value first. Whoever sees that his
   * was outdated tells again: what is told last is true when nothing changes any more.
   */
  private void tellUsed() {
    long told;
    do {
      told = used.get();
      metrics.bufferUsed(told, maxBytes);
    } while (used.get() != told);
  }

  private void await(long bytes, long timeoutNanos) {
    Waiter waiter = new Waiter(bytes, timeoutNanos);
    try {
      // Tells the pool of a callback that waits here to run other callbacks meanwhile.
      ForkJoinPool.managedBlock(waiter);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedSendException(
          FailureDetails.beforeSending("interrupted while waiting for room in the buffer", true));
    }
    if (!waiter.taken) {
      throw full(
          "buffer was full for "
              + TimeUnit.NANOSECONDS.toMillis(timeoutNanos)
              + " ms: "
              + used.get()
              + " of "
              + maxBytes
              + " bytes in use, "
              + bytes
              + " needed");
    }
  }

  private BufferFullException full(String message) {
    return new BufferFullException(FailureDetails.beforeSending(message, true));
  }

  private void sayFull() {
    lock.lock();
    try {
      if (!saidFull) {
        saidFull = true;
        // To block or to spill is what was asked for; to fail loses what nobody else keeps.
        Level level = whenFull instanceof WhenFull.Fail ? Level.WARN : Level.INFO;
        LOG.atLevel(level).log("The buffer is full: {} of {} bytes in use", used.get(), maxBytes);
      }
    } finally {
      lock.unlock();
    }
  }

  private void signalFirst() {
    Condition first = waiting.peek();
    if (first != null) {
      first.signal();
    } else {
      contended = false;
    }
  }

  /** One caller in the queue. */
  private final class Waiter implements ForkJoinPool.ManagedBlocker {
    private final long bytes;
    private final long timeoutNanos;
    private boolean taken;

    Waiter(long bytes, long timeoutNanos) {
      this.bytes = bytes;
      this.timeoutNanos = timeoutNanos;
    }

    @Override
    public boolean block() throws InterruptedException {
      sayFull();
      lock.lockInterruptibly();
      Condition turn = lock.newCondition();
      waiting.addLast(turn);
      // Under the lock, or a release could take the flag back before this waiter is in the queue.
      contended = true;
      try {
        taken = awaitTurn(turn);
      } finally {
        waiting.remove(turn);
        signalFirst();
        lock.unlock();
      }
      return true;
    }

    private boolean awaitTurn(Condition turn) throws InterruptedException {
      long left = timeoutNanos;
      while (waiting.peek() != turn || !tryTake(bytes)) {
        if (closed) {
          throw new IllegalStateException("sender is closed");
        }
        if (left <= 0) {
          return false;
        }
        left = turn.awaitNanos(left);
      }
      return true;
    }

    @Override
    public boolean isReleasable() {
      return taken;
    }
  }
}
