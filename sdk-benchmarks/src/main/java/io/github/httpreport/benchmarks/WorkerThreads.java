package io.github.httpreport.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * The threads that contestants run on. They live throughout, so that what they allocate is seen.
 */
final class WorkerThreads implements AutoCloseable {

  static final int THREADS = 16;

  private static final double MEDIAN = 50;
  private static final double P99 = 99;
  private static final int SIGNIFICANT_DIGITS = 2;

  private final ServerProcess server;
  private final ThreadPoolExecutor threads;
  private final List<Histogram> latencies =
      IntStream.range(0, THREADS).mapToObj(i -> new Histogram(SIGNIFICANT_DIGITS)).toList();

  WorkerThreads(ServerProcess server) {
    this.server = server;
    threads = (ThreadPoolExecutor) Executors.newFixedThreadPool(THREADS);
    threads.prestartAllCoreThreads();
  }

  /**
   * Measures a contestant, which runs for about the given time.
   *
   * @throws IOException if a message was not acknowledged or not taken
   */
  Sample run(Scenario scenario, Contestant contestant, Duration time) throws IOException {
    Counts countsBefore = server.counts();
    Spent before = Spent.now();
    long end = before.nanos() + time.toNanos();
    List<Future<Long>> calls = new ArrayList<>();
    for (int i = 0; i < scenario.threads(); i++) {
      int thread = i;
      Callable<Long> loop = () -> callUntil(end, contestant, thread);
      calls.add(threads.submit(loop));
    }
    long messages = 0;
    for (Future<Long> call : calls) {
      messages += result(call);
    }
    contestant.complete();
    Spent spent = Spent.now().minus(before);
    Counts taken = server.counts().minus(countsBefore);
    if (taken.messages() < messages) {
      throw new IOException(
          "%s: %d messages were acknowledged, but the server took only %d"
              .formatted(scenario.name(), messages, taken.messages()));
    }
    Histogram all = new Histogram(SIGNIFICANT_DIGITS);
    latencies.subList(0, scenario.threads()).forEach(all::add);
    return new Sample(
        messages,
        taken,
        spent.withoutBytes(contestant.ownBytesPerMessage() * messages),
        all.getValueAtPercentile(MEDIAN),
        all.getValueAtPercentile(P99));
  }

  private long callUntil(long end, Contestant contestant, int thread) throws IOException {
    Histogram times = latencies.get(thread);
    times.reset();
    long messages = 0;
    long start = System.nanoTime();
    do {
      messages += contestant.call(thread);
      long now = System.nanoTime();
      times.recordValue(now - start);
      start = now;
    } while (start - end < 0);
    return messages;
  }

  private static long result(Future<Long> call) throws IOException {
    try {
      return call.get();
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(1, TimeUnit.SECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
