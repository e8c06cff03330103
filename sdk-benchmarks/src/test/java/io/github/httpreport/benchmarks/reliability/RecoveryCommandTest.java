package io.github.httpreport.benchmarks.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.benchmarks.Benchmarks;
import io.github.httpreport.examples.CliRun;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecoveryCommandTest {

  /**
   * The figures depend on what else the machine does, so that only their being there is checked.
   */
  @Test
  void recovery_shortTimes_printsCurveAndVerdictAndWritesThePicture(@TempDir Path directory)
      throws Exception {
    Path chart = directory.resolve("curve.png");
    CliRun run =
        CliRun.of(
            Benchmarks.commandLine(),
            "recovery",
            "--timeout",
            "500ms",
            "--outage",
            "1500ms",
            "--width",
            "6",
            "--chart",
            chart.toString());

    assertThat(run.exitCode()).as(run.toString()).isZero();
    assertThat(run.out())
        .contains("SECOND  NODE 0  NODE 1  NODE 2  ALL/S")
        .containsOnlyOnce("  node 0 answers nothing")
        .containsOnlyOnce("  node 0 is back")
        .contains("throughput above 80 % of ", "node above 80 % of ")
        .contains("ok      calls that failed: 0");
    assertThat(ImageIO.read(chart.toFile()).getWidth()).isEqualTo(1000);
  }

  @Test
  void recovery_manyGroups_showsThatNoneIsLost() {
    CliRun run = CliRun.of(Benchmarks.commandLine(), "recovery", "--groups", "300");

    assertThat(run.exitCode()).as(run.toString()).isZero();
    assertThat(run.out())
        .contains("first use of 300 groups settled after ")
        .contains("ok      messages lost: 0");
  }

  @ParameterizedTest
  @CsvSource({
    "--nodes, 2, --nodes must be from 3",
    "--width, 2, --width must be from",
    "--width, 1001, --width must be from",
    "--timeout, 499ms, at least 500ms",
    "--timeout, 5s, --outage must be from three times --timeout",
    "--outage, 5999ms, --outage must be from three times --timeout",
    "--outage, 2h, to an hour",
    "--spool, 0, --spool must be from 1 to 1000000",
    "--groups, 0, --groups must be from 1",
    "--groups, 20001, --groups must be from 1"
  })
  void recovery_badOption_isAnErrorOfUsage(String option, String value, String text) {
    CliRun run = CliRun.of(Benchmarks.commandLine(), "recovery", option, value);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("error: ").contains(text);
    assertThat(run.out()).isEmpty();
  }
}
