package io.github.httpreport.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.examples.CliRun;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class BenchmarksTest {

  @ParameterizedTest
  @ValueSource(strings = {"bench", "soak", "recovery", "isolation", "memory", "kill", "connectors"})
  void help_ofEachMeasurement_namesItsOwnExitCodes(String command) {
    CliRun run = CliRun.of(Benchmarks.commandLine(), command, "--help");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .startsWith("Usage: http-report-benchmarks " + command)
        .contains("Exit codes:")
        .doesNotContain("130, 143");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "bench", "soak", "recovery", "isolation", "memory", "kill", "connectors"})
  void help_in60Columns_doesNotOverflow(String command) {
    CommandLine narrow =
        Benchmarks.commandLine().setUsageHelpAutoWidth(false).setUsageHelpWidth(60);
    CliRun run =
        command.isEmpty() ? CliRun.of(narrow, "--help") : CliRun.of(narrow, command, "--help");

    assertThat(run.outLines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(60));
  }
}
