package io.github.httpreport.benchmarks.reliability;

import static java.util.Objects.requireNonNull;

import io.github.httpreport.benchmarks.ChartFile;
import io.github.httpreport.examples.cli.PositiveDurationConverter;
import io.github.httpreport.examples.cli.Termination;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows how soon the sender gets over a node that hangs. */
@Command(
    name = "recovery",
    description = {
      "Keeps calls under way to a cluster on 127.0.0.1, lets one node answer nothing for a while,"
          + " and tells how soon throughput is back, and how soon the node has its share again"
          + " after its return. With --spool another trial: promised messages on disk leave beside"
          + " a group that takes nothing, and outlive refusals. With --groups a third one: how long"
          + " the first use of many groups takes.",
      ""
    },
    exitCodeList = {
      "0:Measured.",
      "1:Measured, and a target was missed (with --check only), or ended before its time.",
      "2:Wrong usage; nothing was measured."
    })
public final class RecoveryCommand implements Callable<Integer> {

  private static final Duration MAX_WAIT = Duration.ofSeconds(60);
  private static final Duration MAX_OUTAGE = Duration.ofHours(1);
  private static final int MIN_NODES = 3;
  private static final int MAX_NODES = 50;
  private static final int MAX_WIDTH = 1000;
  private static final int MAX_SPOOLED = 1_000_000;
  private static final int MAX_GROUPS = 20_000;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--timeout",
      defaultValue = "2s",
      paramLabel = "TIME",
      converter = PositiveDurationConverter.class,
      description = "The request time-out of the sender. Default ${DEFAULT-VALUE}.")
  private Duration timeout = Duration.ZERO;

  @Option(
      names = "--outage",
      defaultValue = "12s",
      paramLabel = "TIME",
      converter = PositiveDurationConverter.class,
      description =
          "How long the node answers nothing, at least three time-outs. Default ${DEFAULT-VALUE}.")
  private Duration outage = Duration.ZERO;

  @Option(
      names = "--width",
      defaultValue = "48",
      paramLabel = "CALLS",
      description = "How many calls are under way at any time. Default ${DEFAULT-VALUE}.")
  private int width;

  @Option(
      names = "--nodes",
      defaultValue = "3",
      paramLabel = "COUNT",
      description = "How many nodes there are, at least 3. Default ${DEFAULT-VALUE}.")
  private int nodes;

  @Option(
      names = "--heartbeats",
      description = "Let the node go on answering heartbeats, so that it looks well.")
  private boolean heartbeats;

  @Option(
      names = "--groups",
      paramLabel = "COUNT",
      description =
          "Send one message to each of so many groups at once, and nothing else; the other options"
              + " but --check have no meaning then.")
  private @Nullable Integer groups;

  @Option(
      names = "--chart",
      paramLabel = "FILE",
      description = "Write a chart (PNG) to this file, too.")
  private @Nullable Path chart;

  @Option(
      names = "--spool",
      arity = "0..1",
      fallbackValue = "17032",
      paramLabel = "MESSAGES",
      description =
          "Measure the spool instead, with so many messages for each group. Default 17032 when none"
              + " are given. --check and no other option has an effect.")
  private @Nullable Integer spool;

  @Option(names = "--check", description = "End with 1 when a target is missed.")
  private boolean check;

  RecoveryCommand() {}

  @Override
  public Integer call() throws InterruptedException, IOException {
    return groups == null ? recover() : useFirst(groups);
  }

  private int useFirst(int count) throws InterruptedException {
    require(count >= 1 && count <= MAX_GROUPS, "--groups must be from 1 to " + MAX_GROUPS);
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    try (Termination termination = new Termination(MAX_WAIT)) {
      List<RunFinding> findings = ManyGroups.measure(count, termination.requested());
      return RunFinding.report(out, "Recovery", findings) || !check ? 0 : 1;
    } catch (TimeoutException e) {
      return endedEarly(e);
    }
  }

  private int endedEarly(TimeoutException e) {
    requireNonNull(spec).commandLine().getErr().println("error: " + e.getMessage());
    return 1;
  }

  private int recover() throws InterruptedException, IOException {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    if (spool != null) {
      require(spool > 0 && spool <= MAX_SPOOLED, "--spool must be from 1 to " + MAX_SPOOLED);
      List<RunFinding> findings = SpoolRecovery.inTemporaryDirectory(spool);
      return RunFinding.report(out, "Recovery of the spool", findings) || !check ? 0 : 1;
    }
    RecoveryPlan plan = plan();
    Curve curve;
    long failed;
    try (Termination termination = new Termination(MAX_WAIT);
        Recovery recovery = new Recovery(plan, termination.requested())) {
      curve = recovery.run();
      failed = recovery.failed();
    } catch (TimeoutException e) {
      return endedEarly(e);
    }
    CurveReport.print(out, curve);
    out.println();
    ChartFile.write(chart, CurveChart.of(curve));
    List<RunFinding> findings = CurveReport.findings(curve, failed);
    return RunFinding.report(out, "Recovery", findings) || !check ? 0 : 1;
  }

  private RecoveryPlan plan() {
    require(nodes >= MIN_NODES && nodes <= MAX_NODES, "--nodes must be from 3 to " + MAX_NODES);
    require(width >= nodes && width <= MAX_WIDTH, "--width must be from --nodes to " + MAX_WIDTH);
    require(timeout.compareTo(Duration.ofMillis(500)) >= 0, "--timeout must be at least 500ms");
    require(
        outage.compareTo(timeout.multipliedBy(3)) >= 0 && outage.compareTo(MAX_OUTAGE) <= 0,
        "--outage must be from three times --timeout to an hour");
    return new RecoveryPlan(nodes, width, timeout, outage, heartbeats);
  }

  private void require(boolean holds, String rule) {
    if (!holds) {
      throw new ParameterException(requireNonNull(spec).commandLine(), rule);
    }
  }
}
