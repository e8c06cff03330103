package io.github.httpreport.examples;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command-line tool. */
@Command(name = "http-report", description = "Reports lines over HTTP.")
public final class Cli {

  private Cli() {}

  /**
   * Runs the tool.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    CommandLine.usage(new Cli(), System.out);
  }
}
