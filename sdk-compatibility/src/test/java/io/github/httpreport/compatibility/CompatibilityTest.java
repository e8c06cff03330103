package io.github.httpreport.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.HttpProxySender;
import io.github.httpreport.testkit.LocalCluster;
import io.github.httpreport.testsupport.Certificates;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every smoke step with the versions that each Spring Boot brings, in a JVM with a class path of
 * its own for each. The table and the list of docs/compatibility.md are what ran here.
 */
class CompatibilityTest {

  /** Those of the library's own POM, as an application without a BOM gets them. */
  private static final String OWN = "none";

  private static final Map<String, String> REFUSED =
      Map.of("2.7.18", "httpclient5 is there in version 5.1.4, but version 5.2 or later is needed");

  private static final int JVMS_AT_ONCE = 2;

  @TempDir private static Path directory;

  private static final Map<String, Future<SmokeJvm>> RUNS = new TreeMap<>();
  private static final ExecutorService STARTERS = Executors.newFixedThreadPool(JVMS_AT_ONCE);

  @BeforeAll
  static void startRuns() throws IOException {
    Path certificates = Files.createDirectory(directory.resolve("certificates"));
    TlsSteps.makeCertificates(certificates);
    Path references = directory.resolve("references");
    Files.write(references, ReferenceReader.of(locationOf(HttpProxySender.class)));
    for (String version : versions()) {
      Path own = Files.createDirectory(directory.resolve(version));
      List<String> arguments =
          List.of(
              "-cp",
              classPath(version),
              SmokeRun.class.getName(),
              own.toString(),
              certificates.toString(),
              references.toString());
      RUNS.put(version, STARTERS.submit(() -> SmokeJvm.run(own.resolve("output"), arguments)));
    }
  }

  @AfterAll
  static void stop() {
    STARTERS.shutdownNow();
  }

  static List<String> versions() throws IOException {
    try (Stream<Path> modules = Files.list(Path.of("versions"))) {
      return Stream.concat(
              Stream.of(OWN),
              modules
                  .filter(module -> Files.exists(module.resolve("pom.xml")))
                  .map(module -> module.getFileName().toString())
                  .sorted())
          .toList();
    }
  }

  private static String classPath(String version) throws IOException {
    if (version.equals(OWN)) {
      return System.getProperty("java.class.path");
    }
    return String.join(
        File.pathSeparator,
        locationOf(SmokeRun.class).toString(),
        locationOf(HttpProxySender.class).toString(),
        locationOf(LocalCluster.class).toString(),
        locationOf(Certificates.class).toString(),
        Files.readString(Path.of("versions", version, "target", "classpath.txt")).strip());
  }

  static Path locationOf(Class<?> type) {
    return Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()));
  }

  @ParameterizedTest
  @MethodSource("versions")
  void smokeRun_versionsOfAnApplication_everyStepPassesOrBuildRefusesThem(String version)
      throws Exception {
    SmokeJvm run = RUNS.get(version).get();

    assertThat(run.after("failed")).as("%s", run.lines()).isEmpty();
    assertThat(run.exit()).as("%s", run.lines()).isZero();
    if (REFUSED.containsKey(version)) {
      assertThat(run.after("refused")).containsExactly(REFUSED.get(version));
    } else {
      assertThat(run.after("refused")).isEmpty();
      assertThat(run.after("passed")).hasSizeGreaterThan(25).isEqualTo(own().after("passed"));
    }
  }

  private static SmokeJvm own() throws Exception {
    return RUNS.get(OWN).get();
  }

  @Test
  void documentation_tableAndSteps_areWhatRan() throws Exception {
    List<String> page = Files.readAllLines(Path.of("..", "docs", "compatibility.md"));

    assertThat(page.stream().filter(line -> line.matches("\\| [0-9].*")))
        .containsExactlyElementsOf(rows());
    assertThat(page.stream().filter(line -> line.startsWith("- ")).map(line -> line.substring(2)))
        .containsExactlyElementsOf(own().after("passed"));
  }

  private static List<String> rows() throws Exception {
    List<String> rows = new ArrayList<>();
    for (String version : versions().stream().filter(v -> !v.equals(OWN)).toList()) {
      SmokeJvm run = RUNS.get(version).get();
      List<String> libraries =
          run.after("library").stream().map(line -> line.replaceAll(".* ", "")).toList();
      String outcome = run.after("refused").isEmpty() ? "works" : "refused by `build()`";
      rows.add("| " + version + " | " + String.join(" | ", libraries) + " | " + outcome + " |");
    }
    return rows;
  }
}
