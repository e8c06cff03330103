package io.github.httpreport.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class ResultsTest {

  private static final Scenario IT = Suite.SEND_1;
  private static final Scenario OTHER = Suite.RAW_1;

  @Test
  void spread_oddNumberOfFigures_hasMiddleOneAsMedian() {
    assertThat(Summary.of(DoubleStream.of(9, 1, 2))).isEqualTo(new Summary(2, 1, 9));
  }

  @Test
  void spread_evenNumberOfFigures_hasMeanOfMiddleTwoAsMedian() {
    assertThat(Summary.of(DoubleStream.of(4, 1, 9, 2))).isEqualTo(new Summary(3, 1, 9));
  }

  @Test
  void spread_noFigures_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Summary.of(DoubleStream.empty()));
  }

  @Test
  void ratio_roundsOfUnequalSpeed_comparesWithinEachRound() {
    Measured measured =
        measured(
            Map.of(
                IT, List.of(turn(500), turn(60), turn(2000)),
                OTHER, List.of(turn(100), turn(10), turn(1000))));

    assertThat(measured.ratio(IT, OTHER, Sample::messagesPerSecond))
        .isEqualTo(new Summary(5, 2, 6));
    assertThat(measured.figures(IT, Sample::messagesPerSecond))
        .isEqualTo(new Summary(250, 30, 1000));
  }

  @Test
  void ratio_toWhatWasNotRun_isNone() {
    assertThat(measured(Map.of(IT, List.of(turn(1)))).ratio(IT, OTHER, Sample::messagesPerSecond))
        .isNull();
  }

  @Test
  void limits_contestantsOfOneWereRun_areThatOne() {
    Measured measured =
        measured(
            Suite.LIMITS,
            Map.of(
                Suite.RAW_16, List.of(turn(1000)),
                Suite.MINIMAL_16, List.of(turn(800)),
                Suite.ASYNC_16, List.of(turn(600)),
                Suite.ENCODING_8_BY_50, List.of(turn(1))));

    assertThat(Limit.of(measured))
        .containsExactly(
            new Limit(
                "minimal client, 16 in flight, batch 1",
                new Summary(0.8, 0.8, 0.8),
                new Summary(0.75, 0.75, 0.75)));
  }

  @Test
  void turn_extraBytes_areBeyondTheEncodedOnes() {
    assertThat(turn(100).extraBytesPerRequest()).isEqualTo(250);
    assertThat(turn(100).extraBytesPerMessage()).isEqualTo(25);
  }

  @Test
  void target_figureJustAtItsBound_isMet() {
    assertThat(target(BenchTarget.Bound.atLeast(5, "x"), 5)).isEqualTo(BenchTarget.State.MET);
    assertThat(target(BenchTarget.Bound.atLeast(5, "x"), 4.9)).isEqualTo(BenchTarget.State.MISSED);
    assertThat(target(BenchTarget.Bound.atMost(5, "x"), 5)).isEqualTo(BenchTarget.State.MET);
    assertThat(target(BenchTarget.Bound.atMost(5, "x"), 5.1)).isEqualTo(BenchTarget.State.MISSED);
    assertThat(new BenchTarget("it", BenchTarget.Bound.atMost(5, "x"), null).state())
        .isEqualTo(BenchTarget.State.NOT_MEASURED);
    assertThat(target(BenchTarget.Bound.atMost(5, "x"), Double.NaN))
        .isEqualTo(BenchTarget.State.NOT_MEASURED);
  }

  @Test
  void matrix_allSetups_haveNamesOfTheirOwn() {
    for (Suite block : Suite.matrix()) {
      assertThat(block.setups()).extracting(Scenario::name).doesNotHaveDuplicates();
    }
  }

  private static BenchTarget.State target(BenchTarget.Bound bound, double figure) {
    return new BenchTarget("it", bound, new Summary(figure, figure, figure)).state();
  }

  private static Measured measured(Map<Scenario, List<Sample>> turns) {
    return measured("it", turns);
  }

  private static Measured measured(String block, Map<Scenario, List<Sample>> turns) {
    return new Measured(new Suite(block, List.of()), turns);
  }

  /** Of two seconds, with ten messages to a request. */
  private static Sample turn(long messages) {
    Counts taken = new Counts(messages / 10, messages * 30, messages * 20, messages);
    return new Sample(messages, taken, new Spent(2_000_000_000L, 1_000_000, messages * 45.0), 1, 2);
  }
}
