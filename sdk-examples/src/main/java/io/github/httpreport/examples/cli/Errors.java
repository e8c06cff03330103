package io.github.httpreport.examples.cli;

import java.io.PrintWriter;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Tells what went wrong in one line, and where in the code only to those who ask for it. */
public final class Errors implements IParameterExceptionHandler, IExecutionExceptionHandler {

  private final BooleanSupplier verbose;

  /**
   * The errors of one run.
   *
   * @param verbose whether stack traces are shown
   */
  public Errors(BooleanSupplier verbose) {
    this.verbose = verbose;
  }

  @Override
  public int handleParseException(ParameterException error, String[] args) {
    CommandLine command = error.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("error: " + lineOf(error));
    CommandLine.UnmatchedArgumentException.printSuggestions(error, err);
    err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    traceTo(err, error);
    return ExitCode.USAGE;
  }

  @Override
  public int handleExecutionException(
      Exception error, CommandLine command, @Nullable ParseResult parsed) {
    command.getErr().println("error: " + lineOf(error));
    traceTo(command.getErr(), error);
    return ExitCode.SOFTWARE;
  }

  private void traceTo(PrintWriter err, Exception error) {
    if (verbose.getAsBoolean()) {
      error.printStackTrace(err);
    }
  }

  /** The words of an error that is one of ours; another one is a fault of the tool itself. */
  private static String lineOf(Exception error) {
    String message = error.getMessage();
    boolean known = error instanceof CommandFailedException || error instanceof ParameterException;
    String words =
        known && message != null
            ? message
            : "unexpected " + error + " (--verbose shows where it comes from)";
    return words.strip().replaceFirst("^Error: ", "").replaceAll("\\s*\\R\\s*", " ");
  }
}
