package io.github.httpreport.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** The jar for Flink's lib. Runs after it is packaged, with the jar in place of the classes. */
class FatJarCheck {

  private static List<String> names() throws IOException {
    try (JarFile jar = new JarFile(System.getProperty("fat.jar"))) {
      return jar.stream().map(ZipEntry::getName).toList();
    }
  }

  @Test
  void classes_areOursOrRelocated() throws IOException {
    assertThat(names())
        .filteredOn(name -> name.endsWith(".class"))
        .hasSizeGreaterThan(1_000)
        .allMatch(
            name ->
                name.replaceFirst("^META-INF/versions/[0-9]+/", "")
                    .startsWith("io/github/httpreport/"));
  }

  @Test
  void libraries_areThere_andFlinkIsNot() throws IOException {
    String shaded = "io/github/httpreport/flink/shaded/";

    assertThat(names())
        .contains("META-INF/services/org.apache.flink.table.factories.Factory", "META-INF/LICENSE")
        .anyMatch(name -> name.startsWith(shaded + "org/apache/hc/client5/"))
        .anyMatch(name -> name.startsWith(shaded + "com/fasterxml/jackson/databind/"))
        .anyMatch(name -> name.startsWith(shaded + "io/github/resilience4j/retry/"))
        .noneMatch(name -> name.contains("org/slf4j") || name.contains("org/apache/flink/api"))
        .doesNotHaveDuplicates();
  }

  @Test
  void sink_isThatOfTheJar() {
    String place =
        HttpReportSink.class.getProtectionDomain().getCodeSource().getLocation().getPath();

    assertThat(place).endsWith("-sql.jar");
  }
}
