package io.github.httpreport.benchmarks.reliability;

import static java.util.Objects.requireNonNull;

import io.github.httpreport.examples.cli.Format;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows that what a spool has promised outlives the process. */
@Command(
    name = "kill",
    description = {
      "Starts a process that sends messages through a spool in write-ahead mode to a cluster whose"
          + " nodes restart and meet faults, kills it with SIGKILL as soon as some number of its"
          + " futures is complete, and starts the next one on the same spool. A row for each kill"
          + " tells what there is so far; MISSING is then what only the disk has.",
      ""
    },
    exitCodeList = {
      "0:Done.",
      "1:Done, and a message is missing whose future was complete (with --check only).",
      "2:Wrong usage; nothing was killed."
    })
public final class KillCommand implements Callable<Integer> {

  private static final int MAX_KILLS = 10_000;
  private static final String ROW = "%6s %13s %11s %11s %9s%n";

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--kills",
      defaultValue = "10",
      paramLabel = "N",
      description = "How many processes are killed. Default ${DEFAULT-VALUE}.")
  private int kills;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      description = "Repeats the faults, and after how many futures each kill comes.")
  private @Nullable Long seed;

  @Option(
      names = "--damage",
      description = {
        "No node is there before the end. The header of the spool's file is destroyed before each"
            + " start but the first, and every second process is killed while it salvages the file."
      })
  private boolean damage;

  @Option(names = "--check", description = "End with 1 when a message is missing.")
  private boolean check;

  private final Consumer<Kill> onStart;

  KillCommand() {
    this(kill -> {});
  }

  /** Kills that somebody tampers with. */
  KillCommand(Consumer<Kill> onStart) {
    this.onStart = onStart;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (kills < 1 || kills > MAX_KILLS) {
      throw new ParameterException(
          requireNonNull(spec).commandLine(), "--kills must be from 1 to " + MAX_KILLS);
    }
    long number = seed == null ? ThreadLocalRandom.current().nextLong() : seed;
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    out.println(kills + " kills, --seed " + number + '.');
    Path directory = Files.createTempDirectory("http-report-kill");
    List<RunFinding> findings;
    try (Kill kill = new Kill(directory.resolve("spool"), number, damage)) {
      onStart.accept(kill);
      findings = run(kill, out);
    }
    boolean passed = RunFinding.report(out, "Kill", findings);
    if (passed) {
      delete(directory);
    } else {
      out.println("The spool is kept in " + directory + '.');
    }
    return passed || !check ? 0 : 1;
  }

  private List<RunFinding> run(Kill kill, PrintWriter out)
      throws IOException, InterruptedException {
    out.printf(ROW, "kill", "acknowledged", "stored", "duplicates", "missing");
    for (int i = 1; i <= kills; i++) {
      kill.once();
      printRow(out, Integer.toString(i), kill.counts().totals());
    }
    long left = kill.drain();
    KillCounts.Totals totals = kill.counts().totals();
    printRow(out, "end", totals);
    if (damage) {
      out.println(kill.killsInSalvage() + " processes were killed in the salvage of the spool.");
    }
    return findings(totals, left);
  }

  private static void printRow(PrintWriter out, String kill, KillCounts.Totals totals) {
    out.printf(
        ROW,
        kill,
        Format.number(totals.acknowledged()),
        Format.number(totals.stored()),
        Format.number(totals.duplicates()),
        Format.number(totals.missing()));
    out.flush();
  }

  static List<RunFinding> findings(KillCounts.Totals totals, long left) {
    return List.of(
        new RunFinding(
            totals.missing() == 0,
            "acknowledged "
                + Format.number(totals.acknowledged())
                + ", of these missing at the nodes "
                + Format.number(totals.missing())
                + ", duplicates "
                + Format.number(totals.duplicates())),
        new RunFinding(left == 0, "messages left in the spool " + Format.number(left)));
  }

  static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted((one, other) -> other.compareTo(one)).toList()) {
        Files.delete(file);
      }
    }
  }
}
