package io.github.httpreport.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class CliTest {

  @ParameterizedTest
  @ValueSource(strings = {"demo", "send", "nodes", "doctor", "cluster"})
  void help_ofEachCommand_namesOptionsAndExitCodes(String command) {
    CliRun run = CliRun.of(command, "--help");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .startsWith("Usage: http-report " + command)
        .contains("--verbose")
        .contains("Exit codes:")
        .contains("0          All well.")
        .contains("2          Wrong usage or bad input; nothing was sent.");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void help_ofTheTool_namesItsCommands() {
    CliRun run = CliRun.of("--help");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("demo ", "send ", "nodes ", "cluster ", "Exit codes:");
  }

  @ParameterizedTest
  @ValueSource(strings = {"demo", "send", "nodes", "doctor", "cluster"})
  void version_ofEachCommand_namesToolAndJava(String command) {
    CliRun run = CliRun.of(command, "--version");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith("http-report ").contains("Java ");
  }

  @Test
  void commandLine_withoutCommand_isAnErrorOfUsage() {
    CliRun run = CliRun.of();
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .isEqualToNormalizingNewlines(
            "error: Missing required subcommand\nTry 'http-report --help'.\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"snd", "sned", "sends", "esnd"})
  void commandLine_misspeltCommand_suggestsTheRightOne(String misspelt) {
    CliRun run = CliRun.of(misspelt);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("error: ").containsOnlyOnce("Did you mean: http-report send?");
  }

  @Test
  void commandLine_anotherWord_suggestsNothing() {
    assertThat(CliRun.of("frobnicate").err()).startsWith("error: ").doesNotContain("Did you mean");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "demo",
        "send",
        "nodes",
        "doctor",
        "cluster",
        "bench",
        "soak",
        "recovery",
        "memory",
        "kill"
      })
  void help_in60Columns_doesNotOverflow(String command) {
    CommandLine narrow = Cli.commandLine().setUsageHelpAutoWidth(false).setUsageHelpWidth(60);
    CliRun run =
        command.isEmpty() ? CliRun.of(narrow, "--help") : CliRun.of(narrow, command, "--help");
    assertThat(run.outLines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(60));
  }

  @Test
  void errors_ofTheUser_showTheirTraceOnlyWhenAskedTo() {
    String[] args = {"nodes", "--manager", "nonsense", "--group", "g"};
    assertThat(CliRun.of(args).err()).startsWith("error: ").doesNotContain("\tat ");
    String[] verbose = {"nodes", "--manager", "nonsense", "--group", "g", "--verbose"};
    assertThat(CliRun.of(verbose).err()).startsWith("error: ").contains("\tat ");
  }

  @Test
  void errors_ofTheToolItself_sayThatTheyAre() {
    CliRun run = CliRun.of(Cli.commandLine().addSubcommand(new Broken()), "broken");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .startsWith("error: unexpected java.lang.IllegalStateException: two lines")
        .contains("--verbose")
        .hasLineCount(1);
  }

  @Command(name = "broken")
  private static final class Broken implements Callable<Integer> {
    @Override
    public Integer call() {
      throw new IllegalStateException("two\n  lines");
    }
  }
}
