package io.github.httpreport.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressTest {

  private final StringWriter screen = new StringWriter();
  private final PrintWriter err = new PrintWriter(screen);

  @ParameterizedTest
  @ValueSource(ints = {60, 80, 200})
  void bar_finished_showsTheLastStateOnALineOfItsOwn(int columns) {
    try (Progress progress = Progress.bar(err, Progress.UNKNOWN, columns)) {
      progress.total(1000);
      progress.at(500, 0);
      progress.say("in between");
      progress.at(1000, 3);
      progress.finish();
    }
    assertThat(screen.toString())
        .contains(Terminal.ERASE_LINE + "in between" + System.lineSeparator())
        .contains("1000/1000 lines")
        .endsWith(System.lineSeparator());
    assertThat(screen.toString().split(Terminal.ERASE_LINE.replace("[", "\\["), -1))
        .allSatisfy(drawn -> assertThat(drawn.stripTrailing()).hasSizeLessThan(columns));
  }

  @Test
  void silent_whereNobodyLooksOn_printsLinesOnly() {
    try (Progress progress = Progress.silent(err)) {
      progress.at(500, 1);
      progress.total(1000);
      progress.say("in between");
    }
    assertThat(screen.toString()).isEqualTo("in between" + System.lineSeparator());
  }

  @Test
  void errors_manyOfAKind_areShownAFewTimes() {
    List<String> counts = new ArrayList<>();
    ErrorThrottle errors = new ErrorThrottle(counts::add);
    for (int i = 0; i < 1000; i++) {
      errors.show("one", "", "one " + i / 2);
      errors.show("other", "line " + i + ": ", "always the same");
    }
    assertThat(counts)
        .containsExactly(
            "error: one 0",
            "error: line 0: always the same",
            "error: one 1",
            "error: one 2",
            "error: one 3",
            "error: one 4",
            "error: more like these are counted only");
  }
}
