package io.github.httpreport.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SampleLinesTest {

  @Test
  void shippedFile_isTheFirstFiveThousandLines() throws IOException {
    try (InputStream shipped = SampleLines.class.getResourceAsStream("access-log.txt")) {
      assertThat(shipped).isNotNull();
      List<String> lines =
          new BufferedReader(new InputStreamReader(shipped, UTF_8)).lines().toList();
      assertThat(lines)
          .isEqualTo(LongStream.rangeClosed(1, 5000).mapToObj(SampleLines::line).toList());
    }
  }

  @Test
  void lines_together_holdEverythingThatIsHardToCarry() {
    String text = String.join("", LongStream.range(0, 1000).mapToObj(SampleLines::line).toList());
    assertThat(text).contains("%", "+", "&", ";", "=", "#", "\"", "\\", "\t", "茶", "é", "🚀");
  }

  @Test
  void next_afterTheLast_isNull() {
    SampleLines lines = new SampleLines(2);
    assertThat(lines.next()).isEqualTo(new Line.TextLine(1, SampleLines.line(1)));
    assertThat(lines.next()).isEqualTo(new Line.TextLine(2, SampleLines.line(2)));
    assertThat(lines.next()).isNull();
  }
}
