package io.github.httpreport.examples.cli;

import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.RunLast;

/** The command line of a tool of ours: how it reads options, logs and shows errors. */
public final class Console {

  private Console() {}

  /**
   * A command line for a tool.
   *
   * @param tool the command with its subcommands
   * @param verbose whether logs and stack traces are shown, asked once options are read
   * @return a new one
   */
  public static CommandLine commandLine(Object tool, BooleanSupplier verbose) {
    Errors errors = new Errors(verbose);
    return new CommandLine(tool)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionStrategy(
            parsed -> {
              Logs.verbose(verbose.getAsBoolean());
              return new RunLast().execute(parsed);
            })
        .setParameterExceptionHandler(errors)
        .setExecutionExceptionHandler(errors);
  }
}
