package io.github.httpreport.examples.cli;

import io.github.httpreport.Batching;
import io.github.httpreport.Destination;
import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ProxySender;
import io.github.httpreport.WhenFull;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Servers and a sender in one process, and the comparison of what went in and what came out. */
final class Demo implements AutoCloseable {

  /** Small enough for a small heap, which the cluster shares. */
  private static final long BUFFER_BYTES = 16L << 20;

  private static final int LINES_PER_UPDATE = 100;
  private static final Destination DESTINATION = new Destination("demo", "lines");

  private final StoredCheck check = new StoredCheck();
  private final Map<String, LongAdder> storedPerServer = new ConcurrentHashMap<>();
  private final LineCounters counters = new LineCounters();
  private final Progress progress;
  private final DemoServers servers;
  private final ProxySender sender;
  private final LongAdder stored = new LongAdder();
  private final long half;
  private final AtomicReference<@Nullable String> stopped = new AtomicReference<>();
  private Duration elapsed = Duration.ZERO;

  /**
   * Starts the servers.
   *
   * @param total how many lines there will be
   */
  Demo(Protocol protocol, int nodes, int batchMessages, long total, Progress progress) {
    this.progress = progress;
    half = (total + 1) / 2;
    servers = protocol.startServers(nodes, this::stored);
    sender =
        servers
            .applyTo(HttpProxySender.builder())
            .batching(Batching.builder().maxMessages(batchMessages).build())
            .buffer(BUFFER_BYTES, WhenFull.block(Duration.ofMinutes(3)))
            .metrics(counters)
            .name("demo-sender")
            .build();
  }

  DemoServers servers() {
    return servers;
  }

  /** Runs on the threads of the servers, before they answer. */
  private void stored(String server, String line) {
    check.stored(line);
    storedPerServer.computeIfAbsent(server, address -> new LongAdder()).increment();
    stored.increment();
    if (stopped.get() == null && stored.sum() >= half) {
      stopOneNode();
    }
  }

  private void stopOneNode() {
    List<String> addresses = servers.addresses();
    if (addresses.size() > 1 && stopped.compareAndSet(null, addresses.get(0))) {
      servers.stop(0);
      progress.say("Stopped node " + addresses.get(0) + " when half of the lines were stored.");
    }
  }

  /**
   * Sends everything.
   *
   * @param name the source as errors call it
   */
  void send(LineSource source, String name) throws IOException {
    long start = System.nanoTime();
    LinePump pump = new LinePump(sender, DESTINATION, counters, new Watch(), servers::bodyOf);
    for (Line line = source.next(); line != null; line = source.next()) {
      pump.offer(line, name);
    }
    sender.flush().join();
    pump.awaitOutcomes();
    elapsed = Duration.ofNanos(System.nanoTime() - start);
    progress.at(counters.completed(), counters.failed.sum());
  }

  /** Prints the comparison, and tells the exit code. */
  int report(PrintWriter out) {
    long duplicates = check.duplicates();
    counters
        .table()
        .row("Stored", Format.number(stored.sum()))
        .row("Duplicates", Format.number(duplicates))
        .row("Retries", Format.number(counters.retries()))
        .row("Messages/s", Format.perSecond(counters.acknowledged.sum(), elapsed))
        .print(out);
    out.println();
    printNodes(out);
    out.println();
    if (duplicates > 0) {
      out.println(
          "A duplicate was stored before its node could acknowledge it, and so was sent again.");
    }
    return verdict(out);
  }

  private void printNodes(PrintWriter out) {
    Table table = new Table("lrrl").row("NODE", "STORED", "SHARE", "");
    for (String address : servers.addresses()) {
      LongAdder count = storedPerServer.getOrDefault(address, new LongAdder());
      table.row(
          address,
          Format.number(count.sum()),
          Format.percent(count.sum(), stored.sum()),
          address.equals(stopped.get()) ? "stopped half-way" : "");
    }
    table.print(out);
  }

  private int verdict(PrintWriter out) {
    long missing = check.missing();
    long unsendable = counters.unsendable();
    if (missing > 0) {
      out.println("NOT every line was stored: " + Format.lines(missing) + " missing.");
    } else if (unsendable > 0) {
      out.println(
          "Every line was stored but " + Format.number(unsendable) + " that cannot be sent.");
    } else {
      out.println("Every line was stored.");
    }
    out.flush();
    return missing == 0 && unsendable == 0 ? 0 : 1;
  }

  @Override
  public void close() {
    sender.close();
    servers.close();
  }

  /** Notes what is to be stored, and tells what is not. */
  private final class Watch implements LinePump.Listener {
    private final ErrorThrottle errors = new ErrorThrottle(progress::say);
    private final AtomicLong completedLines = new AtomicLong();

    @Override
    public void sending(String line) {
      check.read(line);
    }

    @Override
    public void completed() {
      if (completedLines.incrementAndGet() % LINES_PER_UPDATE == 0) {
        progress.at(counters.completed(), counters.failed.sum());
      }
    }

    @Override
    public void failed(byte[] line, String place, Throwable cause) {
      errors.show(cause.getClass().getName(), place + ": ", "not delivered: " + Format.of(cause));
    }

    @Override
    public void refused(byte @Nullable [] line, String place, String why) {
      errors.show("", place + ", ", why);
    }
  }
}
