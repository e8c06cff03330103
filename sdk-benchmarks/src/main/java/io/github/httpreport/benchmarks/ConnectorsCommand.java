package io.github.httpreport.benchmarks;

import io.github.httpreport.examples.cli.Table;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Compares the connectors with plain {@code enqueue}. */
@Command(
    name = "connectors",
    description = {
      "Measures the task of the Kafka Connect sink, by its put, against plain enqueue. Both are fed"
          + " by the same generator, in turn, against a server in another process.",
      "Compare the ratios: the figures themselves depend on the machine and what else it does.",
      ""
    },
    exitCodeList = {
      "0:Measured.",
      "1:Measured, and the target was missed (with --check only).",
      "2:Wrong usage, or could not measure."
    })
public final class ConnectorsCommand implements Callable<Integer> {

  private static final double TARGET = 0.7;
  private static final int NODES = 3;
  private static final int NOT_MEASURED = 2;
  private static final int MAX_ROUNDS = 1000;
  private static final double MIN_SECONDS = 0.01;
  private static final double MAX_SECONDS = 3600;

  /** Replaced by that of the command line. */
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "7",
      description = "How many rounds are counted; one more warms up. Default ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "2",
      description = "How long each is fed in a round; may be a fraction. Default ${DEFAULT-VALUE}.")
  private double seconds;

  @Option(names = "--check", description = "End with 1 when the target is missed.")
  private boolean check;

  /** A command with the default options. */
  public ConnectorsCommand() {}

  /**
   * Measures, which takes as long as the options say, and prints the result.
   *
   * @return the exit code
   */
  @Override
  public Integer call() {
    Duration turn = turn();
    PrintWriter out = spec.commandLine().getOut();
    try (ServerProcess server = ServerProcess.start(ServerKind.lean, NODES);
        ConnectorFeed enqueue = new EnqueueFeed(server.managerUrl(NODES));
        ConnectorFeed task = new ConnectTaskFeed(server.managerUrl(NODES))) {
      Comparison comparison = new Comparison(List.of(enqueue, task));
      comparison.run(rounds, turn);
      return comparison.print(out) || !check ? 0 : 1;
    } catch (IOException e) {
      spec.commandLine().getErr().println("Could not measure: " + e.getMessage());
      return NOT_MEASURED;
    }
  }

  private Duration turn() {
    if (rounds < 1 || rounds > MAX_ROUNDS) {
      throw refused("--rounds must be from 1 to " + MAX_ROUNDS, rounds);
    }
    if (!(seconds >= MIN_SECONDS && seconds <= MAX_SECONDS)) {
      throw refused("--seconds must be from " + MIN_SECONDS + " to " + MAX_SECONDS, seconds);
    }
    return Duration.ofNanos((long) (seconds * Duration.ofSeconds(1).toNanos()));
  }

  private ParameterException refused(String rule, Object value) {
    return new ParameterException(spec.commandLine(), rule + ", but is " + value);
  }

  /** Feeds that take turns; the first is what the others are compared with. */
  private static final class Comparison {

    private final List<ConnectorFeed> feeds;
    private final List<RecordGenerator> generators;
    private final List<List<ConnectorTurn>> turns;

    Comparison(List<ConnectorFeed> feeds) {
      this.feeds = feeds;
      long now = System.currentTimeMillis();
      generators = feeds.stream().map(feed -> new RecordGenerator(Body.ASCII.text(), now)).toList();
      turns = feeds.stream().<List<ConnectorTurn>>map(feed -> new ArrayList<>()).toList();
    }

    /** Every second round goes backwards, so that none is always the first. */
    void run(int rounds, Duration turn) throws IOException {
      for (int round = 0; round <= rounds; round++) {
        for (int i = 0; i < feeds.size(); i++) {
          int index = round % 2 == 0 ? i : feeds.size() - 1 - i;
          ConnectorTurn done = ConnectorTurn.run(feeds.get(index), generators.get(index), turn);
          if (round > 0) {
            turns.get(index).add(done);
          }
        }
      }
    }

    /** Whether every connector reaches its target. */
    boolean print(PrintWriter out) {
      Table table =
          new Table("lrrrr").row("FED BY", "RECORDS/S", "RATIO", "CPU US/RECORD", "RATIO");
      boolean reached = true;
      for (int i = 0; i < feeds.size(); i++) {
        double rate = ratio(i, ConnectorTurn::recordsPerSecond).median();
        table.row(
            feeds.get(i).label(),
            spread("%,.0f", summary(i, ConnectorTurn::recordsPerSecond)),
            spread("%.2f", ratio(i, ConnectorTurn::recordsPerSecond)),
            spread("%.2f", summary(i, ConnectorTurn::cpuMicrosPerRecord)),
            spread("%.2f", ratio(i, ConnectorTurn::cpuMicrosPerRecord)));
        reached &= rate >= TARGET;
      }
      table.print(out);
      out.println(
          (reached ? "ok      " : "MISSED  ")
              + "records/s of each connector: at least "
              + TARGET
              + " of enqueue");
      out.flush();
      return reached;
    }

    private Summary summary(int feed, ToDoubleFunction<ConnectorTurn> figure) {
      return Summary.of(turns.get(feed).stream().mapToDouble(figure));
    }

    /** Round by round, because the machine changes less within one. */
    private Summary ratio(int feed, ToDoubleFunction<ConnectorTurn> figure) {
      List<ConnectorTurn> own = turns.get(feed);
      List<ConnectorTurn> first = turns.get(0);
      return Summary.of(
          IntStream.range(0, own.size())
              .mapToDouble(
                  i -> figure.applyAsDouble(own.get(i)) / figure.applyAsDouble(first.get(i))));
    }

    private static String spread(String format, Summary summary) {
      return String.format(
          Locale.ROOT,
          format + " (" + format + " to " + format + ")",
          summary.median(),
          summary.min(),
          summary.max());
    }
  }
}
