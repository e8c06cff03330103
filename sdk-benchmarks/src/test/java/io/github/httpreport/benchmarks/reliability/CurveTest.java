package io.github.httpreport.benchmarks.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.internal.series.Series;

/** Samples of a second each; the hole is from 2 to 8, two time-outs are over at 4. */
class CurveTest {

  private static final double HOLE = 2;
  private static final double BACK = 8;

  private static Curve curve(double[] node, double[] others) {
    List<Curve.CurvePoint> samples = new ArrayList<>();
    for (int i = 0; i < node.length; i++) {
      samples.add(new Curve.CurvePoint(i + 1, new double[] {node[i], others[i]}));
    }
    return new Curve(samples, HOLE, BACK, Duration.ofSeconds(1));
  }

  private static Curve during(double... others) {
    double[] node = new double[2 + others.length];
    double[] all = new double[2 + others.length];
    for (int i = 0; i < node.length; i++) {
      node[i] = i < 2 ? 100 : 0;
      all[i] = i < 2 ? 200 : others[i - 2];
    }
    return curve(node, all);
  }

  private static Curve afterwards(double... node) {
    double[] all = new double[8 + node.length];
    System.arraycopy(node, 0, all, 8, node.length);
    all[0] = 100;
    all[1] = 100;
    return curve(all, new double[all.length]);
  }

  private static boolean[] findings(Curve curve, long failed) {
    boolean[] holds = new boolean[3];
    List<RunFinding> findings = CurveReport.findings(curve, failed);
    for (int i = 0; i < holds.length; i++) {
      holds[i] = findings.get(i).holds();
    }
    return holds;
  }

  @Test
  void levels_areThoseBeforeTheHole() {
    Curve curve = during(10, 300, 300, 300, 300, 300);

    assertThat(curve.levelBefore()).isEqualTo(300);
    assertThat(curve.shareBefore()).isEqualTo(100);
    assertThat(curve.lowest()).isEqualTo(10);
    assertThat(curve.recoveryDue()).isEqualTo(4);
  }

  @Test
  void recovery_isTheEndOfTheLastSampleBelow() {
    assertThat(during(200, 300, 300, 300, 300, 300).recovery()).hasValue(1);
    assertThat(during(200, 300, 239, 240, 240, 240).recovery()).hasValue(3);
    assertThat(during(300, 300, 300, 300, 300, 300).recovery()).hasValue(0);
  }

  @Test
  void recovery_neverOrNotAtTheEnd_isNone() {
    assertThat(during(200, 200, 200, 200, 200, 200).recovery()).isEmpty();
    assertThat(during(200, 300, 300, 300, 300, 200).recovery()).isEmpty();
  }

  @Test
  void shareRegained_isTheEndOfFourSamplesThatHaveItTogether() {
    assertThat(afterwards(0, 0, 80, 80, 80, 80, 80).shareRegained()).hasValue(6);
    assertThat(afterwards(0, 160, 0, 160).shareRegained()).hasValue(4);
    assertThat(afterwards(79, 79, 79, 79, 79).shareRegained()).isEmpty();
    assertThat(afterwards(100, 100, 100).shareRegained()).isEmpty();
  }

  @Test
  void findings_inTime_hold() {
    Curve curve =
        curve(
            new double[] {100, 100, 0, 0, 0, 0, 0, 0, 100, 100, 100, 100},
            new double[] {200, 200, 100, 100, 300, 300, 300, 300, 200, 200, 200, 200});

    assertThat(findings(curve, 0)).containsExactly(true, true, true);
    assertThat(findings(curve, 1)).containsExactly(true, true, false);
  }

  @Test
  void findings_late_doNotHold() {
    double[] node = new double[8 + 32];
    node[0] = 100;
    node[1] = 100;
    Arrays.fill(node, 8 + 27, node.length, 100);

    assertThat(findings(during(1, 1, 1, 300, 300, 300), 0)[0]).isFalse();
    assertThat(findings(during(1, 1, 1, 1, 1, 1), 0)[0]).isFalse();
    assertThat(findings(curve(node, new double[node.length]), 0)[1]).isFalse();
    assertThat(findings(afterwards(0, 0, 0, 0), 0)[1]).isFalse();
  }

  @Test
  void chart_showsEveryNodeAndEveryMoment() {
    XYChart chart = CurveChart.of(afterwards(0, 100, 100, 100, 100));

    assertThat(chart.getSeriesCollection())
        .extracting(Series::getName)
        .containsExactly(
            "node 0",
            "node 1",
            "all",
            "80 % of before",
            "node 0 answers nothing",
            "two time-outs",
            "node 0 is back");
    assertThat(chart.getSeriesCollection())
        .allSatisfy(line -> assertThat(line.getYData()).isNotEmpty().doesNotContain(Double.NaN));
  }
}
