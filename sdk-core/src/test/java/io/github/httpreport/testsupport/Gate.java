package io.github.httpreport.testsupport;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Lets as many pass as it was opened for; whoever comes earlier waits, though not for ever. */
public final class Gate {

  private static final Duration MAX_WAIT = Duration.ofSeconds(20);

  private final Semaphore permits = new Semaphore(0);

  /** Lets one pass, now or later. */
  public void open() {
    permits.release();
  }

  /** Lets everybody pass from now on. */
  public void openForAll() {
    permits.release(Integer.MAX_VALUE / 2);
  }

  /** Passes, or fails the test when nobody opens. */
  public void pass() {
    try {
      if (!permits.tryAcquire(MAX_WAIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("nobody opened the gate within " + MAX_WAIT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted at a gate", e);
    }
  }
}
