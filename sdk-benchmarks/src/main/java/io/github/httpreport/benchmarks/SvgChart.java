package io.github.httpreport.benchmarks;

import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.stream.Stream;

/** The messages per second of all contestants as bars on a logarithmic scale. */
final class SvgChart {

  private static final int WIDTH = 1000;
  private static final int ROW = 24;
  private static final int TOP = 70;
  private static final int LEGEND_GAP = 150;
  private static final int LEGEND_BOX = 12;
  private static final int LEFT = 430;
  private static final int RIGHT = 110;

  private static final String SDK = "#2f81c7";
  private static final String RAW = "#909090";
  private static final String OTHERS = "#c98a2b";

  private record Bar(Scenario setup, double value) {}

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
        .map(setup -> new Bar(setup, block.figures(setup, Sample::messagesPerSecond).median()));
  }

  private int height() {
    return TOP + blocks.stream().mapToInt(block -> 1 + block.turns().size()).sum() * ROW + 16;
  }

  private String draw() {
    svg.add("<text x=\"%d\" y=\"18\">messages per second (logarithmic scale)</text>%n", LEFT);
    addLegend("this library", SDK, 0);
    addLegend("raw sockets", RAW, 1);
    addLegend("other clients", OTHERS, 2);
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

  private void addLegend(String label, String colour, int place) {
    int x = LEFT + place * LEGEND_GAP;
    svg.add(
        "<rect x=\"%d\" y=\"28\" width=\"%d\" height=\"%d\" fill=\"%s\"/>%n",
        x, LEGEND_BOX, LEGEND_BOX, colour);
    svg.add("<text x=\"%d\" y=\"39\">%s</text>%n", x + LEGEND_BOX + 6, label);
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

  private static String colour(MessageKind kind) {
    if (kind.isSdk()) {
      return SDK;
    }
    return kind == MessageKind.RAW || kind == MessageKind.RAW_ENCODING ? RAW : OTHERS;
  }

  private double x(double value) {
    double part = (Math.log10(value) - lowest) / (highest - lowest);
    return LEFT + part * (WIDTH - LEFT - RIGHT);
  }
}
