package io.github.httpreport.benchmarks;

import io.github.httpreport.examples.cli.Table;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Compares the connectors with plain {@code enqueue}. */
@Command(
    name = "connectors",
    description = {
      "Measures the task of the Kafka Connect sink, by its put, and the Flink sink, each against"
          + " plain enqueue. A connector and enqueue are fed by the same generator, in turn,"
          + " against a server in another process; what Flink's own discarding sink takes for the"
          + " same records is subtracted.",
      "Compare the ratios: the figures themselves depend on the machine and what else it does.",
      "Flink is not in the jar of this tool: run it as docs/measuring.md says.",
      ""
    },
    exitCodeList = {
      "0:Measured.",
      "1:Measured, and a target was missed (with --check only).",
      "2:Wrong usage, or could not measure."
    })
public final class ConnectorsCommand implements Callable<Integer> {

  private static final double TARGET = 0.7;
  private static final int NODES = 3;
  private static final int NOT_MEASURED = 2;
  private static final int MAX_ROUNDS = 1000;
  private static final long MIN_RECORDS = 1_000;

  /** Replaced by that of the command line. */
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--connector",
      paramLabel = "NAME",
      split = ",",
      defaultValue = "connect,flink",
      description = "Which are measured: ${COMPLETION-CANDIDATES}. Default ${DEFAULT-VALUE}.")
  private List<ConnectorKind> connectors = List.of();

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

  @Option(names = "--check", description = "End with 1 when a target is missed.")
  private boolean check;

  /** A command with the default options. */
  public ConnectorsCommand() {}

  /**
   * Measures, and prints the result.
   *
   * @return the exit code
   */
  @Override
  public Integer call() {
    requireOptions();
    try {
      List<ConnectorComparison> comparisons = new ArrayList<>();
      for (ConnectorKind connector : connectors) {
        comparisons.add(measure(connector));
      }
      print(comparisons, spec.commandLine().getOut());
      boolean reached = comparisons.stream().allMatch(c -> c.reaches(TARGET));
      return reached || !check ? 0 : 1;
    } catch (IOException e) {
      spec.commandLine().getErr().println("Could not measure: " + e.getMessage());
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

  /** One connector after the other, so that nothing else runs in this process meanwhile. */
  private ConnectorComparison measure(ConnectorKind connector) throws IOException {
    try (ServerProcess server = ServerProcess.start(ServerKind.lean, NODES);
        ConnectorFeeds feeds = connector.open(server.managerUrl(NODES))) {
      ConnectorComparison comparison = new ConnectorComparison(feeds, records);
      comparison.run(rounds);
      return comparison;
    }
  }

  private static void print(List<ConnectorComparison> comparisons, PrintWriter out) {
    Table table = new Table("lrrrr").row("FED BY", "RECORDS/S", "RATIO", "CPU US/RECORD", "RATIO");
    comparisons.forEach(comparison -> comparison.addTo(table));
    table.print(out);
    comparisons.forEach(comparison -> out.println(comparison.verdict(TARGET)));
    out.flush();
  }
}
