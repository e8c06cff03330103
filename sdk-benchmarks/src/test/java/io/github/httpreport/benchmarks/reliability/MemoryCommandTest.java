package io.github.httpreport.benchmarks.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.CloseSummary;
import io.github.httpreport.benchmarks.Benchmarks;
import io.github.httpreport.examples.CliRun;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryCommandTest {

  private static final long MIB = 1 << 20;

  @Test
  void memory_muchMoreThanTheBufferIsOffered_staysWithinItsBound() {
    CliRun run =
        CliRun.of(
            Benchmarks.commandLine(),
            "memory",
            "--offer",
            "64MB",
            "--buffer",
            "4MiB",
            "--only",
            "data time",
            "--check");

    assertThat(run.exitCode()).as(run.toString()).isZero();
    assertThat(run.outLines()).endsWith("Memory passed.");
    for (String row : List.of("block(1 ms)  enqueue", "block(1 ms)  sendAsync")) {
      assertThat(run.outLines()).anyMatch(line -> line.startsWith(row));
    }
    assertThat(run.cell("fail()       enqueue")).startsWith("62,500");
    assertThat(run.cell("fail()       sendAsync")).startsWith("62,500");
  }

  @Test
  void fullBuffer_eachMessageOpensABatchOrIsARequest_heapStaysNearTheBound() throws Exception {
    try (FullBuffer fullBuffer = new FullBuffer(8 * MIB)) {
      for (MemoryUse use : List.of(MemoryUse.OWN_STREAM, MemoryUse.REQUEST_OF_ONE)) {
        FullBufferRow row = fullBuffer.run(use);

        assertThat(row.usedBytes()).as(row.toString()).isGreaterThan(6 * MIB);
        assertThat(row.isWithinBound()).as(row.toString()).isTrue();
      }
    }
  }

  @Test
  void withinRatio_oneRowOverTheBound_doesNotHold() {
    FullBufferRow most = new FullBufferRow("use", 1, 1, 130, 100);
    FullBufferRow more = new FullBufferRow("use", 1, 1, 131, 100);

    assertThat(MemoryCommand.withinRatio(List.of(most)).holds()).isTrue();
    assertThat(MemoryCommand.withinRatio(List.of(most, more)).holds()).isFalse();
  }

  @Test
  void findings_heapOverTheBound_doNotHold() {
    long most = 4 * MIB + 32_000_000;
    assertThat(holds(row(10, most, 90))).containsExactly(true, true, true);
    assertThat(holds(row(10, most + 1, 90))).containsExactly(false, true, true);
  }

  @Test
  void findings_messageUnaccountedForOrBufferNeverFull_doNotHold() {
    assertThat(holds(row(10, 0, 89))).containsExactly(true, false, true);
    assertThat(holds(row(0, 0, 100))).containsExactly(true, true, false);
  }

  private static List<Boolean> holds(MemoryRow row) {
    return MemoryCommand.findings(List.of(row)).stream().map(RunFinding::holds).toList();
  }

  private static MemoryRow row(long refused, long heap, long abandoned) {
    CloseSummary closed = CloseSummary.builder().abandoned(abandoned).build();
    MemoryRow.Messages messages = new MemoryRow.Messages(100, refused, closed);
    return new MemoryRow("fail()", "enqueue", messages, heap, 4 * MIB);
  }

  @ParameterizedTest
  @CsvSource({
    "--buffer, 1000KB, --buffer must be at least 1MiB",
    "--offer, 64MB, --offer must be at least twice --buffer",
    "--body, 0B, --body must be from 1B",
    "--body, 1MiB, --body must be from 1B",
    "--offer, 1g, is no size"
  })
  void memory_badOption_isAnErrorOfUsage(String option, String value, String text) {
    CliRun run = CliRun.of(Benchmarks.commandLine(), "memory", option, value);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("error: ").contains(text);
    assertThat(run.out()).isEmpty();
  }
}
