package io.github.httpreport.examples.cli;

import java.io.PrintWriter;
import java.util.Comparator;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Tells what went wrong in one line, and where in the code only to those who ask for it. */
final class Errors implements IParameterExceptionHandler, IExecutionExceptionHandler {

  private static final int MAX_TYPING_ERRORS = 2;

  private final BooleanSupplier verbose;

  /**
   * The errors of one run.
   *
   * @param verbose whether stack traces are shown
   */
  Errors(BooleanSupplier verbose) {
    this.verbose = verbose;
  }

  @Override
  public int handleParseException(ParameterException error, String[] args) {
    CommandLine command = error.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("error: " + lineOf(error));
    suggest(error, err);
    err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    traceTo(err, error);
    return ExitCode.USAGE;
  }

  private static void suggest(ParameterException error, PrintWriter err) {
    if (error instanceof CommandLine.UnmatchedArgumentException unmatched
        && !unmatched.getCommandLine().getSubcommands().isEmpty()
        && !unmatched.isUnknownOption()) {
      suggestCommand(unmatched.getCommandLine(), unmatched.getUnmatched().get(0), err);
    } else {
      CommandLine.UnmatchedArgumentException.printSuggestions(error, err);
    }
  }

  /** picocli itself misses letters in the wrong order, and suggests words that are far off. */
  private static void suggestCommand(CommandLine command, String given, PrintWriter err) {
    command.getSubcommands().keySet().stream()
        .filter(name -> Spelling.distance(given, name) <= MAX_TYPING_ERRORS)
        .min(Comparator.comparingInt(name -> Spelling.distance(given, name)))
        .ifPresent(
            name ->
                err.println(
                    "Did you mean: "
                        + command.getCommandSpec().qualifiedName()
                        + ' '
                        + name
                        + '?'));
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
    String text =
        known && message != null
            ? message
            : "unexpected " + error + " (--verbose shows where it comes from)";
    return text.strip().replaceFirst("^Error: ", "").replaceAll("\\s*\\R\\s*", " ");
  }
}
