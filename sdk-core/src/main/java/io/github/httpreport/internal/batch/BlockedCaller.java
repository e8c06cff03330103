package io.github.httpreport.internal.batch;

import java.util.concurrent.Executor;

/**
 * Tells a caller that waits. Nobody else sees its future, so telling it runs no code of the
 * application, and any thread may do it.
 */
public record BlockedCaller(Thread thread) implements Executor {

  @Override
  public void execute(Runnable task) {
    task.run();
  }
}
