package io.github.httpreport.benchmarks.reliability;

import java.awt.Color;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A curve as a chart: a line for each node and one for all, and the moments that matter. */
final class CurveChart {

  private static final int WIDTH = 1000;
  private static final int HEIGHT = 500;
  private static final double HEADROOM = 1.1;

  private final Curve curve;
  private final XYChart chart =
      new XYChartBuilder()
          .width(WIDTH)
          .height(HEIGHT)
          .title("Acknowledged calls per second")
          .xAxisTitle("seconds")
          .build();
  private final double highest;

  private CurveChart(Curve curve) {
    this.curve = curve;
    highest =
        HEADROOM * curve.samples().stream().mapToDouble(Curve.CurvePoint::total).max().orElse(1);
  }

  static XYChart of(Curve curve) {
    return new CurveChart(curve).draw();
  }

  private XYChart draw() {
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    for (int node = 0; node < curve.samples().get(0).perSecond().length; node++) {
      int number = node;
      addCurve("node " + node, sample -> sample.perSecond()[number]);
    }
    addCurve("all", Curve.CurvePoint::total);
    double enough = Curve.ENOUGH * curve.levelBefore();
    addLine("80 % of before", List.of(0.0, end()), List.of(enough, enough));
    addMoment("node 0 answers nothing", curve.hole());
    addMoment("two time-outs", curve.recoveryDue());
    addMoment("node 0 is back", curve.back());
    return chart;
  }

  private double end() {
    return curve.samples().get(curve.samples().size() - 1).end();
  }

  private void addCurve(String label, ToDoubleFunction<Curve.CurvePoint> perSecond) {
    List<Curve.CurvePoint> samples = curve.samples();
    addLine(
        label,
        samples.stream().map(Curve.CurvePoint::end).toList(),
        samples.stream().map(perSecond::applyAsDouble).toList());
  }

  private void addMoment(String label, double second) {
    addLine(label, List.of(second, second), List.of(0.0, highest));
  }

  private void addLine(String label, List<Double> x, List<Double> y) {
    chart.addSeries(label, x, y).setMarker(SeriesMarkers.NONE);
  }
}
