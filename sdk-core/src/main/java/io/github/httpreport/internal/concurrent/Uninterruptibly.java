package io.github.httpreport.internal.concurrent;

import java.time.Duration;

/**
 * Waits that go on through interrupts. The thread finds its interrupt flag set again afterwards.
 *
 * <p>For the close of a sender only: there a wait has its own time limit, and what it waits for
 * must not be lost because the closing thread was interrupted.
 */
public final class Uninterruptibly {

  /** A wait of at most so many nanoseconds, which may be none. */
  public interface Wait {
    /** True when what was waited for has happened. */
    boolean await(long nanos) throws InterruptedException;
  }

  private Uninterruptibly() {}

  /** Waits for the whole time if need be, whatever interrupts the calling thread. */
  public static boolean await(Duration timeout, Wait wait) {
    long startNanos = System.nanoTime();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          long left = timeout.toNanos() - (System.nanoTime() - startNanos);
          return wait.await(Math.max(0, left));
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
