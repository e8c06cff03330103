package io.github.httpreport.benchmarks.reliability;

import io.github.httpreport.ProxySender;
import io.github.httpreport.SendResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/** Messages for some groups in turn, at a steady rate, whatever becomes of those before. */
final class GroupLoad implements AutoCloseable {

  /** Of an application with so many threads for each kind of group, all of them may be blocked. */
  private static final int CALLERS = 256;

  private final ProxySender sender;
  private final CallKind way;
  private final List<String> groups;
  private final ExecutorService callers;
  private final SteadyRate rate;
  private final AtomicLong offered = new AtomicLong();
  private final List<Long> acknowledgedNanos = new ArrayList<>();
  private volatile boolean measuring;

  /**
   * Does nothing yet.
   *
   * @param before runs before each message and is told its number
   */
  GroupLoad(
      ProxySender sender, CallKind way, List<String> groups, int perSecond, LongConsumer before) {
    this.sender = sender;
    this.way = way;
    this.groups = groups;
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            CALLERS, CALLERS, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), GroupLoad::caller);
    pool.allowCoreThreadTimeOut(true);
    callers = pool;
    rate =
        new SteadyRate(
            perSecond,
            number -> {
              before.accept(number);
              offer(number);
            });
  }

  private static Thread caller(Runnable task) {
    Thread thread = new Thread(task, "isolation-caller");
    thread.setDaemon(true);
    return thread;
  }

  void start() {
    rate.start();
  }

  private void offer(long number) {
    boolean counts = measuring;
    long startNanos = System.nanoTime();
    String group = groups.get((int) (number % groups.size()));
    CompletableFuture<SendResult> future = way.offer(sender, group, callers);
    if (counts) {
      offered.incrementAndGet();
      future.thenRun(() -> acknowledged(System.nanoTime() - startNanos));
    }
  }

  /** Counts what is offered from now on. */
  void measure() {
    measuring = true;
  }

  private synchronized void acknowledged(long nanos) {
    acknowledgedNanos.add(nanos);
  }

  /** Goes on, but counts nothing more that is offered; returns how many are acknowledged. */
  synchronized int endMeasuring() {
    measuring = false;
    return acknowledgedNanos.size();
  }

  /**
   * Of all messages that count, in milliseconds; infinite where too many were not acknowledged.
   * Asked some time after {@link #endMeasuring}, or the last messages that were offered would count
   * as never acknowledged.
   */
  synchronized double p99Millis() {
    List<Long> sorted = acknowledgedNanos.stream().sorted().toList();
    int last = (int) (offered.get() * 99 / 100);
    return last < sorted.size() ? sorted.get(last) / 1e6 : Double.POSITIVE_INFINITY;
  }

  @Override
  public void close() {
    rate.close();
    callers.shutdownNow();
  }

  /**
   * What came of messages.
   *
   * @param perSecond acknowledged
   * @param p99Millis of all that were offered; infinite where too many were not acknowledged
   */
  record Delivered(double perSecond, double p99Millis) {}
}
