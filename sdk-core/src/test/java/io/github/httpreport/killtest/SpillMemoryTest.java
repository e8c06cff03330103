package io.github.httpreport.killtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Much more is offered than the heap could hold, while no node is there: what the buffer has no
 * room for is on disk. 256 MB in every build; {@code -Doffered.mb=1024} for a gigabyte.
 */
class SpillMemoryTest {

  private static final int BUFFER_MB = 8;

  /** What the buffer may take, 32 MB more, and what a JVM with the library has anyway. */
  private static final int HEAP_MB = BUFFER_MB + 32 + 12;

  @TempDir private Path temp;

  @Test
  void spill_nodesDownAndMuchOffered_heapStaysBounded() throws Exception {
    int offered = Integer.getInteger("offered.mb", 256);
    File output = temp.resolve("output").toFile();
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + HEAP_MB + "m",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                KillLoad.class.getName(),
                temp.resolve("spool").toString(),
                Integer.toString(BUFFER_MB << 20),
                Integer.toString(offered))
            .redirectErrorStream(true)
            .redirectOutput(output)
            .start();
    try {
      assertThat(child.waitFor(5, TimeUnit.MINUTES)).isTrue();
    } finally {
      child.destroyForcibly();
    }

    String text = Files.readString(output.toPath());
    System.out.println(text.lines().reduce("", (first, last) -> last));
    assertThat(child.exitValue()).as(text).isZero();
  }
}
