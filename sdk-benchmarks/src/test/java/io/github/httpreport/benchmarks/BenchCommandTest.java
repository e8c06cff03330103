package io.github.httpreport.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Runs the benchmark for too short a time to measure anything: nothing here asserts a figure. */
class BenchCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir private Path directory;

  private int run(String... args) {
    return new CommandLine(new BenchCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args);
  }

  @Test
  void bench_shortRun_printsContestantsAndEveryTargetAndWritesFiles() throws Exception {
    Path json = directory.resolve("bench.json");
    Path chart = directory.resolve("bench.png");

    int exitCode =
        run(
            "--rounds",
            "1",
            "--seconds",
            "0.02",
            "--check",
            "--json",
            json.toString(),
            "--chart",
            chart.toString());

    assertThat(exitCode).as(err.toString()).isIn(0, 1);
    assertThat(out.toString())
        .containsPattern("(?m)^raw, 1 thread, batch 1 +[0-9,]+ ")
        .containsPattern("(?m)^documented client, 1 thread, batch 1 +[0-9,]+ ")
        .containsPattern("(?m)^sendAsync, 16 in flight, batch 1, 1000 nodes +[0-9,]+ ")
        .containsPattern("(?m)^enqueue, 4 threads +[0-9,]+ ")
        .containsPattern("(?m)^minimal client, 16 in flight, batch 1 +[0-9.]+ x ")
        .contains("Rounds of 0.02 s for each: 1. Server: lean.")
        .doesNotContain("not measured");
    JsonNode report = new ObjectMapper().readTree(Files.readString(json));
    assertThat(report.get("machine").fieldNames())
        .toIterable()
        .containsExactly("cores", "jdk", "system");
    assertThat(report.get("blocks"))
        .extracting(block -> block.get("name").asText())
        .containsExactly(
            "speed",
            "many nodes, many groups",
            "TLS and plain HTTP",
            "bytes on the wire",
            "limits of every client");
    assertThat(report.get("limits"))
        .extracting(limit -> limit.get("name").asText())
        .containsExactly(
            "minimal client, 16 in flight, batch 1",
            "minimal client from callbacks, 16 in flight, batch 1",
            "raw with encoding, 8 threads, batch 50",
            "raw with encoding, 4 threads, batch 500");
    boolean allMet = true;
    for (JsonNode target : report.get("targets")) {
      allMet &= target.get("state").asText().equals("met");
    }
    assertThat(exitCode).isEqualTo(allMet ? 0 : 1);
    BufferedImage picture = ImageIO.read(chart.toFile());
    assertThat(picture.getWidth()).as("a bar for each of 40 contestants").isGreaterThan(40 * 30);
  }

  @Test
  void bench_onlyOneContestant_runsNothingElse() {
    int exitCode = run("--rounds", "1", "--seconds", "0.02", "--only", "^enqueue, 1 thread$");

    assertThat(exitCode).as(err.toString()).isZero();
    assertThat(out.toString())
        .containsPattern("(?m)^enqueue, 1 thread +[0-9,]+ ")
        .doesNotContain("raw, 1 thread, batch 1 ")
        .contains("not measured");
  }

  @Test
  void bench_cluster_measuresWhatItCan() {
    int exitCode =
        run(
            "--rounds",
            "1",
            "--seconds",
            "0.02",
            "--server",
            "cluster",
            "--only",
            "1 thread, batch 1$");

    assertThat(exitCode).as(err.toString()).isZero();
    assertThat(out.toString())
        .containsPattern("(?m)^send, 1 thread, batch 1 +[0-9,]+ ")
        .contains("Server: cluster.");
  }

  @ParameterizedTest
  @CsvSource({
    "--rounds, 0",
    "--rounds, 1001",
    "--seconds, 0.009",
    "--seconds, 3601",
    "--seconds, NaN",
    "--only, [",
    "--only, nothing has this in its name",
  })
  void bench_badValue_isRefusedByNameWithoutRunning(String option, String value) {
    int exitCode = run(option, value);

    assertThat(exitCode).isEqualTo(2);
    assertThat(err.toString()).contains(option + " must be").doesNotContain("warm-up");
    assertThat(out.toString()).isEmpty();
  }
}
