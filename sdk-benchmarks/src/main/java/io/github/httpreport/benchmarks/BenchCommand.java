package io.github.httpreport.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.httpreport.error.SendException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
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
      "Measures the library against raw sockets and against a plain HTTP client.",
      "All run in turn, round by round, against a server in another process on this machine."
          + " Compare the ratios: the figures themselves depend on the machine and what else it"
          + " does."
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

  private static final int MAX_ROUNDS = 1000;
  private static final double MIN_SECONDS = 0.01;
  private static final int MAX_SECONDS = 3600;

  /** Replaced by that of the command line. */
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "10",
      description = "How many rounds are counted; a longer one warms up. Default ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "0.5",
      description =
          "How long each contestant runs in a round; may be a fraction. Default ${DEFAULT-VALUE}.")
  private double seconds;

  @Option(
      names = "--server",
      paramLabel = "KIND",
      defaultValue = "lean",
      description =
          "lean: one thread that does as little as a server can; cluster: one that behaves as real"
              + " servers do, and tells no requests and bytes. Default ${DEFAULT-VALUE}.")
  private ServerKind server = ServerKind.lean;

  @Option(
      names = "--all",
      description = "Run every combination besides, which takes about a quarter of an hour.")
  private boolean all;

  @Option(
      names = "--only",
      paramLabel = "REGEX",
      description =
          "Run only what has this in its name; of every combination with --all, or when no target"
              + " needs it.")
  private @Nullable String only;

  @Option(names = "--json", paramLabel = "FILE", description = "Write JSON to this file, too.")
  private @Nullable Path json;

  @Option(
      names = "--chart",
      paramLabel = "FILE",
      description = "Write a chart (PNG) to this file, too.")
  private @Nullable Path chart;

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
      Results results = new Bench(plan(), err::println).run();
      out.println(TextReport.of(results));
      write(json, JsonReport.of(results));
      ChartFile.write(chart, ThroughputChart.of(results));
      return check && results.missesAny() ? TARGET_MISSED : MEASURED;
    } catch (IOException | SendException e) {
      err.println("Could not measure: " + e.getMessage());
      return NOT_MEASURED;
    }
  }

  private static void write(@Nullable Path file, String text) throws IOException {
    if (file != null) {
      Files.writeString(file, text, UTF_8);
    }
  }

  private Plan plan() {
    if (rounds < 1 || rounds > MAX_ROUNDS) {
      throw refused("--rounds must be from 1 to " + MAX_ROUNDS, rounds);
    }
    if (!(seconds >= MIN_SECONDS && seconds <= MAX_SECONDS)) {
      throw refused("--seconds must be from " + MIN_SECONDS + " to " + MAX_SECONDS, seconds);
    }
    Predicate<String> chosen = chosen();
    List<Suite> blocks = new ArrayList<>(Suite.forTargets());
    if (all || (only != null && blocks.stream().allMatch(b -> b.only(chosen).setups().isEmpty()))) {
      blocks.addAll(Suite.matrix());
    }
    if (server == ServerKind.cluster) {
      blocks.removeIf(block -> block.name().equals(Suite.MANY) || block.usesTls());
    }
    List<Suite> measured =
        blocks.stream()
            .map(block -> block.only(chosen))
            .filter(block -> !block.setups().isEmpty())
            .toList();
    Set<ExtraMeasurement> extras = extras(chosen);
    if (only != null && measured.isEmpty() && extras.isEmpty()) {
      throw refused("--only must be in the name of something that is measured", only);
    }
    return new Plan(
        rounds,
        Duration.ofNanos((long) (seconds * Duration.ofSeconds(1).toNanos())),
        server,
        measured,
        extras);
  }

  private Set<ExtraMeasurement> extras(Predicate<String> chosen) {
    return Arrays.stream(ExtraMeasurement.values())
        .filter(
            extraMeasurement -> server == ServerKind.lean || !extraMeasurement.needsLeanServer())
        .filter(extraMeasurement -> chosen.test(extraMeasurement.label()))
        .collect(Collectors.toUnmodifiableSet());
  }

  private Predicate<String> chosen() {
    if (only == null) {
      return name -> true;
    }
    try {
      return Pattern.compile(only).asPredicate();
    } catch (PatternSyntaxException e) {
      throw refused("--only must be a regular expression", only);
    }
  }

  private ParameterException refused(String rule, Object value) {
    return new ParameterException(spec.commandLine(), rule + ", but is " + value);
  }
}
