package io.github.httpreport.internal.node;

import io.github.httpreport.internal.concurrent.DaemonThreadFactory;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread that reads and writes saved node lists, one after the other, so that a disk that hangs
 * holds up neither callbacks nor name look-ups.
 *
 * <p>It starts with the first list and is a daemon. Its queue has no bound of its own: at most one
 * read and one write of each group wait, since a group reads while it is fetched and writes when
 * its list changed. After {@link #close} a task is dropped: no delivery waits for it any more.
 */
public final class SavingThread implements Executor {

  private static final Logger LOG = LoggerFactory.getLogger(SavingThread.class);

  private final ThreadPoolExecutor executor;

  public SavingThread(String name) {
    executor =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            DaemonThreadFactory.named(name + "-snapshots"));
  }

  @Override
  public void execute(Runnable task) {
    try {
      executor.execute(task);
    } catch (RejectedExecutionException closed) {
      LOG.debug("A node list is neither read nor saved, because the sender is closed");
    }
  }

  /** Writes what waits, for at most this long. After that the next start finds the older list. */
  public void close(Duration timeout) {
    executor.shutdown();
    try {
      if (!executor.awaitTermination(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
        LOG.warn("A node list could not be saved in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
