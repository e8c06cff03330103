package io.github.httpreport.benchmarks.reliability;

import io.github.httpreport.benchmarks.Svg;
import java.util.Locale;

/** A curve as a picture: a line for each node and one for all, and the moments that matter. */
final class CurveChart {

  private static final int WIDTH = 1000;
  private static final int HEIGHT = 460;
  private static final int LEFT = 70;
  private static final int RIGHT = 90;
  private static final int TOP = 88;
  private static final int LABEL_ROW = 14;
  private static final int BOTTOM = 50;
  private static final int GRID_LINES = 4;
  private static final String ALL = "#808080";
  private static final String MISSING = "#d0453b";
  private static final String[] NODES = {"#d0453b", "#2f81c7", "#3a9c5f", "#c98a2b", "#8d62b8"};

  private final Curve curve;
  private final double highest;
  private final double end;
  private final Svg svg =
      new Svg("Acknowledged calls per second, of each node and of all", WIDTH, HEIGHT);

  private CurveChart(Curve curve) {
    this.curve = curve;
    highest = 1.1 * curve.samples().stream().mapToDouble(Curve.Sample::total).max().orElse(1);
    end = curve.samples().get(curve.samples().size() - 1).end();
  }

  static String of(Curve curve) {
    return new CurveChart(curve).draw();
  }

  private String draw() {
    addGrid();
    double enough = Curve.ENOUGH * curve.levelBefore();
    addLevel(enough, "80 % of before");
    addMoment(curve.hole(), "node 0 answers nothing", MISSING, 0);
    addMoment(curve.recoveryDue(), "two time-outs", ALL, 1);
    addMoment(curve.back(), "node 0 is back", "#3a9c5f", 2);
    for (int node = 0; node < curve.samples().get(0).perSecond().length; node++) {
      addCurve(node);
    }
    addCurve(-1);
    return svg.finish();
  }

  private void addGrid() {
    svg.add("<text x=\"%d\" y=\"18\">calls per second</text>%n", LEFT);
    for (int i = 0; i <= GRID_LINES; i++) {
      double value = highest / 1.1 * i / GRID_LINES;
      addLine(value, String.format(Locale.ROOT, "%,.0f", value), "stroke-opacity=\"0.3\"");
    }
    double step = end > 60 ? 10 : end > 20 ? 5 : 1;
    for (double second = 0; second <= end; second += step) {
      svg.add(
          "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" font-size=\"11\">%.0f s</text>%n",
          x(second), HEIGHT - BOTTOM + 18, second);
    }
  }

  private void addLine(double value, String label, String style) {
    svg.add(
        "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#808080\" %s/>%n",
        LEFT, y(value), WIDTH - RIGHT, y(value), style);
    svg.add(
        "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\" font-size=\"11\">%s</text>%n",
        LEFT - 6, y(value) + 4, label);
  }

  /** A level whose label stands above it on the right, away from those of the scale. */
  private void addLevel(double value, String label) {
    svg.add(
        "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#808080\""
            + " stroke-dasharray=\"6 4\"/>%n",
        LEFT, y(value), WIDTH - RIGHT, y(value));
    svg.add(
        "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\" font-size=\"11\">%s</text>%n",
        WIDTH - RIGHT - 4, y(value) - 5, label);
  }

  /**
   * A moment.
   *
   * @param row of its label: moments may be close to each other, and labels are wide
   */
  private void addMoment(double second, String label, String colour, int row) {
    svg.add(
        "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"%s\"/>%n",
        x(second), labelY(row) - 10, x(second), HEIGHT - BOTTOM, colour);
    svg.add(
        "<text x=\"%.1f\" y=\"%d\" font-size=\"11\" fill=\"%s\">%s</text>%n",
        x(second) + 4, labelY(row), colour, label);
  }

  private static int labelY(int row) {
    return TOP - LABEL_ROW * (3 - row);
  }

  /** The curve of a node, or of all when the number is below 0. */
  private void addCurve(int node) {
    StringBuilder points = new StringBuilder();
    for (Curve.Sample sample : curve.samples()) {
      double value = node < 0 ? sample.total() : sample.perSecond()[node];
      points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(sample.end()), y(value)));
    }
    String colour = node < 0 ? ALL : NODES[node % NODES.length];
    svg.add(
        "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%s\"/>%n",
        points.toString().strip(), colour, node < 0 ? "2.5" : "1.5");
    svg.add(
        "<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>%n",
        WIDTH - RIGHT + 8, TOP + 16 * (node + 1), colour, node < 0 ? "all" : "node " + node);
  }

  private double x(double second) {
    return LEFT + second / end * (WIDTH - LEFT - RIGHT);
  }

  private double y(double value) {
    return HEIGHT - BOTTOM - value / highest * (HEIGHT - BOTTOM - TOP);
  }
}
