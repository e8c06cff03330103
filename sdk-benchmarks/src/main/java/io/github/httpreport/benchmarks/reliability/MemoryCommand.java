package io.github.httpreport.benchmarks.reliability;

import static java.util.Objects.requireNonNull;

import io.github.httpreport.examples.cli.Format;
import io.github.httpreport.examples.cli.SizeConverter;
import io.github.httpreport.examples.cli.Table;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows that the sender's memory is bounded. */
@Command(
    name = "memory",
    description = {
      "Offers messages to a sender all nodes of which are down, in each way of offering and with"
          + " each answer to a full buffer, and tells what heap is used behind the garbage"
          + " collector.",
      "Then fills the buffer with each kind of use, and compares the live heap with the bound.",
      ""
    },
    exitCodeList = {
      "0:Measured.",
      "1:Measured, and the target was missed (with --check only).",
      "2:Wrong usage; nothing was measured."
    })
public final class MemoryCommand implements Callable<Integer> {

  private static final long MIN_BUFFER = 1 << 20;
  private static final long MAX_BODY = 1 << 18;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--offer",
      defaultValue = "1GB",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      description = "How much is offered in each row. Default ${DEFAULT-VALUE}.")
  private long offer;

  @Option(
      names = "--buffer",
      defaultValue = "32MiB",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      description = "The bound of the sender's buffer. Default ${DEFAULT-VALUE}.")
  private long buffer;

  @Option(
      names = "--body",
      defaultValue = "1KiB",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      description = "How long a message is. Default ${DEFAULT-VALUE}.")
  private long body;

  @Option(
      names = "--only",
      defaultValue = "",
      paramLabel = "WORDS",
      description = "Only the kinds of use whose name contains this. Default all.")
  private String only = "";

  @Option(names = "--check", description = "End with 1 when the target is missed.")
  private boolean check;

  MemoryCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    MemoryPlan plan = plan();
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    List<MemoryRow> rows = new ArrayList<>();
    try (Memory memory = new Memory(plan)) {
      for (Memory.Choice choice : Memory.choices()) {
        for (Offer way : Offer.values()) {
          rows.add(memory.run(choice, way));
        }
      }
    }
    table(rows).print(out);
    out.println();
    List<FullBufferRow> full = fullBuffers();
    fullTable(full).print(out);
    out.println();
    List<RunFinding> findings = new ArrayList<>(findings(rows));
    findings.add(withinRatio(full));
    return RunFinding.report(out, "Memory", findings) || !check ? 0 : 1;
  }

  private List<FullBufferRow> fullBuffers() throws InterruptedException {
    List<FullBufferRow> rows = new ArrayList<>();
    try (FullBuffer fullBuffer = new FullBuffer(buffer)) {
      for (MemoryUse use : MemoryUse.values()) {
        if (use.label().contains(only)) {
          rows.add(fullBuffer.run(use));
        }
      }
    }
    return rows;
  }

  private static Table fullTable(List<FullBufferRow> rows) {
    Table table = new Table("lrrrr").row("FULL BUFFER OF", "CALLS", "COUNTED", "HEAP", "OF BOUND");
    for (FullBufferRow row : rows) {
      table.row(
          row.use(),
          Format.number(row.calls()),
          Heap.megabytes(row.usedBytes()),
          Heap.megabytes(row.heap()),
          ratio(row.ratio()));
    }
    return table;
  }

  static RunFinding withinRatio(List<FullBufferRow> rows) {
    double highest = rows.stream().mapToDouble(FullBufferRow::ratio).max().orElse(0);
    return new RunFinding(
        rows.stream().allMatch(FullBufferRow::isWithinBound),
        "live heap of a full buffer: at most "
            + ratio(highest)
            + " times its bound, "
            + ratio(FullBufferRow.MAX_RATIO)
            + " allowed");
  }

  private static String ratio(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private static Table table(List<MemoryRow> rows) {
    Table table =
        new Table("llrrrr").row("WHEN FULL", "BY", "OFFERED", "ACCEPTED", "HEAP", "OVER BUFFER");
    for (MemoryRow row : rows) {
      table.row(
          row.whenFull(),
          row.by(),
          Format.number(row.messages().offered()),
          Format.number(row.messages().accepted()),
          Heap.megabytes(row.heap()),
          Heap.megabytes(row.overBuffer()));
    }
    return table;
  }

  static List<RunFinding> findings(List<MemoryRow> rows) {
    long most = rows.stream().mapToLong(MemoryRow::overBuffer).max().orElse(0);
    return List.of(
        new RunFinding(
            rows.stream().allMatch(MemoryRow::staysWithin),
            "heap beyond the buffer's bound: "
                + Heap.megabytes(most)
                + ", at most "
                + Heap.megabytes(MemoryRow.ALLOWANCE)
                + " allowed"),
        new RunFinding(
            rows.stream().allMatch(row -> row.messages().addUp()),
            "every message is refused or accounted for on close"),
        new RunFinding(
            rows.stream().allMatch(row -> row.messages().refused() > 0),
            "the buffer was full in each row"));
  }

  private MemoryPlan plan() {
    require(buffer >= MIN_BUFFER, "--buffer must be at least 1MiB");
    require(offer >= 2 * buffer, "--offer must be at least twice --buffer");
    require(body >= 1 && body <= MAX_BODY, "--body must be from 1B to 256KiB");
    return new MemoryPlan(offer, buffer, Math.toIntExact(body));
  }

  private void require(boolean holds, String rule) {
    if (!holds) {
      throw new ParameterException(requireNonNull(spec).commandLine(), rule);
    }
  }
}
