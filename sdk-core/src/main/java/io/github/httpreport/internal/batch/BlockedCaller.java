package io.github.httpreport.internal.batch;

import java.util.concurrent.Executor;

/**
 * Executor for the future of a caller that blocks until it completes. No other code sees that
 * future, so completing it runs no callback of the application, and any thread may do it. Names the
 * thread that waits, which does the first exchange itself.
 */
public record BlockedCaller(Thread thread) implements Executor {

  @Override
  public void execute(Runnable task) {
    task.run();
  }
}
