package io.github.httpreport.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.benchmarks.ConnectorFeeds.Feed;
import io.github.httpreport.examples.CliRun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConnectorsCommandTest {

  private static CliRun run(String... options) {
    List<String> arguments = new ArrayList<>(List.of("connectors"));
    arguments.addAll(List.of(options));
    return CliRun.of(Benchmarks.commandLine(), arguments.toArray(String[]::new));
  }

  @Test
  void connectors_short_printsARowForEachAndTheTargetOfEachConnector() {
    CliRun run = run("--rounds", "1", "--records", "1000");

    assertThat(run.exitCode()).isZero();
    assertThat(String.join("\n", run.outLines()))
        .containsSubsequence(
            "FED BY",
            "\nenqueue",
            "\nKafka Connect task",
            "\nenqueue",
            "\nFlink sink",
            "\nFlink, discarding sink");
    assertThat(run.outLines())
        .filteredOn(line -> line.endsWith("at least 0.7"))
        .hasSize(2)
        .anyMatch(line -> line.contains("Kafka Connect task: records/s"))
        .anyMatch(line -> line.contains("Flink sink: records/s"));
  }

  @Test
  void connectors_ofOneKind_measuresNoOther() {
    CliRun run = run("--connector", "connect", "--rounds", "1", "--records", "1000");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("Kafka Connect task").doesNotContain("Flink");
  }

  @Test
  void connectors_withWrongOptions_isWrongUsage() {
    assertWrong("--rounds must be from 1 to 1000", "--rounds", "0");
    assertWrong("--records must be at least 1000", "--records", "999");
    assertWrong("storm", "--connector", "storm");
  }

  private static void assertWrong(String text, String... options) {
    CliRun run = run(options);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(text);
  }

  @Test
  void comparison_takesTurns_backwardsInEverySecondRound_andJudgesByTheTarget() throws Exception {
    Feeds feeds = new Feeds();
    ConnectorComparison comparison = new ConnectorComparison(feeds, 10);

    comparison.run(1);

    assertThat(feeds.order).containsExactly("enqueue", "c", "engine", "engine", "c", "enqueue");
    assertThat(comparison.reaches(0)).isTrue();
    assertThat(comparison.verdict(0)).startsWith("ok ").contains("less \"engine\"");
    assertThat(comparison.reaches(Double.MAX_VALUE)).isFalse();
    assertThat(comparison.verdict(Double.MAX_VALUE)).startsWith("MISSED ");
  }

  private static final class Feeds implements ConnectorFeeds {
    private final List<String> order = new ArrayList<>();

    private Feed feed(String label) {
      return new Feed(label, records -> note(label, records));
    }

    private void note(String label, long records) throws IOException {
      if (records != 10) {
        throw new IOException(records + " records");
      }
      order.add(label);
    }

    @Override
    public Feed enqueue() {
      return feed("enqueue");
    }

    @Override
    public Feed connector() {
      return feed("c");
    }

    @Override
    public Optional<Feed> engine() {
      return Optional.of(feed("engine"));
    }

    @Override
    public void close() {}
  }
}
