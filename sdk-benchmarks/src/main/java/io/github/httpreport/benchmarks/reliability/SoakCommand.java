package io.github.httpreport.benchmarks.reliability;

import static java.util.Objects.requireNonNull;

import io.github.httpreport.examples.cli.PositiveDurationConverter;
import io.github.httpreport.examples.cli.Termination;
import io.github.httpreport.testkit.LocalCluster;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows that the sender can go on for long. */
@Command(
    name = "soak",
    description = {
      "Sends messages at a fixed rate to a cluster on 127.0.0.1 whose nodes restart one after the"
          + " other and meet a fault now and then. Prints a row a second and a verdict.",
      "",
      "Heap is what is left behind the garbage collector, which runs for each row. Threads are"
          + " those of this process without the cluster's.",
      ""
    },
    exitCodeList = {
      "0:All that was sent is stored, and heap and threads are back where they were.",
      "1:Not so.",
      "2:Wrong usage; nothing was sent."
    })
public final class SoakCommand implements Callable<Integer> {

  private static final double MAX_MINUTES = 7 * 24 * 60;
  private static final int MAX_RATE = 200_000;
  private static final int MAX_NODES = 50;
  private static final Duration MAX_WAIT = Duration.ofSeconds(60);

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--minutes",
      defaultValue = "1",
      paramLabel = "N",
      description =
          "How long; may be a fraction. Ctrl-C ends it earlier. Default ${DEFAULT-VALUE}.")
  private double minutes;

  @Option(
      names = "--rate",
      defaultValue = "2000",
      paramLabel = "R",
      description = "Messages per second. Default ${DEFAULT-VALUE}.")
  private int rate;

  @Option(
      names = "--nodes",
      defaultValue = "3",
      paramLabel = "COUNT",
      description = "How many nodes there are, at least 2. Default ${DEFAULT-VALUE}.")
  private int nodes;

  @Option(
      names = "--restart-every",
      defaultValue = "4s",
      paramLabel = "TIME",
      converter = PositiveDurationConverter.class,
      description =
          "How often a node restarts; it is down for half of that. Default ${DEFAULT-VALUE}.")
  private Duration restartEvery = Duration.ZERO;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      description = "Repeats the faults of the run that printed it.")
  private @Nullable Long seed;

  private final Consumer<LocalCluster> onStart;

  SoakCommand() {
    this(cluster -> {});
  }

  /** A soak on a cluster that somebody tampers with. */
  SoakCommand(Consumer<LocalCluster> onStart) {
    this.onStart = onStart;
  }

  @Override
  public Integer call() throws InterruptedException {
    SoakPlan plan = plan();
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    out.println(
        plan.rate() + " messages/s for " + plan.seconds() + " s, --seed " + plan.seed() + '.');
    Footprint before = Footprint.now();
    SoakCounts counts;
    try (Termination termination = new Termination(MAX_WAIT);
        Soak soak = new Soak(plan)) {
      onStart.accept(soak.cluster());
      counts = soak.run(out, termination.requested());
    }
    List<RunFinding> findings = counts.findings(before, before.after());
    return RunFinding.report(out, "Soak", findings) ? 0 : 1;
  }

  private SoakPlan plan() {
    long seconds = Math.round(minutes * 60);
    require(minutes <= MAX_MINUTES && seconds >= 1, "--minutes must be from one second to a week");
    require(rate >= 1 && rate <= MAX_RATE, "--rate must be from 1 to " + MAX_RATE);
    require(nodes >= 2 && nodes <= MAX_NODES, "--nodes must be from 2 to " + MAX_NODES);
    require(
        restartEvery.compareTo(Duration.ofMillis(400)) >= 0,
        "--restart-every must be at least 400ms");
    return new SoakPlan(
        Math.toIntExact(seconds),
        rate,
        nodes,
        restartEvery,
        seed == null ? ThreadLocalRandom.current().nextLong() : seed);
  }

  private void require(boolean holds, String rule) {
    if (!holds) {
      throw new ParameterException(requireNonNull(spec).commandLine(), rule);
    }
  }
}
