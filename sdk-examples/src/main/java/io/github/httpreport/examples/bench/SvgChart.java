package io.github.httpreport.examples.bench;

import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.stream.Stream;

/** The messages per second of all contestants as bars on a logarithmic scale. */
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
  private final Svg svg;

  private SvgChart(List<Measured> blocks) {
    this.blocks = blocks;
    svg = new Svg("Messages per second, logarithmic scale", WIDTH, height());
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

  private int height() {
    return TOP + blocks.stream().mapToInt(block -> 1 + block.turns().size()).sum() * ROW + 16;
  }

  private String draw() {
    svg.add("<text x=\"%d\" y=\"18\">messages per second (logarithmic scale)</text>%n", LEFT);
    for (int power = lowest; power <= highest; power++) {
      addGridLine(power);
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
    return svg.finish();
  }

  private void addGridLine(int power) {
    double x = x(Math.pow(10, power));
    svg.add(
        "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#808080\""
            + " stroke-opacity=\"0.35\"/>%n",
        x, TOP - 6, x, height() - 12);
    svg.add(
        "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" font-size=\"11\">%,.0f</text>%n",
        x, TOP - 10, Math.pow(10, power));
  }

  private void addLabel(String label, int y, String weight) {
    svg.add(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"end\" font-weight=\"%s\">%s</text>%n",
        LEFT - 8, y + 16, weight, label);
  }

  private void addBar(Bar bar, int y) {
    double end = x(bar.value());
    addLabel(bar.setup().name(), y, "normal");
    svg.add(
        "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n",
        LEFT, y + 3, end - LEFT, ROW - 6, colour(bar.setup().kind()));
    svg.add("<text x=\"%.1f\" y=\"%d\">%,.0f</text>%n", end + 6, y + 16, bar.value());
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
}
