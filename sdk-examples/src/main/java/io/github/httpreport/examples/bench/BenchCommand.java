package io.github.httpreport.examples.bench;

import io.github.httpreport.error.SendException;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The measurement as a command. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = {
      "Measures the library against a plain HTTP client.",
      "All run in turn, round by round, against a cluster in another process on this machine. "
          + "Compare the ratios: the figures themselves depend on the machine and what else it does."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:measured",
      "1:measured, and a target was missed (with --check only)",
      "2:wrong option, or could not measure"
    })
public final class BenchCommand implements Callable<Integer> {

  private static final int MEASURED = 0;
  private static final int TARGET_MISSED = 1;
  private static final int NOT_MEASURED = 2;

  private static final int MAX_BODY_BYTES = 100_000;
  private static final int MAX_NODES = 100;
  private static final int MAX_ROUNDS = 1000;
  private static final double MIN_SECONDS = 0.01;
  private static final int MAX_SECONDS = 3600;

  /** Replaced by that of the command line. */
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "How many rounds are counted; one more warms up. Default ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "3",
      description =
          "How long each contestant runs in a round; may be a fraction. Default ${DEFAULT-VALUE}.")
  private double seconds;

  @Option(
      names = "--body-bytes",
      paramLabel = "N",
      defaultValue = "200",
      description = "The length of each message. Default ${DEFAULT-VALUE}.")
  private int bodyBytes;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "3",
      description = "How many nodes the cluster has. Default ${DEFAULT-VALUE}.")
  private int nodes;

  @Option(names = "--json", description = "Print JSON instead of a table.")
  private boolean json;

  @Option(names = "--check", description = "End with 1 when a target is missed.")
  private boolean check;

  /** A command with the default options. */
  public BenchCommand() {}

  /**
   * Measures, which takes as long as the options say, and prints the result.
   *
   * @return the exit code
   */
  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    try {
      Report report = new Bench(plan(), err::println).run();
      out.println(json ? report.json() : report.text());
      return check && !report.meetsAllTargets() ? TARGET_MISSED : MEASURED;
    } catch (IOException | SendException e) {
      err.println("Could not measure: " + e.getMessage());
      return NOT_MEASURED;
    }
  }

  private Plan plan() {
    requireWithin("--rounds", rounds, MAX_ROUNDS);
    requireWithin("--body-bytes", bodyBytes, MAX_BODY_BYTES);
    requireWithin("--nodes", nodes, MAX_NODES);
    if (!(seconds >= MIN_SECONDS && seconds <= MAX_SECONDS)) {
      throw refused("--seconds must be from " + MIN_SECONDS + " to " + MAX_SECONDS, seconds);
    }
    Duration turn = Duration.ofNanos((long) (seconds * Duration.ofSeconds(1).toNanos()));
    return new Plan(rounds, turn, bodyBytes, nodes);
  }

  private void requireWithin(String option, int value, int most) {
    if (value < 1 || value > most) {
      throw refused(option + " must be from 1 to " + most, value);
    }
  }

  private ParameterException refused(String rule, Object value) {
    return new ParameterException(spec.commandLine(), rule + ", but is " + value);
  }
}
