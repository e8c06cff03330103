package io.github.httpreport.benchmarks.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.benchmarks.Benchmarks;
import io.github.httpreport.examples.CliRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IsolationCommandTest {

  /**
   * The figures depend on what else the machine does, so that only their being there is checked.
   */
  @Test
  void isolation_shortTime_printsARowForEachCellAndAVerdict() {
    CliRun run =
        CliRun.of(Benchmarks.commandLine(), "isolation", "--time", "100ms", "--by", "enqueue");

    assertThat(run.exitCode()).as(run.toString()).isZero();
    assertThat(run.out())
        .contains("BY       DEAD NODES")
        .contains("black hole, 10/s", "no answer, 20/s", "refused, 200/s", "code 114, 50/s")
        .contains("rows in which healthy groups keep 95 % of their rate and twice their p99: ");
  }

  @ParameterizedTest
  @CsvSource({
    "--time, 11m, --time must be at most 10m",
    "--groups, 1, --groups must be from 2",
    "--groups, 1001, --groups must be from 2 to 1000"
  })
  void isolation_badOption_isAnErrorOfUsage(String option, String value, String text) {
    CliRun run = CliRun.of(Benchmarks.commandLine(), "isolation", option, value);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("error: ").contains(text);
    assertThat(run.out()).isEmpty();
  }
}
