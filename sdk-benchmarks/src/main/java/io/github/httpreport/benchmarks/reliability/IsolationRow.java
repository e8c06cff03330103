package io.github.httpreport.benchmarks.reliability;

import java.util.Locale;

/**
 * What healthy groups got beside dead ones, and what they get alone.
 *
 * @param queueFull whether their own nodes answered code 114 to a twentieth
 */
record IsolationRow(
    CallKind way,
    NodeFailure death,
    boolean queueFull,
    GroupLoad.Delivered alone,
    GroupLoad.Delivered beside) {

  /** Which part of the rate that they have alone is enough. */
  static final double ENOUGH = 0.95;

  /** How many times as long as alone a message may take. */
  static final double MAX_SLOWDOWN = 2;

  boolean holds() {
    // Without a figure for the healthy groups alone there is nothing to compare with.
    return Double.isFinite(alone.p99Millis())
        && beside.perSecond() >= ENOUGH * alone.perSecond()
        && beside.p99Millis() <= MAX_SLOWDOWN * alone.p99Millis();
  }

  String[] cells() {
    return new String[] {
      way.label(),
      death.label() + ", " + death.perSecond() + "/s",
      queueFull ? "5 %" : "none",
      number(alone.perSecond()),
      number(beside.perSecond()),
      number(alone.p99Millis()),
      number(beside.p99Millis()),
      holds() ? "" : "MISSED"
    };
  }

  private static String number(double value) {
    return Double.isInfinite(value) ? "never" : String.format(Locale.ROOT, "%,.1f", value);
  }
}
