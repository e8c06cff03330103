package io.github.httpreport.examples;

import io.github.httpreport.examples.cli.ClusterCommand;
import io.github.httpreport.examples.cli.Console;
import io.github.httpreport.examples.cli.DemoCommand;
import io.github.httpreport.examples.cli.DoctorCommand;
import io.github.httpreport.examples.cli.Logs;
import io.github.httpreport.examples.cli.NodesCommand;
import io.github.httpreport.examples.cli.SendCommand;
import io.github.httpreport.examples.cli.ToolVersion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command-line tool. */
@Command(
    name = "http-report",
    description =
        "Reports lines of text over HTTP to Apache InLong, eKuiper, Memphis and CKafka DataHub.",
    subcommands = {
      DemoCommand.class,
      SendCommand.class,
      NodesCommand.class,
      DoctorCommand.class,
      ClusterCommand.class
    },
    scope = ScopeType.INHERIT,
    mixinStandardHelpOptions = true,
    versionProvider = ToolVersion.class,
    sortOptions = false,
    usageHelpAutoWidth = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:All well.",
      "1:Something was not delivered, not stored or not reachable.",
      "2:Wrong usage or bad input; nothing was sent.",
      "130, 143:Ended by Ctrl-C or SIGTERM, after what was read was sent and reported."
    })
public final class Cli {

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Log what the library does, and show the stack trace of an error.")
  private boolean verbose;

  private Cli() {}

  /**
   * Runs the tool and ends the process with the exit code that {@code --help} tells.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    Logs.prepare();
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    Cli cli = new Cli();
    return Console.commandLine(cli, () -> cli.verbose);
  }
}
