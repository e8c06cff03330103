package io.github.httpreport.testsupport;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** Does something on several threads that begin at the same moment. */
public final class Concurrently {

  private Concurrently() {}

  /** Calls it so often on each of so many threads. */
  public static <T> List<T> call(int threads, int times, Callable<T> call) throws Exception {
    return run(
        threads,
        index ->
            () -> {
              List<T> results = new ArrayList<>();
              for (int i = 0; i < times; i++) {
                results.add(call.call());
              }
              return results;
            });
  }

  /** Runs a task on each thread and returns what they returned, one after the other. */
  public static <T> List<T> run(int threads, IntFunction<Callable<List<T>>> tasks)
      throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    CyclicBarrier start = new CyclicBarrier(threads);
    try {
      List<Future<List<T>>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        Callable<List<T>> task = tasks.apply(i);
        running.add(
            pool.submit(
                () -> {
                  start.await();
                  return task.call();
                }));
      }
      List<T> results = new ArrayList<>();
      for (Future<List<T>> one : running) {
        results.addAll(one.get(30, TimeUnit.SECONDS));
      }
      return results;
    } finally {
      pool.shutdownNow();
    }
  }
}
