package io.github.httpreport.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.examples.CliRun;
import io.github.httpreport.testkit.Fault;
import io.github.httpreport.testkit.LocalNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

class DemoCommandTest {

  @TempDir private Path directory;

  @Test
  void demo_shippedFile_storesEveryLineThoughOneNodeStops() {
    CliRun run = CliRun.of("demo");
    assertThat(run.exitCode()).as(run.toString()).isZero();
    assertThat(run.outLines()).endsWith("Every line was stored.");
    assertThat(run.cell("Lines read")).isEqualTo("5,000");
    assertThat(run.cell("Acknowledged")).isEqualTo("5,000");
    assertThat(run.out()).containsOnlyOnce("stopped half-way");
    assertThat(run.err()).contains("Stopped node 127.0.0.1:").doesNotContain("\u001b");
  }

  @Test
  void demo_linesMadeOnTheSpot_storesThemAll() {
    CliRun run = CliRun.of("demo", "--lines", "20001", "--nodes", "2", "--batch-messages", "77");
    assertThat(run.exitCode()).as(run.toString()).isZero();
    assertThat(run.cell("Lines read")).isEqualTo("20,001");
    assertThat(run.outLines()).endsWith("Every line was stored.");
  }

  private static LocalNode node(DemoServers servers) {
    return ((InLongServers) servers).cluster().node(1);
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void demo_ofEachProtocol_storesEveryLineThoughOneServerStops(Protocol protocol) {
    CliRun run = CliRun.of("demo", "--protocol", protocol.toString(), "--lines", "3000");
    assertThat(run.exitCode()).as(run.toString()).isZero();
    assertThat(run.outLines()).endsWith("Every line was stored.");
    assertThat(run.cell("Acknowledged")).isEqualTo("3,000");
    assertThat(run.out()).containsOnlyOnce("stopped half-way");
  }

  @Test
  void demo_singleNode_isNotStopped() {
    CliRun run = CliRun.of("demo", "--lines", "10", "--nodes", "1");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).doesNotContain("stopped").contains("100.0 %");
  }

  @Test
  void demo_blankLines_areSkippedAndCounted() throws IOException {
    Path file = Files.writeString(directory.resolve("in.txt"), "a\n\n  \t\nb\na");
    CliRun run = CliRun.of("demo", file.toString());
    assertThat(run.exitCode()).isZero();
    assertThat(run.cell("Lines read")).isEqualTo("5");
    assertThat(run.cell("skipped: blank")).isEqualTo("2");
    assertThat(run.cell("Acknowledged")).isEqualTo("3");
    assertThat(run.outLines()).endsWith("Every line was stored.");
  }

  @Test
  void demo_linesThatAreNotUtf8_areNamedAndTheRestIsStored() throws IOException {
    byte[] bytes = "ab\nc?d\nef\n".getBytes(UTF_8);
    bytes[4] = (byte) 0xfe;
    Path file = Files.write(directory.resolve("in.txt"), bytes);
    CliRun run = CliRun.of("demo", file.toString());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains("error: " + file + ", line 2, byte offset 4: not UTF-8, skipped");
    assertThat(run.cell("skipped: not UTF-8")).isEqualTo("1");
    assertThat(run.cell("Acknowledged")).isEqualTo("2");
    assertThat(run.outLines()).endsWith("Every line was stored but 1 that cannot be sent.");
  }

  @Test
  void demo_nodeThatAcknowledgesAndStoresNothing_isFoundOut() {
    DemoCommand demo = new DemoCommand(servers -> node(servers).script(Fault.code("0", "Ok")));
    CliRun run = CliRun.of(new CommandLine(demo), "--lines", "5000", "--batch-messages", "50");
    assertThat(run.exitCode()).as(run.toString()).isEqualTo(1);
    assertThat(run.cell("Acknowledged")).isEqualTo("5,000");
    assertThat(run.outLines()).endsWith("NOT every line was stored: 50 lines missing.");
  }

  @Test
  void demo_nodeThatStoresAndDoesNotAnswer_givesDuplicatesThatAreCounted() {
    DemoCommand demo = new DemoCommand(servers -> node(servers).script(Fault.storeThenReset()));
    CliRun run = CliRun.of(new CommandLine(demo), "--lines", "3000", "--batch-messages", "50");
    assertThat(run.exitCode()).as(run.toString()).isZero();
    assertThat(run.cell("Duplicates")).isNotEqualTo("0");
    assertThat(run.cell("Retries")).isNotEqualTo("0");
    assertThat(run.out()).contains("A duplicate was stored before");
    assertThat(run.outLines()).endsWith("Every line was stored.");
  }

  @Test
  void demo_badInput_isAnErrorOfUsage() throws IOException {
    Path empty = Files.createFile(directory.resolve("empty.txt"));
    assertUsage("no such file", "demo", directory.resolve("missing").toString());
    assertUsage("is a directory", "demo", directory.toString());
    assertUsage("has no lines", "demo", empty.toString());
    assertUsage("give either a FILE or --lines", "demo", empty.toString(), "--lines", "5");
    assertUsage("--lines must be at least 1, but is 0", "demo", "--lines", "0");
    assertUsage("--nodes must be at least 1, but is -1", "demo", "--nodes", "-1");
    assertUsage("--batch-messages must be at least 1", "demo", "--batch-messages", "0");
    assertUsage("'--lines': 'many' is not a long", "demo", "--lines", "many");
    assertUsage("expected one of [inlong, ", "demo", "--protocol", "smtp");
  }

  private static void assertUsage(String text, String... args) {
    CliRun run = CliRun.of(args);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("error: ").contains(text).doesNotContain("\tat ");
    assertThat(run.out()).isEmpty();
  }
}
