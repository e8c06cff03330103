package io.github.httpreport.examples.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Runs the benchmark for too short a time to measure anything: nothing here asserts a figure. */
class BenchCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return new CommandLine(new BenchCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args);
  }

  @Test
  void bench_shortRun_printsRowPerContestantAndTargets() {
    int exitCode = run("--rounds", "1", "--seconds", "0.1", "--nodes", "2");

    assertThat(exitCode).as(err.toString()).isZero();
    assertThat(out.toString())
        .containsPattern("(?m)^plain +[0-9,]+ ")
        .containsPattern("(?m)^send +[0-9,]+ ")
        .containsPattern("(?m)^sendAsync, 16 in flight +[0-9,]+ ")
        .containsPattern("(?m)^enqueue +[0-9,]+ ")
        .contains("Rounds of 0.1 s for each: 1. Messages: 200 bytes. Nodes: 2.")
        .containsPattern("(?m)^Target (met|MISSED): enqueue at least 50 x plain, measured ")
        .containsPattern(
            "(?m)^Target (met|MISSED): sendAsync, 16 in flight at least 5 x plain, measured ");
  }

  @Test
  void bench_jsonAndCheck_printsOneObjectAndTellsMissedTargetByExitCode() throws Exception {
    int exitCode =
        run("--rounds", "1", "--seconds", "0.1", "--body-bytes", "50", "--json", "--check");

    JsonNode report = new ObjectMapper().readTree(out.toString());
    assertThat(report.get("bodyBytes").asInt()).isEqualTo(50);
    assertThat(report.get("machine").fieldNames())
        .toIterable()
        .containsExactly("cores", "jdk", "system");
    assertThat(report.get("contestants"))
        .extracting(contestant -> contestant.get("name").asText())
        .containsExactly("plain", "send", "sendAsync, 16 in flight", "enqueue");
    assertThat(report.get("contestants"))
        .allSatisfy(
            contestant -> {
              assertThat(contestant.get("messagesPerSecond").get("median").isNumber()).isTrue();
              assertThat(contestant.get("timesPlain").get("max").isNumber()).isTrue();
            });
    boolean allMet = true;
    for (JsonNode target : report.get("targets")) {
      allMet &= target.get("met").asBoolean();
    }
    assertThat(report.get("targets")).hasSize(2);
    assertThat(exitCode).isEqualTo(allMet ? 0 : 1);
  }

  @ParameterizedTest
  @CsvSource({
    "--rounds, 0",
    "--rounds, 1001",
    "--seconds, 0.009",
    "--seconds, 3601",
    "--seconds, NaN",
    "--body-bytes, 0",
    "--nodes, 101",
  })
  void bench_valueOutOfRange_isRefusedByNameWithoutRunning(String option, String value) {
    int exitCode = run(option, value);

    assertThat(exitCode).isEqualTo(2);
    assertThat(err.toString()).contains(option + " must be").doesNotContain("warm-up");
    assertThat(out.toString()).isEmpty();
  }
}
