package io.github.httpreport.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.examples.CliRun;
import org.junit.jupiter.api.Test;

class FlinkConnectorCommandTest {

  @Test
  void connectorsFlink_short_printsARowForEachAndTheTarget() {
    CliRun run =
        CliRun.of(
            Benchmarks.commandLine(), "connectors-flink", "--rounds", "1", "--records", "1000");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("enqueue", "Flink sink", "Flink, discarding sink", "at least 0.7");
  }

  @Test
  void connectorsFlink_withoutRounds_isWrongUsage() {
    CliRun run = CliRun.of(Benchmarks.commandLine(), "connectors-flink", "--rounds", "0");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--rounds must be from 1 to 1000");
  }
}
