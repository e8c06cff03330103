package io.github.httpreport.benchmarks.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.benchmarks.Benchmarks;
import io.github.httpreport.examples.CliRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class KillCommandTest {

  private static final String KEPT = "The spool is kept in ";

  @Test
  void kill_fewKills_nothingIsMissing() {
    CliRun run =
        CliRun.of(Benchmarks.commandLine(), "kill", "--kills", "2", "--seed", "7", "--check");

    assertThat(run.exitCode()).as(run.toString()).isZero();
    assertThat(run.outLines()).startsWith("2 kills, --seed 7.").endsWith("Kill passed.");
    assertThat(run.out()).contains("missing at the nodes 0,").contains("left in the spool 0");
    assertThat(rows(run)).hasSize(3);
  }

  @Test
  void kill_promiseThatIsNotKept_fails() throws IOException {
    KillCommand kill = new KillCommand(KillCommandTest::promise);
    CliRun run = CliRun.of(new CommandLine(kill), "--kills", "1", "--seed", "7", "--check");

    assertThat(run.exitCode()).as(run.toString()).isEqualTo(1);
    assertThat(run.out())
        .contains("MISSED  acknowledged")
        .contains("missing at the nodes 1,")
        .contains("Kill FAILED.");
    deleteWhatWasKept(run);
  }

  @Test
  void kill_spoolDamagedAndKillsInItsSalvage_nothingIsMissing() {
    CliRun run =
        CliRun.of(
            Benchmarks.commandLine(), "kill", "--kills", "4", "--seed", "7", "--damage", "--check");

    assertThat(run.out())
        .contains("2 processes were killed in the salvage of the spool.")
        .contains("of these missing at the nodes 0,")
        .contains("messages left in the spool 0");
    assertThat(run.exitCode()).as(run.toString()).isZero();
  }

  /** Of a message that no process sends. */
  private static void promise(Kill kill) {
    kill.counts().acknowledged(0, 1_000_000);
  }

  private static void deleteWhatWasKept(CliRun run) throws IOException {
    String last = run.outLines().get(run.outLines().size() - 1);
    assertThat(last).startsWith(KEPT);
    Path directory = Path.of(last.substring(KEPT.length(), last.length() - 1));
    assertThat(directory.resolve("spool").resolve("spool.mv")).exists();
    KillCommand.delete(directory);
    assertThat(Files.exists(directory)).isFalse();
  }

  @Test
  void findings_messageMissingOrLeft_doNotHold() {
    assertThat(holds(0, 0)).containsExactly(true, true);
    assertThat(holds(1, 0)).containsExactly(false, true);
    assertThat(holds(0, 1)).containsExactly(true, false);
  }

  private static List<Boolean> holds(long missing, long left) {
    return KillCommand.findings(new KillCounts.Totals(10, 9, 2, missing), left).stream()
        .map(RunFinding::holds)
        .toList();
  }

  @Test
  void counts_ofSeveralProcesses_areKeptApart() {
    KillCounts counts = new KillCounts();
    counts.acknowledged(0, 1);
    counts.acknowledged(2, 1);
    counts.acknowledged(2, 7);
    counts.stored(KillCounts.body(0, 1));
    counts.stored(KillCounts.body(0, 1));
    counts.stored(KillCounts.body(1, 7));
    counts.stored(KillCounts.body(2, 1));

    assertThat(counts.totals()).isEqualTo(new KillCounts.Totals(3, 3, 1, 1));
  }

  @ParameterizedTest
  @CsvSource({
    "--kills, 0, --kills must be from 1 to 10000",
    "--kills, 10001, --kills must be from 1 to 10000",
    "--seed, x, is not a long"
  })
  void kill_badOption_isAnErrorOfUsage(String option, String value, String text) {
    CliRun run = CliRun.of(Benchmarks.commandLine(), "kill", option, value);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("error: ").contains(text);
    assertThat(run.out()).isEmpty();
  }

  private static List<String> rows(CliRun run) {
    return run.outLines().stream().filter(line -> line.matches(" +([0-9]+|end) .*")).toList();
  }
}
