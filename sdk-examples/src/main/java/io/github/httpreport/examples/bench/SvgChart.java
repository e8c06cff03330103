package io.github.httpreport.examples.bench;

import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The messages per second of all contestants as bars on a logarithmic scale. Has no background and
 * colours that show on a light one and on a dark one.
 */
final class SvgChart {

  private static final int WIDTH = 1000;
  private static final int ROW = 24;
  private static final int TOP = 48;
  private static final int LEFT = 430;
  private static final int RIGHT = 110;

  private record Bar(Setup setup, double value) {}

  private final List<Measured> blocks;
  private final int lowest;
  private final int highest;
  private final StringBuilder svg = new StringBuilder();

  private SvgChart(List<Measured> blocks) {
    this.blocks = blocks;
    DoubleSummaryStatistics values =
        blocks.stream().flatMap(SvgChart::bars).mapToDouble(Bar::value).summaryStatistics();
    boolean empty = values.getCount() == 0;
    lowest = empty ? 0 : (int) Math.floor(Math.log10(values.getMin()));
    highest = empty ? 1 : Math.max(lowest + 1, (int) Math.ceil(Math.log10(values.getMax())));
  }

  static String of(Results results) {
    return new SvgChart(results.blocks()).draw();
  }

  private static Stream<Bar> bars(Measured block) {
    return block.turns().keySet().stream()
        .map(setup -> new Bar(setup, block.figures(setup, Turn::messagesPerSecond).median()));
  }

  private String draw() {
    int rows = blocks.stream().mapToInt(block -> 1 + block.turns().size()).sum();
    int height = TOP + rows * ROW + 16;
    append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
            + " font-size=\"13\" fill=\"#808080\">%n",
        WIDTH, height);
    append("<title>Messages per second, logarithmic scale</title>%n");
    append("<text x=\"%d\" y=\"18\">messages per second (logarithmic scale)</text>%n", LEFT);
    for (int power = lowest; power <= highest; power++) {
      addGridLine(power, height);
    }
    int y = TOP;
    for (Measured block : blocks) {
      addLabel(block.block().name(), y, "bold");
      y += ROW;
      for (Bar bar : bars(block).toList()) {
        addBar(bar, y);
        y += ROW;
      }
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

  private void addLabel(String label, int y, String weight) {
    append(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"end\" font-weight=\"%s\">%s</text>%n",
        LEFT - 8, y + 16, weight, label);
  }

  private void addBar(Bar bar, int y) {
    double end = x(bar.value());
    addLabel(bar.setup().name(), y, "normal");
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
