package io.github.httpreport.examples.cli;

import io.github.httpreport.testkit.StoredRecord;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** Counts what a cluster stores for each node, and prints the count every second. */
final class StoredCounter implements Consumer<StoredRecord>, AutoCloseable {

  private final PrintWriter out;
  private final boolean bodies;
  private final Map<String, LongAdder> messages = new ConcurrentHashMap<>();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "http-report-arrivals");
            thread.setDaemon(true);
            return thread;
          });
  private long printed;

  StoredCounter(PrintWriter out, boolean bodies) {
    this.out = out;
    this.bodies = bodies;
  }

  void start() {
    if (!bodies) {
      clock.scheduleAtFixedRate(this::print, 1, 1, TimeUnit.SECONDS);
    }
  }

  @Override
  public void accept(StoredRecord stored) {
    messages.computeIfAbsent(stored.node(), node -> new LongAdder()).add(stored.messages().size());
    if (bodies) {
      out.println(stored.groupId() + '/' + stored.streamId() + ' ' + stored.body());
      out.flush();
    }
  }

  long of(String node) {
    LongAdder count = messages.get(node);
    return count == null ? 0 : count.sum();
  }

  long total() {
    return messages.values().stream().mapToLong(LongAdder::sum).sum();
  }

  private void print() {
    long now = total();
    if (now > printed) {
      out.println(
          Format.number(now) + " messages stored, " + Format.number(now - printed) + " new");
      out.flush();
      printed = now;
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
