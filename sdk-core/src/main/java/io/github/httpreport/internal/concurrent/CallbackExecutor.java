package io.github.httpreport.internal.concurrent;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pool of the threads that run the application's callbacks, two at a time, and the way into an
 * executor that the application gives instead.
 *
 * <p>It is a fork-join pool because that one adds a thread while a callback waits in {@code join()}
 * of another future: with a plain pool two such callbacks would wait for each other without end. At
 * the bound of its threads {@code join()} throws {@link RejectedExecutionException} instead of
 * waiting. Waits for memory and for the result of {@code send} need no thread of this pool to end,
 * so they go through {@link #block} and are never refused. Nothing but callbacks runs here.
 *
 * <p>With an executor of the application, this pool starts threads only for tasks that the executor
 * rejects, so every future completes and no callback runs on an I/O thread. Tasks mark the threads
 * of such an executor as callback threads while they run.
 *
 * <p>Any thread executes tasks. The pool guards its queue, and the list of threads is concurrent,
 * for {@link #awaitThreads}. States: open, and closed, in which a task runs on the thread that
 * brings it: no I/O thread is left by then to protect from the application's code.
 */
public final class CallbackExecutor implements Executor, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(CallbackExecutor.class);

  /** Callbacks that run at once, as long as none of them blocks. */
  private static final int PARALLELISM = 2;

  /** Bound of all threads of the pool, including those that block in {@code join()}. */
  private static final int MAX_THREADS_WHILE_BLOCKED = 256;

  private static final long KEEP_ALIVE_SECONDS = 10;

  private final ForkJoinPool pool;
  private final @Nullable Executor given;

  /**
   * Set while a thread of the application's executor runs a task of this sender: no other mark
   * tells such a thread from the rest of the application's threads.
   */
  private final ThreadLocal<Boolean> inCallback = new ThreadLocal<>();

  private final AtomicBoolean rejectionLogged = new AtomicBoolean();

  /** The threads that live, and some that ended after the newest one was made. */
  private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();

  public CallbackExecutor(String name) {
    this(name, null);
  }

  /**
   * @param given runs the callbacks; null for the pool alone
   */
  public CallbackExecutor(String name, @Nullable Executor given) {
    this.given = given;
    // First in, first out. One thread at least stays runnable while others block in callbacks; no
    // predicate allows more threads at the bound, so join() throws there.
    pool =
        new ForkJoinPool(
            PARALLELISM,
            owner ->
                remember(
                    DaemonThreadFactory.detached(
                        () -> new CallbackThread(owner, name + "-callback"))),
            (thread, error) -> LOG.error("A callback failed in {}", thread.getName(), error),
            true,
            0,
            MAX_THREADS_WHILE_BLOCKED,
            1,
            null,
            KEEP_ALIVE_SECONDS,
            TimeUnit.SECONDS);
  }

  /**
   * Runs a task on a callback thread: of the application's executor if that accepts it, otherwise
   * of the pool, and after the close on the calling thread. Never drops a task, since nothing else
   * would complete the futures that it is for.
   */
  @Override
  public void execute(Runnable task) {
    if (!isGiven(() -> runAsCallback(task))) {
      executeInPool(task);
    }
  }

  /**
   * Hands a task to the executor of the application; false if there is none or it rejects the task.
   * An executor that drops the task without an exception cannot be noticed here.
   */
  private boolean isGiven(Runnable task) {
    if (given == null) {
      return false;
    }
    try {
      given.execute(task);
      return true;
    } catch (Throwable rejected) {
      if (rejectionLogged.compareAndSet(false, true)) {
        LOG.warn(
            "The callback executor rejected a task, and the sender's own threads run it;"
                + " this is logged once",
            rejected);
      }
      return false;
    }
  }

  private void runAsCallback(Runnable task) {
    Boolean outer = inCallback.get();
    inCallback.set(true);
    try {
      task.run();
    } finally {
      if (outer == null) {
        inCallback.remove();
      }
    }
  }

  private void executeInPool(Runnable task) {
    try {
      pool.execute(task);
    } catch (Throwable noThread) {
      // After close there are no more threads to protect from the application's code. Before, no
      // thread could be made; it may be in the queue all the same, so tasks can be run twice.
      task.run();
    }
  }

  /** Offers a task that another thread does as well: dropped where the sender is closed. */
  public void offer(Runnable task) {
    Successor successor = new Successor(task);
    if (isGiven(successor)) {
      successor.offered = true;
    } else {
      offerToPool(task);
    }
  }

  private void offerToPool(Runnable task) {
    if (!pool.isShutdown()) {
      try {
        pool.execute(task);
      } catch (RejectedExecutionException closed) {
        LOG.debug("A task came while the sender closed");
      }
    }
  }

  /** Blocks for an event that needs no callback, with a substitute thread if there is one left. */
  public static void block(ForkJoinPool.ManagedBlocker blocker) throws InterruptedException {
    try {
      ForkJoinPool.managedBlock(blocker);
    } catch (RejectedExecutionException noMoreThreads) {
      while (!blocker.isReleasable() && !blocker.block()) {
        Thread.onSpinWait();
      }
    }
  }

  /** Whether the calling thread runs callbacks in the pool of any sender. */
  public static boolean isAnyCallbackThread() {
    return Thread.currentThread() instanceof CallbackThread;
  }

  /** Whether the calling thread runs a callback of this sender in the application's executor. */
  public boolean isInGivenExecutor() {
    return inCallback.get() != null;
  }

  /** Whether the calling thread runs a callback of this sender. */
  public boolean isCallbackThread() {
    return Thread.currentThread() instanceof ForkJoinWorkerThread worker
        && worker.getPool() == pool;
  }

  /** Runs the tasks in the queue, and starts no thread for later ones. */
  @Override
  public void close() {
    pool.shutdown();
  }

  /** Waits until the threads have ended, which is a moment after the pool says that it has. */
  public void awaitThreads(Duration timeout) throws InterruptedException {
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

  /**
   * A task that continues the work of the thread that offers it. An executor that runs tasks on the
   * calling thread would recurse here, so the task does nothing until the offer has returned. Other
   * threads may run it at any time.
   */
  private final class Successor implements Runnable {
    private final Runnable task;
    private final Thread offerer = Thread.currentThread();
    private volatile boolean offered;

    Successor(Runnable task) {
      this.task = task;
    }

    @Override
    public void run() {
      if (offered || Thread.currentThread() != offerer) {
        runAsCallback(task);
      }
    }
  }

  private static final class CallbackThread extends ForkJoinWorkerThread {
    CallbackThread(ForkJoinPool owner, String prefix) {
      super(owner);
      setName(prefix + '-' + (getPoolIndex() + 1));
      setDaemon(true);
      setContextClassLoader(CallbackExecutor.class.getClassLoader());
    }
  }
}
