package io.github.httpreport.internal;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pool of the application's callbacks, two at a time. It is a fork-join pool because that one
 * adds a thread while a callback waits in {@code join()} of another future: with a plain pool two
 * such callbacks would wait for each other for ever. Beyond the bound of its threads {@code join()}
 * throws {@link RejectedExecutionException} instead of waiting for ever. A callback that waits for
 * a future of {@code sendAsync} itself needs no thread of this pool to go on: see {@link
 * BatchReceipt}. Waits for the sender's own room and answers do not either, so they go through
 * {@link #block} and are never refused. Nothing but callbacks runs here.
 */
final class Completions implements Executor, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Completions.class);
  private static final int PARALLELISM = 2;
  private static final int MAX_THREADS_WHILE_BLOCKED = 256;
  private static final long KEEP_ALIVE_SECONDS = 10;

  private final ForkJoinPool pool;
  private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();

  Completions(String name) {
    pool =
        new ForkJoinPool(
            PARALLELISM,
            owner ->
                remember(
                    DaemonThreads.detached(() -> new CallbackThread(owner, name + "-callback"))),
            (thread, error) -> LOG.error("A callback failed in {}", thread.getName(), error),
            true,
            0,
            MAX_THREADS_WHILE_BLOCKED,
            1,
            null,
            KEEP_ALIVE_SECONDS,
            TimeUnit.SECONDS);
  }

  @Override
  public void execute(Runnable task) {
    try {
      pool.execute(task);
    } catch (Throwable noThread) {
      // After close there are no more threads to protect from the application's code. Before, no
      // thread could be made; it may be in the queue all the same, so tasks can be run twice.
      task.run();
    }
  }

  /** Runs a task unless the sender is closed. For one that others do as well if need be. */
  void offer(Runnable task) {
    if (!pool.isShutdown()) {
      try {
        pool.execute(task);
      } catch (RejectedExecutionException closed) {
        LOG.debug("A task came while the sender closed");
      }
    }
  }

  /** Waits for something that no callback is needed for, with another thread or without. */
  static void block(ForkJoinPool.ManagedBlocker blocker) throws InterruptedException {
    try {
      ForkJoinPool.managedBlock(blocker);
    } catch (RejectedExecutionException noMoreThreads) {
      while (!blocker.isReleasable() && !blocker.block()) {
        Thread.onSpinWait();
      }
    }
  }

  /** Whether the calling thread runs callbacks of any sender. */
  static boolean isAnyCallbackThread() {
    return Thread.currentThread() instanceof CallbackThread;
  }

  /** Whether the calling thread runs a callback of this sender. */
  boolean isCallbackThread() {
    return Thread.currentThread() instanceof ForkJoinWorkerThread worker
        && worker.getPool() == pool;
  }

  /** Runs what is queued and takes no more. */
  @Override
  public void close() {
    pool.shutdown();
  }

  /** Waits until the threads have ended, which is a moment after the pool says that it has. */
  void awaitThreads(Duration timeout) throws InterruptedException {
    if (pool.awaitTermination(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
      for (Thread thread : threads) {
        TimeUnit.NANOSECONDS.timedJoin(thread, timeout.toNanos());
      }
    }
  }

  private ForkJoinWorkerThread remember(ForkJoinWorkerThread thread) {
    threads.removeIf(known -> known.getState() == Thread.State.TERMINATED);
    threads.add(thread);
    return thread;
  }

  private static final class CallbackThread extends ForkJoinWorkerThread {
    CallbackThread(ForkJoinPool owner, String prefix) {
      super(owner);
      setName(prefix + '-' + (getPoolIndex() + 1));
      setDaemon(true);
      setContextClassLoader(Completions.class.getClassLoader());
    }
  }
}
