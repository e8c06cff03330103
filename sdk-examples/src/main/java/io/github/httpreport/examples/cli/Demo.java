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
  private @Nullable LocalNode stopped;
  private Duration elapsed = Duration.ZERO;

  Demo(int nodes, int batchMessages, Progress progress) {
    this.progress = progress;
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

  private void stored(StoredRecord stored) {
    List<String> messages = stored.messages();
    messages.forEach(check::stored);
    storedPerNode.computeIfAbsent(stored.node(), node -> new LongAdder()).add(messages.size());
  }

  /** Sends everything, and stops a node when half of it was read. */
  void send(LineSource source, long total) throws IOException {
    long start = System.nanoTime();
    LinePump pump = new LinePump(sender, DESTINATION, tally, new Watch());
    for (Line line = source.next(); line != null; line = source.next()) {
      pump.offer(line);
      if (line.number() == (total + 1) / 2) {
        stopOneNode(line.number());
      }
      if (line.number() % LINES_PER_UPDATE == 0) {
        progress.at(tally.settled());
      }
    }
    sender.flush().join();
    elapsed = Duration.ofNanos(System.nanoTime() - start);
    progress.at(tally.settled());
  }

  private void stopOneNode(long line) {
    if (cluster.nodes().size() > 1) {
      LocalNode first = cluster.node(0);
      first.stop();
      stopped = first;
      progress.say("Stopped node " + first.address() + " after line " + Words.number(line) + '.');
    }
  }

  /** Prints the comparison, and tells the exit code. */
  int report(PrintWriter out) {
    long stored = storedPerNode.values().stream().mapToLong(LongAdder::sum).sum();
    long duplicates = check.duplicates();
    tally
        .table()
        .row("Stored", Words.number(stored))
        .row("Duplicates", Words.number(duplicates))
        .row("Retries", Words.number(tally.retries()))
        .row("Messages/s", Words.perSecond(tally.acknowledged.sum(), elapsed))
        .print(out);
    out.println();
    printNodes(out, stored);
    out.println();
    if (duplicates > 0) {
      out.println(
          "Duplicates: the stopped node had stored lines whose acknowledgement it could no longer"
              + " send, so they were sent again.");
    }
    return verdict(out);
  }

  private void printNodes(PrintWriter out, long stored) {
    Table table = new Table("lrrl").row("NODE", "STORED", "SHARE", "");
    for (LocalNode node : cluster.nodes()) {
      LongAdder count = storedPerNode.getOrDefault(node.address(), new LongAdder());
      table.row(
          node.address(),
          Words.number(count.sum()),
          Words.percent(count.sum(), stored),
          node == stopped ? "stopped half-way" : "");
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
