package io.github.httpreport.examples.doctor;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The result of one step. Immutable.
 *
 * @param subject the server, or the destination, that the step looked at
 * @param step the name of the step
 * @param outcome the result
 * @param detail what was seen, in a sentence without a secret
 * @param facts the same for scripts: text, numbers and lists of text by name
 */
public record Finding(
    String subject, String step, CheckOutcome outcome, String detail, Map<String, Object> facts) {

  /** Takes a copy that keeps the order. */
  public Finding {
    facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
  }

  static Finding of(String subject, String step, CheckOutcome outcome, String detail) {
    return new Finding(subject, step, outcome, detail, Map.of());
  }

  static Finding ok(String subject, String step, String detail) {
    return of(subject, step, CheckOutcome.OK, detail);
  }

  static Finding warning(String subject, String step, String detail) {
    return of(subject, step, CheckOutcome.WARNING, detail);
  }

  static Finding failed(String subject, String step, String detail) {
    return of(subject, step, CheckOutcome.FAILED, detail);
  }

  static Finding skipped(String subject, String step, String detail) {
    return of(subject, step, CheckOutcome.SKIPPED, detail);
  }

  Finding with(String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(facts);
    more.put(name, value);
    return new Finding(subject, step, outcome, detail, more);
  }

  /** The same as a warning, where another server does the work of the one that failed. */
  Finding downgraded() {
    return hasFailed() ? new Finding(subject, step, CheckOutcome.WARNING, detail, facts) : this;
  }

  boolean hasFailed() {
    return outcome == CheckOutcome.FAILED;
  }

  boolean isProblem() {
    return outcome == CheckOutcome.FAILED || outcome == CheckOutcome.WARNING;
  }
}
