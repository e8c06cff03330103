package io.github.httpreport.benchmarks;

import java.awt.Color;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.CategoryStyler;
import org.knowm.xchart.style.Styler;

/** The messages per second of all contestants as bars on a logarithmic scale. */
final class ThroughputChart {

  private static final int PIXELS_PER_BAR = 34;
  private static final int MIN_WIDTH = 400;
  private static final int HEIGHT = 800;
  private static final double PART_OF_BAR = 0.8;
  private static final int UPRIGHT = 90;

  /** The clients that a legend tells apart. */
  private enum Client {
    SDK("this library", new Color(0x2f81c7)),
    RAW("raw sockets", new Color(0x909090)),
    OTHER("other clients", new Color(0xc98a2b));

    private final String label;
    private final Color colour;

    Client(String label, Color colour) {
      this.label = label;
      this.colour = colour;
    }

    static Client of(MessageKind kind) {
      if (kind.isSdk()) {
        return SDK;
      }
      return kind == MessageKind.RAW || kind == MessageKind.RAW_ENCODING ? RAW : OTHER;
    }
  }

  private record Bar(Client client, double messagesPerSecond) {}

  private ThroughputChart() {}

  static CategoryChart of(Results results) {
    Map<String, Bar> bars = bars(results);
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(MIN_WIDTH + bars.size() * PIXELS_PER_BAR)
            .height(HEIGHT)
            .title("Messages per second (logarithmic scale)")
            .build();
    double base = style(chart.getStyler(), bars.values());
    if (!bars.isEmpty()) {
      for (Client client : Client.values()) {
        chart
            .addSeries(client.label, List.copyOf(bars.keySet()), heights(client, bars, base))
            .setFillColor(client.colour);
      }
    }
    return chart;
  }

  /** In the order of the report; a contestant of two suites has a bar in each. */
  private static Map<String, Bar> bars(Results results) {
    Map<String, Bar> bars = new LinkedHashMap<>();
    for (Measured suite : results.blocks()) {
      for (Scenario scenario : suite.turns().keySet()) {
        String name = scenario.name();
        while (bars.containsKey(name)) {
          name += " (again)";
        }
        double speed = suite.figures(scenario, Sample::messagesPerSecond).median();
        bars.put(name, new Bar(Client.of(scenario.kind()), speed));
      }
    }
    return bars;
  }

  /** A logarithmic axis has no zero: bars of other clients end at the foot of the chart. */
  private static List<Double> heights(Client client, Map<String, Bar> bars, double base) {
    return bars.values().stream()
        .map(bar -> bar.client == client ? bar.messagesPerSecond : base)
        .toList();
  }

  /** The value at the foot of the chart. */
  private static double style(CategoryStyler style, Iterable<Bar> bars) {
    DoubleSummaryStatistics speeds = new DoubleSummaryStatistics();
    bars.forEach(bar -> speeds.accept(Math.max(1, bar.messagesPerSecond)));
    double base = speeds.getCount() == 0 ? 1 : powerOfTen(Math.floor(Math.log10(speeds.getMin())));
    double top =
        speeds.getCount() == 0 ? 2 : powerOfTen(Math.floor(Math.log10(speeds.getMax())) + 1);
    style.setYAxisLogarithmic(true).setYAxisMin(base).setYAxisMax(top);
    style.setYAxisDecimalPattern("#,##0");
    style.setXAxisLabelRotation(UPRIGHT).setXAxisMaxLabelCount(Integer.MAX_VALUE);
    style.setOverlapped(true).setAvailableSpaceFill(PART_OF_BAR);
    style.setLegendPosition(Styler.LegendPosition.InsideNW).setChartBackgroundColor(Color.WHITE);
    return base;
  }

  private static double powerOfTen(double exponent) {
    return Math.pow(10, exponent);
  }
}
