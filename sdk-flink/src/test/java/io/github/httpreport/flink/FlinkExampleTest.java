package io.github.httpreport.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlinkExampleTest {

  @Test
  void report_ofAFile_storesEveryLineOfText(@TempDir Path directory) throws Exception {
    Path file = Files.write(directory.resolve("lines"), List.of("one", "", "two", " ", "three"));

    assertThat(FlinkExample.report(file)).isEqualTo(3);
  }
}
