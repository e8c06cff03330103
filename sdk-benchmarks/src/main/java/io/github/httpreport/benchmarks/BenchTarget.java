package io.github.httpreport.benchmarks;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A figure that is to be reached.
 *
 * @param name what it is
 * @param bound what it is to be
 * @param measured what it is; null when it was not measured
 */
record BenchTarget(String name, Bound bound, @Nullable Summary measured) {

  BenchTarget {
    // Nothing to nothing: the server does not tell what this is the ratio of.
    if (measured != null && Double.isNaN(measured.median())) {
      measured = null;
    }
  }

  /** What became of it. */
  enum State {
    MET("met"),
    MISSED("MISSED"),
    NOT_MEASURED("not measured");

    private final String label;

    State(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  /**
   * What a figure is to be.
   *
   * @param most whether it is to be at most the limit; otherwise at least
   * @param limit itself allowed
   * @param unit stands behind figures
   */
  record Bound(boolean most, double limit, String unit) {

    static Bound atLeast(double limit, String unit) {
      return new Bound(false, limit, unit);
    }

    static Bound atMost(double limit, String unit) {
      return new Bound(true, limit, unit);
    }

    String text() {
      return (most ? "<= " : ">= ") + withUnit(limit);
    }

    String withUnit(double figure) {
      String format = Math.abs(figure) >= 100 ? "%,.0f %s" : "%.2f %s";
      return String.format(Locale.ROOT, format, figure, unit);
    }

    boolean allows(double figure) {
      return most ? figure <= limit : figure >= limit;
    }
  }

  State state() {
    if (measured == null) {
      return State.NOT_MEASURED;
    }
    return bound.allows(measured.median()) ? State.MET : State.MISSED;
  }
}
