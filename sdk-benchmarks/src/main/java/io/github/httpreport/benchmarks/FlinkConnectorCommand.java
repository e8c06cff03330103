package io.github.httpreport.benchmarks;

import io.github.httpreport.examples.cli.Table;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.DoubleStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Compares the Flink sink, less what Flink itself takes, with plain {@code enqueue}. */
@Command(
    name = "connectors-flink",
    description = {
      "Measures the Flink sink against plain enqueue. Both are fed by the same generator, in turn,"
          + " against a server in another process; what Flink's own discarding sink takes for the"
          + " same records is subtracted.",
      "Flink is not in the jar of this tool: run it as docs/measuring.md says.",
      ""
    },
    exitCodeList = {
      "0:Measured.",
      "1:Measured, and the target was missed (with --check only).",
      "2:Wrong usage, or could not measure."
    })
public final class FlinkConnectorCommand implements Callable<Integer> {

  private static final double TARGET = 0.7;
  private static final int NODES = 3;
  private static final int NOT_MEASURED = 2;
  private static final int MAX_ROUNDS = 1000;
  private static final long MIN_RECORDS = 1_000;

  /** Replaced by that of the command line. */
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "How many rounds are counted; one more warms up. Default ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--records",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "How many records each reports in a round. Default ${DEFAULT-VALUE}.")
  private long records;

  @Option(names = "--check", description = "End with 1 when the target is missed.")
  private boolean check;

  /** A command with the default options. */
  public FlinkConnectorCommand() {}

  /**
   * Measures, and prints the result.
   *
   * @return the exit code
   */
  @Override
  public Integer call() {
    requireOptions();
    try (ServerProcess server = ServerProcess.start(ServerKind.lean, NODES);
        FlinkTurns turns = new FlinkTurns(server.managerUrl(NODES), records)) {
      List<Round> measured = new ArrayList<>();
      for (int i = 0; i <= rounds; i++) {
        Round round = i % 2 == 0 ? forwards(turns) : backwards(turns);
        if (i > 0) {
          measured.add(round);
        }
      }
      return print(measured, spec.commandLine().getOut()) || !check ? 0 : 1;
    } catch (IOException e) {
      spec.commandLine().getErr().println("Could not measure: " + e.getMessage());
      return NOT_MEASURED;
    } catch (NoClassDefFoundError e) {
      spec.commandLine().getErr().println("Could not measure: Flink is not on the class path");
      return NOT_MEASURED;
    }
  }

  private void requireOptions() {
    if (rounds < 1 || rounds > MAX_ROUNDS) {
      throw refused("--rounds must be from 1 to " + MAX_ROUNDS, rounds);
    }
    if (records < MIN_RECORDS) {
      throw refused("--records must be at least " + MIN_RECORDS, records);
    }
  }

  private ParameterException refused(String rule, Object value) {
    return new ParameterException(spec.commandLine(), rule + ", but is " + value);
  }

  private static Round forwards(FlinkTurns turns) throws IOException {
    Spent enqueue = turns.enqueue();
    Spent sink = turns.sink();
    return new Round(enqueue, sink, turns.discardingSink());
  }

  /** The other way round, so that none is always the first. */
  private static Round backwards(FlinkTurns turns) throws IOException {
    Spent discarding = turns.discardingSink();
    Spent sink = turns.sink();
    return new Round(turns.enqueue(), sink, discarding);
  }

  private boolean print(List<Round> measured, PrintWriter out) {
    Table table = new Table("lrr").row("FED BY", "RECORDS/S", "CPU US/RECORD");
    row(table, "enqueue", measured, Round::enqueue);
    row(table, "Flink sink", measured, Round::sink);
    row(table, "Flink, discarding sink", measured, Round::discarding);
    table.print(out);
    double rate = median(measured.stream().mapToDouble(round -> round.ratio(Spent::nanos)));
    double cpu = median(measured.stream().mapToDouble(round -> round.ratio(Spent::cpuNanos)));
    boolean reached = rate >= TARGET && cpu >= TARGET;
    out.printf(
        Locale.ROOT,
        "%srecords/s %.2f and records per CPU second %.2f of enqueue, less the discarding sink:"
            + " at least %.1f%n",
        reached ? "ok      " : "MISSED  ",
        rate,
        cpu,
        TARGET);
    out.flush();
    return reached;
  }

  private void row(Table table, String label, List<Round> measured, Function<Round, Spent> turn) {
    double nanos = median(measured.stream().map(turn).mapToDouble(Spent::nanos));
    double cpu = median(measured.stream().map(turn).mapToDouble(Spent::cpuNanos));
    table.row(
        label,
        String.format(Locale.ROOT, "%,.0f", records * 1e9 / nanos),
        String.format(Locale.ROOT, "%.2f", cpu / 1e3 / records));
  }

  private static double median(DoubleStream values) {
    return Summary.of(values).median();
  }

  /** What the three spent in one round. */
  private record Round(Spent enqueue, Spent sink, Spent discarding) {

    /** The share of the speed of enqueue that the sink has, without what Flink takes. */
    double ratio(ToLongFunction<Spent> figure) {
      long net = figure.applyAsLong(sink) - figure.applyAsLong(discarding);
      return (double) figure.applyAsLong(enqueue) / Math.max(1, net);
    }
  }
}
