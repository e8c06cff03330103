package io.github.httpreport.benchmarks.reliability;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/** Does something so many times a second, and makes up for what was late. On one thread. */
final class SteadyRate implements AutoCloseable {

  private static final long TICK_MILLIS = 2;

  private final ScheduledExecutorService thread;
  private final double perNano;
  private final LongConsumer action;
  private volatile boolean stopped;
  private long startNanos;
  private long done;

  /**
   * Does nothing yet.
   *
   * @param action is told how often it was done before; must not throw
   */
  SteadyRate(int perSecond, LongConsumer action) {
    thread = Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "soak-rate"));
    perNano = (double) perSecond / TimeUnit.SECONDS.toNanos(1);
    this.action = action;
  }

  void start() {
    thread.execute(() -> startNanos = System.nanoTime());
    thread.scheduleAtFixedRate(this::doWhatIsDue, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void doWhatIsDue() {
    long due = (long) (perNano * (System.nanoTime() - startNanos));
    while (done < due && !stopped) {
      action.accept(done);
      done++;
    }
  }

  /** Returns when the action is not being done any more, or after a minute. */
  @Override
  public void close() {
    stopped = true;
    thread.shutdown();
    try {
      thread.awaitTermination(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
