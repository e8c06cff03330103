package io.github.httpreport.benchmarks.reliability;

import io.github.httpreport.examples.cli.Table;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** A curve for people. */
final class CurveReport {

  private CurveReport() {}

  /** Prints the curve, and what is to be seen in it. */
  static void print(PrintWriter out, Curve curve) {
    int nodes = curve.samples().get(0).perSecond().length;
    Table table = new Table("r".repeat(nodes + 2) + 'l');
    String[] head = new String[nodes + 2];
    head[0] = "SECOND";
    for (int node = 0; node < nodes; node++) {
      head[node + 1] = "NODE " + node;
    }
    head[nodes + 1] = "ALL/S";
    table.row(head);
    double last = 0;
    for (Curve.CurvePoint sample : curve.samples()) {
      table.row(cells(curve, sample, last));
      last = sample.end();
    }
    table.print(out);
  }

  private static String[] cells(Curve curve, Curve.CurvePoint sample, double start) {
    double[] perSecond = sample.perSecond();
    String[] cells = new String[perSecond.length + 3];
    cells[0] = number("%.2f", sample.end());
    for (int node = 0; node < perSecond.length; node++) {
      cells[node + 1] = number("%,.0f", perSecond[node]);
    }
    cells[perSecond.length + 1] = number("%,.0f", sample.total());
    cells[perSecond.length + 2] =
        mark(start, sample.end(), curve.hole(), "node 0 answers nothing")
            + mark(start, sample.end(), curve.recoveryDue(), "two time-outs")
            + mark(start, sample.end(), curve.back(), "node 0 is back");
    return cells;
  }

  private static String mark(double start, double end, double moment, String text) {
    return start < moment && moment <= end ? text : "";
  }

  static List<RunFinding> findings(Curve curve, long failed) {
    OptionalDouble recovery = curve.recovery();
    OptionalDouble share = curve.shareRegained();
    double due = curve.recoveryDue() - curve.hole();
    return List.of(
        new RunFinding(
            recovery.isPresent() && recovery.getAsDouble() <= due,
            "throughput above 80 % of "
                + number("%,.0f calls/s", curve.levelBefore())
                + (" again " + after(recovery, "the node ceased to answer"))
                + number(", at most %.1f s allowed", due)
                + number("; lowest %,.0f calls/s", curve.lowest())),
        new RunFinding(
            share.isPresent() && share.getAsDouble() <= Curve.SHARE_SECONDS,
            "node above 80 % of its "
                + number("%,.0f calls/s", curve.shareBefore())
                + (" again " + after(share, "its return"))
                + number(", at most %.1f s allowed", Curve.SHARE_SECONDS)),
        new RunFinding(failed == 0, "calls that failed: " + failed));
  }

  private static String after(OptionalDouble seconds, String event) {
    return seconds.isPresent()
        ? number("%.2f s after ", seconds.getAsDouble()) + event
        : "at no time after " + event;
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
