package io.github.httpreport.examples.cli;

import io.github.httpreport.Batching;
import io.github.httpreport.Destination;
import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ProxySender;
import io.github.httpreport.WhenFull;
import io.github.httpreport.testkit.LocalCluster;
import io.github.httpreport.testkit.LocalNode;
import io.github.httpreport.testkit.StoredRecord;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** A cluster and a sender in one process, and the comparison of what went in and what came out. */
final class Demo implements AutoCloseable {

  /** Small enough for a small heap, which the cluster shares. */
  private static final long BUFFER_BYTES = 16L << 20;

  private static final int LINES_PER_UPDATE = 100;
  private static final Destination DESTINATION = new Destination("demo", "lines");

  private final StoredCheck check = new StoredCheck();
  private final Map<String, LongAdder> storedPerNode = new ConcurrentHashMap<>();
  private final Tally tally = new Tally();
  private final Progress progress;
  private final LocalCluster cluster;
  private final ProxySender sender;
  private final LongAdder stored = new LongAdder();
  private final long half;
  private final AtomicReference<@Nullable LocalNode> stopped = new AtomicReference<>();
  private Duration elapsed = Duration.ZERO;

  /**
   * Starts the cluster.
   *
   * @param total how many lines there will be
   */
  Demo(int nodes, int batchMessages, long total, Progress progress) {
    this.progress = progress;
    half = (total + 1) / 2;
    cluster = LocalCluster.builder().name("demo").nodes(nodes).onStored(this::stored).start();
    sender =
        HttpProxySender.builder()
            .manager(cluster.managerUrl())
            .batching(Batching.defaults().withMaxMessages(batchMessages))
            .buffer(BUFFER_BYTES, WhenFull.block(Duration.ofMinutes(3)))
            .metrics(tally)
            .name("demo-sender")
            .build();
  }

  LocalCluster cluster() {
    return cluster;
  }

  /** Runs on the threads of the cluster, before the node answers. */
  private void stored(StoredRecord record) {
    List<String> messages = record.messages();
    messages.forEach(check::stored);
    storedPerNode.computeIfAbsent(record.node(), node -> new LongAdder()).add(messages.size());
    stored.add(messages.size());
    if (stored.sum() >= half && stopped.get() == null) {
      stopOneNode();
    }
  }

  private void stopOneNode() {
    LocalNode first = cluster.node(0);
    if (cluster.nodes().size() > 1 && stopped.compareAndSet(null, first)) {
      first.stop();
      progress.say("Stopped node " + first.address() + " when half of the lines were stored.");
    }
  }

  /** Sends everything. */
  void send(LineSource source) throws IOException {
    long start = System.nanoTime();
    LinePump pump = new LinePump(sender, DESTINATION, tally, new Watch());
    for (Line line = source.next(); line != null; line = source.next()) {
      pump.offer(line);
      if (line.number() % LINES_PER_UPDATE == 0) {
        progress.at(tally.settled());
      }
    }
    sender.flush().join();
    elapsed = Duration.ofNanos(System.nanoTime() - start);
    progress.at(tally.settled());
  }

  /** Prints the comparison, and tells the exit code. */
  int report(PrintWriter out) {
    long duplicates = check.duplicates();
    tally
        .table()
        .row("Stored", Words.number(stored.sum()))
        .row("Duplicates", Words.number(duplicates))
        .row("Retries", Words.number(tally.retries()))
        .row("Messages/s", Words.perSecond(tally.acknowledged.sum(), elapsed))
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
    for (LocalNode node : cluster.nodes()) {
      LongAdder count = storedPerNode.getOrDefault(node.address(), new LongAdder());
      table.row(
          node.address(),
          Words.number(count.sum()),
          Words.percent(count.sum(), stored.sum()),
          node == stopped.get() ? "stopped half-way" : "");
    }
    table.print(out);
  }

  private int verdict(PrintWriter out) {
    long missing = check.missing();
    long unsendable = tally.unsendable();
    if (missing > 0) {
      out.println("NOT every line was stored: " + Words.lines(missing) + " missing.");
    } else if (unsendable > 0) {
      out.println(
          "Every line was stored but " + Words.number(unsendable) + " that cannot be sent.");
    } else {
      out.println("Every line was stored.");
    }
    out.flush();
    return missing == 0 && unsendable == 0 ? 0 : 1;
  }

  @Override
  public void close() {
    sender.close();
    cluster.close();
  }

  /** Notes what is to be stored, and tells what is not. */
  private final class Watch implements LinePump.Listener {
    private final Complaints complaints = new Complaints(progress::say);

    @Override
    public void sending(String line) {
      check.read(line);
    }

    @Override
    public void failed(byte[] line, Throwable cause) {
      complaints.tell(cause.getClass().getName(), "not delivered: " + Words.of(cause));
    }

    @Override
    public void refused(byte @Nullable [] line, String words) {
      complaints.tell("", words);
    }
  }
}
