package io.github.httpreport.benchmarks.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.benchmarks.Benchmarks;
import io.github.httpreport.examples.CliRun;
import io.github.httpreport.testkit.Fault;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class SoakCommandTest {

  @Test
  void soak_nodesRestartAndMeetFaults_passes() {
    CliRun run =
        CliRun.of(
            Benchmarks.commandLine(),
            "soak",
            "--minutes",
            "0.1",
            "--rate",
            "1000",
            "--restart-every",
            "1200ms");

    assertThat(run.exitCode()).as(run.toString()).isZero();
    assertThat(run.outLines()).endsWith("Soak passed.");
    assertThat(run.out())
        .contains("1000 messages/s for 6 s, --seed ")
        .contains(" stopped")
        .contains("Fault[")
        .contains("missing at the nodes 0,");
    assertThat(rows(run)).hasSize(6);
  }

  @Test
  void soak_nodeAcknowledgesAndStoresNothing_fails() {
    SoakCommand soak = new SoakCommand(cluster -> cluster.node(1).always(Fault.code("0", "Ok")));
    CliRun run =
        CliRun.of(
            new CommandLine(soak), "--minutes", "0.02", "--rate", "500", "--restart-every", "1m");

    assertThat(run.exitCode()).as(run.toString()).isEqualTo(1);
    assertThat(run.out()).contains("MISSED  acknowledged");
    assertThat(run.outLines()).endsWith("Soak FAILED.");
  }

  @Test
  void soak_nodesRejectTheMessages_fails() {
    SoakCommand soak =
        new SoakCommand(
            cluster -> cluster.nodes().forEach(node -> node.always(Fault.code("115", "unknown"))));
    CliRun run =
        CliRun.of(
            new CommandLine(soak), "--minutes", "0.02", "--rate", "50", "--restart-every", "1m");

    assertThat(run.exitCode()).as(run.toString()).isEqualTo(1);
    assertThat(run.out()).contains("MISSED  offered").contains("the first: ").contains("115");
  }

  @ParameterizedTest
  @CsvSource({
    "--minutes, 0, from one second to a week",
    "--minutes, 100000, from one second to a week",
    "--minutes, NaN, from one second to a week",
    "--rate, 0, --rate must be from 1",
    "--nodes, 1, --nodes must be from 2",
    "--restart-every, 399ms, at least 400ms",
    "--seed, x, is not a long"
  })
  void soak_badOption_isAnErrorOfUsage(String option, String value, String text) {
    CliRun run = CliRun.of(Benchmarks.commandLine(), "soak", option, value);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("error: ").contains(text);
    assertThat(run.out()).isEmpty();
  }

  private static List<String> rows(CliRun run) {
    return run.outLines().stream().filter(line -> line.matches(" +[0-9]+ .*")).toList();
  }
}
