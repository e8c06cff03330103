package io.github.httpreport.examples.doctor;

import java.util.Locale;

/** The result of one step. */
public enum CheckOutcome {
  OK,
  /** Reporting works, but something will need attention. */
  WARNING,
  FAILED,
  /** An earlier failure, or the kind of server, leaves nothing to check. */
  SKIPPED;

  /** As the JSON report writes it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
