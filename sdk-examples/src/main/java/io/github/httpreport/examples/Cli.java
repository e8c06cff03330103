package io.github.httpreport.examples;

import io.github.httpreport.examples.bench.BenchCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command-line tool. */
@Command(
    name = "http-report",
    description = "Reports lines over HTTP.",
    subcommands = BenchCommand.class)
public final class Cli {

  private Cli() {}

  /**
   * Runs the tool.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Cli()).execute(args));
  }
}
