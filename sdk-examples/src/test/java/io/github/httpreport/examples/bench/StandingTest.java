package io.github.httpreport.examples.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class StandingTest {

  @Test
  void spread_oddNumberOfFigures_hasMiddleOneAsMedian() {
    assertThat(Spread.of(DoubleStream.of(9, 1, 2))).isEqualTo(new Spread(2, 1, 9));
  }

  @Test
  void spread_evenNumberOfFigures_hasMeanOfMiddleTwoAsMedian() {
    assertThat(Spread.of(DoubleStream.of(4, 1, 9, 2))).isEqualTo(new Spread(3, 1, 9));
  }

  @Test
  void spread_noFigures_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Spread.of(DoubleStream.empty()));
  }

  @Test
  void standing_roundsOfUnequalSpeed_comparesWithinEachRound() {
    List<Turn> plain = List.of(turn(100), turn(10), turn(1000));
    List<Turn> turns = List.of(turn(500), turn(60), turn(2000));

    Standing standing = Standing.of("it", turns, plain);

    assertThat(standing.messagesPerSecond()).isEqualTo(new Spread(250, 30, 1000));
    assertThat(standing.timesPlain()).isEqualTo(new Spread(5, 2, 6));
    assertThat(standing.cpuMicrosPerMessage()).isEqualTo(2000);
    assertThat(standing.allocatedBytesPerMessage()).isEqualTo(6);
  }

  @Test
  void target_medianRatioJustReached_isMet() {
    Standing standing = Standing.of("it", List.of(turn(50)), List.of(turn(10)));

    assertThat(new Target("it", 5).isMetBy(standing)).isTrue();
    assertThat(new Target("it", 5.1).isMetBy(standing)).isFalse();
  }

  private static Turn turn(long messages) {
    return new Turn(messages, 2, 1, 3000);
  }
}
