package io.github.httpreport.examples.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.httpreport.examples.CliRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every failure of the troubleshooting table is produced against the test kit and recognised. The
 * rows are read from the page itself: a row without a scenario fails, and so does a scenario whose
 * row is gone.
 */
class TroubleshootingTableTest {

  private static final Path PAGE = Path.of("..", "docs", "troubleshooting.md");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path directory;
  private static final Map<String, FailureScenario> SCENARIOS = new LinkedHashMap<>();

  @BeforeAll
  static void collectScenarios() {
    SCENARIOS.putAll(ReachScenarios.in(directory));
    SCENARIOS.putAll(SenderScenarios.in(directory));
  }

  static Stream<String> messagesOfThePage() throws IOException {
    return rows().stream().flatMap(row -> row.messages().stream());
  }

  private static List<KnownFailure> rows() throws IOException {
    return new KnownFailures(Files.readString(PAGE)).all();
  }

  @ParameterizedTest
  @MethodSource("messagesOfThePage")
  void row_producedAgainstTheTestKit_isRecognised(String message) throws Exception {
    FailureScenario scenario = SCENARIOS.get(message);
    assertThat(scenario).as("a scenario for the row " + message).isNotNull();

    CliRun run = scenario.run();

    assertThat(explanationsIn(run))
        .as(run.toString())
        .anySatisfy(
            explanation -> {
              assertThat(explanation.get("messages"))
                  .extracting(JsonNode::textValue)
                  .contains(message);
              assertThat(explanation.get("cause").textValue()).isNotBlank();
              assertThat(explanation.get("remedy").textValue()).isNotBlank();
            });
  }

  @Test
  void scenarios_areThoseOfThePage() throws IOException {
    assertThat(SCENARIOS.keySet())
        .containsExactlyInAnyOrderElementsOf(messagesOfThePage().toList());
  }

  @Test
  void pageInTheJar_isThatOfTheDocumentation() throws IOException {
    assertThat(KnownFailures.load().all())
        .extracting(KnownFailure::messages, KnownFailure::cause, KnownFailure::remedy)
        .isEqualTo(rows().stream().map(r -> tuple(r.messages(), r.cause(), r.remedy())).toList());
  }

  @Test
  void everyTableLineOfThePage_isARow() throws IOException {
    long lines =
        Files.readAllLines(PAGE).stream()
            .filter(line -> line.startsWith("|"))
            .filter(line -> !line.startsWith("| ---"))
            .filter(line -> !line.startsWith("| message |") && !line.startsWith("| line |"))
            .count();
    assertThat(rows()).hasSize((int) lines).hasSizeGreaterThan(30);
  }

  /** A text of one row must not bring up others that have nothing to do with it. */
  @ParameterizedTest
  @MethodSource("messagesOfThePage")
  void row_asThePageWritesIt_isRecognisedFirst(String message) throws IOException {
    List<KnownFailure> found =
        new ArrayList<>(new KnownFailures(Files.readString(PAGE)).in(message));
    found.sort(Comparator.comparing(failure -> !failure.messages().contains(message)));
    assertThat(found).as(message).isNotEmpty();
    assertThat(found.get(0).messages()).contains(message);
    assertThat(found).hasSize(1);
  }

  private static List<JsonNode> explanationsIn(CliRun run) throws IOException {
    List<JsonNode> explanations = new ArrayList<>();
    JsonNode root = JSON.readTree(run.out());
    root.findValues("explanations").forEach(rows -> rows.forEach(explanations::add));
    return explanations;
  }
}
