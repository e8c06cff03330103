package io.github.httpreport.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import picocli.CommandLine;

/** One run of the tool, in this process. */
public record CliRun(int exitCode, String out, String err) {

  public static CliRun of(String... args) {
    return of(Cli.commandLine(), args);
  }

  public static CliRun of(CommandLine command, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    int exitCode = command.execute(args);
    return new CliRun(exitCode, out.toString(), err.toString());
  }

  /** A run in a terminal of so many columns. */
  public static CliRun narrow(int columns, String... args) {
    CommandLine command = Cli.commandLine().setUsageHelpAutoWidth(false);
    return of(command.setUsageHelpWidth(columns), args);
  }

  public static CliRun withInput(String input, String... args) {
    return withInput(input.getBytes(UTF_8), args);
  }

  public static CliRun withInput(byte[] input, String... args) {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(input));
    try {
      return of(args);
    } finally {
      System.setIn(before);
    }
  }

  public List<String> outLines() {
    return out.lines().toList();
  }

  /** The number in a row of the report. */
  public String cell(String row) {
    return outLines().stream()
        .filter(line -> line.strip().startsWith(row))
        .map(line -> line.strip().substring(row.length()).strip())
        .findFirst()
        .orElse("no row " + row);
  }
}
