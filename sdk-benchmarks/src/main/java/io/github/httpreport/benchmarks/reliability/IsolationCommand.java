package io.github.httpreport.benchmarks.reliability;

import static java.util.Objects.requireNonNull;

import io.github.httpreport.examples.cli.PositiveDurationConverter;
import io.github.httpreport.examples.cli.Table;
import io.github.httpreport.examples.cli.Termination;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows that groups whose nodes fail do not slow down the others. */
@Command(
    name = "isolation",
    description = {
      "Sends to groups with healthy nodes and to as many with nodes on 127.0.0.1 that fail, through"
          + " one sender, and compares what the healthy groups get with what they get alone.",
      ""
    },
    exitCodeList = {
      "0:Measured.",
      "1:Measured, and a target was missed (with --check only), or ended before its time.",
      "2:Wrong usage; nothing was measured."
    })
public final class IsolationCommand implements Callable<Integer> {

  private static final Duration MAX_WAIT = Duration.ofSeconds(60);
  private static final Duration MAX_TIME = Duration.ofMinutes(10);
  private static final int MAX_GROUPS = 1000;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--time",
      defaultValue = "25s",
      paramLabel = "TIME",
      converter = PositiveDurationConverter.class,
      description = "How long each row is measured. Default ${DEFAULT-VALUE}.")
  private Duration time = Duration.ZERO;

  @Option(
      names = "--groups",
      defaultValue = "2",
      paramLabel = "COUNT",
      description = "How many groups there are, half of them dead. Default ${DEFAULT-VALUE}.")
  private int groups;

  @Option(
      names = "--by",
      paramLabel = "WAY",
      description = "Offer by one way only: ${COMPLETION-CANDIDATES}. Default: each in turn.")
  private @Nullable CallKind way;

  @Option(names = "--check", description = "End with 1 when a target is missed.")
  private boolean check;

  IsolationCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    IsolationPlan plan = plan();
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    List<IsolationRow> rows = new ArrayList<>();
    try (Termination termination = new Termination(MAX_WAIT);
        Isolation isolation = new Isolation(plan, termination.requested())) {
      for (CallKind each : plan.ways()) {
        // The first run finds a virtual machine that has compiled nothing yet.
        isolation.run(each, null, false);
        measure(isolation, each, false, rows);
        measure(isolation, each, true, rows);
      }
    } catch (TimeoutException e) {
      requireNonNull(spec).commandLine().getErr().println("error: " + e.getMessage());
      return 1;
    }
    table(rows).print(out);
    out.println();
    return RunFinding.report(out, "Isolation", findings(rows)) || !check ? 0 : 1;
  }

  private static void measure(
      Isolation isolation, CallKind way, boolean queueFull, List<IsolationRow> rows)
      throws InterruptedException, TimeoutException {
    GroupLoad.Delivered alone = isolation.run(way, null, queueFull);
    for (NodeFailure death : NodeFailure.values()) {
      rows.add(
          new IsolationRow(way, death, queueFull, alone, isolation.run(way, death, queueFull)));
    }
  }

  private static Table table(List<IsolationRow> rows) {
    Table table =
        new Table("lllrrrrl")
            .row("BY", "DEAD NODES", "OWN 114", "ALONE/S", "ACK/S", "ALONE P99 MS", "P99 MS", "");
    rows.forEach(row -> table.row(row.cells()));
    return table;
  }

  private static List<RunFinding> findings(List<IsolationRow> rows) {
    return List.of(
        new RunFinding(
            rows.stream().allMatch(IsolationRow::holds),
            "rows in which healthy groups keep 95 % of their rate and twice their p99: "
                + rows.stream().filter(IsolationRow::holds).count()
                + " of "
                + rows.size()));
  }

  private IsolationPlan plan() {
    require(time.compareTo(MAX_TIME) <= 0, "--time must be at most 10m");
    require(groups >= 2 && groups <= MAX_GROUPS, "--groups must be from 2 to " + MAX_GROUPS);
    return new IsolationPlan(time, groups, way == null ? List.of(CallKind.values()) : List.of(way));
  }

  private void require(boolean holds, String rule) {
    if (!holds) {
      throw new ParameterException(requireNonNull(spec).commandLine(), rule);
    }
  }
}
