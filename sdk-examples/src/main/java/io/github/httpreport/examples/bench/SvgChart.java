package io.github.httpreport.examples.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The messages per second of all contestants as bars on a logarithmic scale. Has no background and
 * colours that show on a light one and on a dark one.
 */
final class SvgChart {

  private static final int WIDTH = 960;
  private static final int ROW = 24;
  private static final int TOP = 48;
  private static final int LEFT = 330;
  private static final int RIGHT = 110;

  private record Bar(Setup setup, double value) {}

  private final List<Bar> bars;
  private final int lowest;
  private final int highest;
  private final StringBuilder svg = new StringBuilder();

  private SvgChart(List<Bar> bars) {
    this.bars = bars;
    double min = bars.stream().mapToDouble(Bar::value).min().orElse(1);
    double max = bars.stream().mapToDouble(Bar::value).max().orElse(1);
    lowest = (int) Math.floor(Math.log10(min));
    highest = Math.max(lowest + 1, (int) Math.ceil(Math.log10(max)));
  }

  static String of(Results results) {
    List<Bar> bars = new ArrayList<>();
    for (Measured block : results.blocks()) {
      for (Setup setup : block.turns().keySet()) {
        bars.add(new Bar(setup, block.figures(setup, Turn::messagesPerSecond).median()));
      }
    }
    return new SvgChart(bars).draw();
  }

  private String draw() {
    int height = TOP + bars.size() * ROW + 16;
    append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
            + " font-size=\"13\" fill=\"#808080\">%n",
        WIDTH, height);
    append("<title>Messages per second, logarithmic scale</title>%n");
    append("<text x=\"%d\" y=\"18\">messages per second (logarithmic scale)</text>%n", LEFT);
    for (int power = lowest; power <= highest; power++) {
      addGridLine(power, height);
    }
    for (int i = 0; i < bars.size(); i++) {
      addBar(bars.get(i), TOP + i * ROW);
    }
    return svg.append("</svg>").append(System.lineSeparator()).toString();
  }

  private void addGridLine(int power, int height) {
    double x = x(Math.pow(10, power));
    append(
        "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#808080\""
            + " stroke-opacity=\"0.35\"/>%n",
        x, TOP - 6, x, height - 12);
    append(
        "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" font-size=\"11\">%,.0f</text>%n",
        x, TOP - 10, Math.pow(10, power));
  }

  private void addBar(Bar bar, int y) {
    double end = x(bar.value());
    append(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n",
        LEFT - 8, y + 16, bar.setup().name());
    append(
        "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n",
        LEFT, y + 3, end - LEFT, ROW - 6, colour(bar.setup().kind()));
    append("<text x=\"%.1f\" y=\"%d\">%,.0f</text>%n", end + 6, y + 16, bar.value());
  }

  private static String colour(Kind kind) {
    if (kind.isSdk()) {
      return "#2f81c7";
    }
    return kind == Kind.RAW ? "#909090" : "#c98a2b";
  }

  private double x(double value) {
    double part = (Math.log10(value) - lowest) / (highest - lowest);
    return LEFT + part * (WIDTH - LEFT - RIGHT);
  }

  private void append(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values));
  }
}
