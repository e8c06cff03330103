package io.github.httpreport.benchmarks;

import io.github.httpreport.benchmarks.reliability.IsolationCommand;
import io.github.httpreport.benchmarks.reliability.KillCommand;
import io.github.httpreport.benchmarks.reliability.MemoryCommand;
import io.github.httpreport.benchmarks.reliability.RecoveryCommand;
import io.github.httpreport.benchmarks.reliability.SoakCommand;
import io.github.httpreport.examples.cli.Console;
import io.github.httpreport.examples.cli.Logs;
import io.github.httpreport.examples.cli.ToolVersion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The measurements and endurance runs as a tool. */
@Command(
    name = "http-report-benchmarks",
    description = "Measures HTTP Report SDK, and holds what it promises against failing servers.",
    subcommands = {
      BenchCommand.class,
      SoakCommand.class,
      RecoveryCommand.class,
      IsolationCommand.class,
      MemoryCommand.class,
      KillCommand.class,
      ConnectorsCommand.class
    },
    scope = ScopeType.INHERIT,
    mixinStandardHelpOptions = true,
    versionProvider = ToolVersion.class,
    sortOptions = false,
    usageHelpAutoWidth = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:All well.", "1:A promise or a target was missed.", "2:Wrong usage."})
public final class Benchmarks {

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Log what the library does, and show the stack trace of an error.")
  private boolean verbose;

  private Benchmarks() {}

  /**
   * Runs the tool and ends the process with the exit code that {@code --help} names.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    Logs.prepare();
    System.exit(commandLine().execute(args));
  }

  /**
   * The tool, for those who run it in their own process.
   *
   * @return a new one
   */
  public static CommandLine commandLine() {
    Benchmarks benchmarks = new Benchmarks();
    return Console.commandLine(benchmarks, () -> benchmarks.verbose);
  }
}
