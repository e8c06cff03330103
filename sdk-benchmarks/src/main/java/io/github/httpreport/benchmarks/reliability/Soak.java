package io.github.httpreport.benchmarks.reliability;

import io.github.httpreport.CloseSummary;
import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ProxySender;
import io.github.httpreport.examples.cli.Format;
import io.github.httpreport.examples.cli.StoredCheck;
import io.github.httpreport.testkit.LocalCluster;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** A sender and a cluster in trouble, in one process, and what became of each message. */
final class Soak implements AutoCloseable {

  private static final String CLUSTER = "soak-cluster";
  private static final String ROW = "%6s %9s %9s %9s %9s %8s %8s %11s  %s%n";
  private static final double NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);
  private static final double MEDIAN = 50;
  private static final double P99 = 99;
  private static final int SIGNIFICANT_DIGITS = 2;
  private static final String PADDING = " a line of a log, as long as many are".repeat(3);

  /** Short, so that a node that does not answer shows in a row or two. */
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(1);

  /** What is accepted is acknowledged or given up within the deadline of a delivery. */
  private static final Duration TIME_TO_STABILIZE = Duration.ofMinutes(3);

  private final SoakPlan plan;
  private final StoredCheck check = new StoredCheck();
  private final ResourceWatch watch = new ResourceWatch();
  private final LocalCluster cluster;
  private final ProxySender sender;
  private final FaultSchedule trouble;
  private final SteadyRate rate;
  private final Histogram latencies = new Histogram(SIGNIFICANT_DIGITS);
  private long offered;
  private long acknowledged;
  private long acknowledgedBefore;
  private String firstError = "";
  private int threadsAtFirst;

  Soak(SoakPlan plan) {
    this.plan = plan;
    cluster =
        LocalCluster.builder()
            .name(CLUSTER)
            .nodes(plan.nodes())
            .onStored(record -> record.messages().forEach(check::stored))
            .start();
    sender =
        HttpProxySender.builder()
            .manager(cluster.managerUrl())
            .requestTimeout(REQUEST_TIMEOUT)
            .metrics(watch)
            .name("soak-sender")
            .build();
    trouble = new FaultSchedule(cluster, plan.restartEvery(), plan.seed());
    rate = new SteadyRate(plan.rate(), this::offer);
  }

  LocalCluster cluster() {
    return cluster;
  }

  /** Goes on for its time, or until it is to end. */
  SoakCounts run(PrintWriter out, CompletableFuture<Void> end) throws InterruptedException {
    out.printf(
        ROW,
        "second",
        "sent/s",
        "p50 ms",
        "p99 ms",
        "heap MB",
        "threads",
        "ejected",
        "buffer KiB",
        "");
    long start = System.nanoTime();
    rate.start();
    trouble.start();
    for (int second = 1; second <= plan.seconds() && !isOver(end, start, second); second++) {
      printRow(out, second);
    }
    rate.close();
    trouble.close();
    complete();
    int threadsAtLast = threads();
    long heapAtLast = Heap.usedAfterCollection();
    CloseSummary closed = sender.close(TIME_TO_STABILIZE);
    return counts(closed, threadsAtLast, heapAtLast);
  }

  private static boolean isOver(CompletableFuture<Void> end, long start, int second)
      throws InterruptedException {
    try {
      long left = start + TimeUnit.SECONDS.toNanos(second) - System.nanoTime();
      end.get(Math.max(0, left), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a termination does not fail", e);
    }
  }

  private void offer(long number) {
    String body = number + PADDING;
    long start = System.nanoTime();
    synchronized (this) {
      offered++;
    }
    try {
      sender
          .enqueue(body, "soak", "lines")
          .whenComplete((result, error) -> completed(body, start, error));
    } catch (RuntimeException e) {
      completed(body, start, e);
    }
  }

  private void completed(String body, long start, @Nullable Throwable error) {
    if (error == null) {
      check.read(body);
    }
    synchronized (this) {
      if (error == null) {
        acknowledged++;
        latencies.recordValue(System.nanoTime() - start);
      } else if (firstError.isEmpty()) {
        firstError = Format.of(error);
      }
    }
  }

  private void printRow(PrintWriter out, int second) {
    int threads = threads();
    if (second == 1) {
      threadsAtFirst = threads;
    }
    long heap = Heap.usedAfterCollection();
    synchronized (this) {
      out.printf(
          Locale.ROOT,
          ROW,
          second,
          Format.number(acknowledged - acknowledgedBefore),
          millis(latencies.getValueAtPercentile(MEDIAN)),
          millis(latencies.getValueAtPercentile(P99)),
          String.format(Locale.ROOT, "%.1f", heap / 1e6),
          threads,
          watch.ejectedNodes(),
          Format.number(watch.bufferUsed() >> 10),
          trouble.news());
      acknowledgedBefore = acknowledged;
      latencies.reset();
    }
    out.flush();
  }

  private static String millis(long nanos) {
    return String.format(Locale.ROOT, "%.1f", nanos / NANOS_PER_MILLI);
  }

  private static int threads() {
    return (int)
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> !thread.getName().startsWith(CLUSTER))
            .count();
  }

  private void complete() throws InterruptedException {
    try {
      sender.flush().get(TIME_TO_STABILIZE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException stillUnderWay) {
      // Closing the sender counts it as abandoned.
    } catch (ExecutionException e) {
      throw new IllegalStateException("a flush does not fail", e);
    }
  }

  private synchronized SoakCounts counts(CloseSummary closed, int threads, long heap) {
    return new SoakCounts(
        new SoakCounts.Messages(
            offered, acknowledged, firstError, check.missing(), check.duplicates()),
        closed,
        new SoakCounts.Held(threadsAtFirst, threads, heap),
        trouble.counts());
  }

  @Override
  public void close() {
    rate.close();
    trouble.close();
    sender.close();
    cluster.close();
  }
}
