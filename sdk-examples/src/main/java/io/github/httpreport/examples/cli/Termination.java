package io.github.httpreport.examples.cli;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets Ctrl-C or SIGTERM end a command in good order: a future completes, and the process ends when
 * the command has, or when its time is over. A second signal ends the process at once.
 */
public final class Termination implements AutoCloseable {

  private final CompletableFuture<Void> requested = new CompletableFuture<>();
  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread hook;
  private final RepeatedSignal signals;

  /**
   * Watches for the end of the process from now on.
   *
   * @param patience how long the process waits for the command
   */
  public Termination(Duration patience) {
    hook = new Thread(() -> request(patience), "http-report-termination");
    Runtime.getRuntime().addShutdownHook(hook);
    signals = new RepeatedSignal();
  }

  /**
   * Completes when the command is to end.
   *
   * @return the same future always
   */
  public CompletableFuture<Void> requested() {
    return requested;
  }

  private void request(Duration patience) {
    requested.complete(null);
    try {
      if (!finished.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        System.err.println("error: gave up waiting for the command to end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Tells that the command has said all it had to say. */
  @Override
  public void close() {
    finished.countDown();
    signals.close();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      // The hook is what brought us here.
    }
  }
}
