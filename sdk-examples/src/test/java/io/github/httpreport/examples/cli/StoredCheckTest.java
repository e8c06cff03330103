package io.github.httpreport.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StoredCheckTest {

  private final StoredCheck check = new StoredCheck();

  @Test
  void check_sameLinesInAnotherOrder_missesNothing() {
    IntStream.range(0, 1000).forEach(i -> check.read("line " + i % 700));
    IntStream.range(0, 1000).forEach(i -> check.stored("line " + (999 - i) % 700));
    assertThat(check.missing()).isZero();
    assertThat(check.duplicates()).isZero();
  }

  @Test
  void check_lostAndRepeatedLines_countsBothThoughTheTotalsAgree() {
    IntStream.range(0, 1000).forEach(i -> check.read("line " + i));
    IntStream.range(0, 1000).forEach(i -> check.stored("line " + (i < 10 ? 500 : i)));
    assertThat(check.missing()).isEqualTo(10);
    assertThat(check.duplicates()).isEqualTo(10);
  }

  @Test
  void check_lineReadTwiceAndStoredOnce_missesOne() {
    check.read("a");
    check.read("a");
    check.stored("a");
    assertThat(check.missing()).isEqualTo(1);
    assertThat(check.duplicates()).isZero();
  }

  @Test
  void check_lineStoredBeforeItWasRead_isTheSameLine() {
    check.stored("a");
    check.read("a");
    assertThat(check.missing()).isZero();
    assertThat(check.duplicates()).isZero();
  }

  @Test
  void check_oneCharacterChanged_isNoticed() {
    check.read(SampleLines.line(1));
    check.stored(SampleLines.line(1) + ' ');
    assertThat(check.missing()).isEqualTo(1);
    assertThat(check.duplicates()).isEqualTo(1);
  }
}
